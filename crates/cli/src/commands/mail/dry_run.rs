//! `postern mail explain -`: what would become of a mail.

use super::explain;
use crate::context::{self, Context};
use crate::failure::Failure;
use crate::output::table::styled;
use crate::output::text::line;
use crate::output::{self, Out, STRONG, style_of};
use jiff::Timestamp;
use postern_core::intake::{self, Delivery, Explanation};
use postern_mail::Envelope;
use std::io;
use std::path::Path;

/// Decides about the mail on standard input and takes everything back. It knows no envelope; `postern-mailgate --dry-run
/// --explain` takes one.
pub(super) fn run(context: &Context) -> Result<(), Failure> {
    let config = context.config()?;
    let raw = context::read(Path::new("-"))?;
    let route = postern_core::model::Route { queue: config.gateway.queue.clone(), ..Default::default() };
    let to = Delivery { envelope: Envelope::Unknown, routes: vec![route], now: Timestamp::now().as_microsecond() };
    let explained = intake::explain(&mut context.engine()?, &context::setting(&config), &raw, &to)?;
    // One route was asked about, so there is one answer.
    let Some(explanation) = explained.first() else { return Ok(()) };
    if context.json {
        return Ok(output::json(explanation)?);
    }
    let mut out = Out::new();
    print(&mut out, explanation)?;
    Ok(out.finish()?)
}

fn print(out: &mut Out, explanation: &Explanation) -> io::Result<()> {
    let verdict = styled(explanation.verdict, style_of(explanation.verdict));
    out.line(format!("{verdict}: {}", line(&explanation.reason)))?;
    explain::print(out, explanation.trail.iter().map(|step| (step.step, step.text.as_str())))?;
    if !explanation.mails.is_empty() {
        out.styled("Mails that would leave", STRONG)?;
    }
    explanation.mails.iter().try_for_each(|(to, subject)| out.line(format!("{}: {}", line(to), line(subject))))
}
