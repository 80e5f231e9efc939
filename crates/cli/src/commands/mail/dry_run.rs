//! `postern mail explain -`: what would become of a mail.

use super::explain::{self, Actions, AsDelivered};
use crate::context::{self, Context};
use crate::failure::Failure;
use crate::output::table::styled;
use crate::output::text::line;
use crate::output::{self, Out, STRONG, style_of};
use jiff::Timestamp;
use postern_core::intake::{self, Delivery, Explanation, IntakeError};
use postern_core::model::{Refusal, Route};
use postern_mail::Envelope;
use postern_mail::address::bare;
use std::io;
use std::path::Path;

/// Decides about the mail on standard input, as if it had come in this way, and takes everything back. Without options
/// nothing is known of the envelope; the environment of a mail server is not looked at, because none runs this.
pub(super) fn run(context: &Context, delivery: AsDelivered) -> Result<(), Failure> {
    let config = context.config()?;
    let raw = context::read(Path::new("-"))?;
    let envelope = delivery.sender.as_deref().map_or(Envelope::Unknown, Envelope::from_text);
    let route = Route {
        queue: delivery.queue,
        actions: delivery.action.map(|Actions(actions)| actions).unwrap_or_default(),
        ticket: delivery.ticket,
        recipient: delivery.recipient.as_deref().and_then(bare).map(str::to_owned),
        default_queue: config.gateway.queue.clone(),
        authoritative: config.gateway.authoritative,
        ..Route::default()
    };
    let to = Delivery { envelope, routes: vec![route], now: Timestamp::now().as_microsecond() };
    let mut engine = context.engine()?;
    let mut explain = |to: &Delivery| intake::explain(&mut engine, &context::setting(&config), &raw, to);
    let explained = match explain(&to) {
        Err(IntakeError::Refused(Refusal::NoQueue)) => by_addressee(&raw, &to, explain)?,
        other => other?,
    };
    // One route was asked about, so there is one answer.
    let Some(explanation) = explained.first() else { return Ok(()) };
    if context.json {
        return Ok(output::json(explanation)?);
    }
    let mut out = Out::new();
    print(&mut out, explanation)?;
    Ok(out.finish()?)
}

/// Nobody said where the mail was delivered: it is taken as delivered to the first of our addresses in To and Cc. A mail
/// server always says, so postern-mailgate guesses nothing.
fn by_addressee(
    raw: &[u8],
    to: &Delivery,
    mut explain: impl FnMut(&Delivery) -> Result<Vec<Explanation>, IntakeError>,
) -> Result<Vec<Explanation>, IntakeError> {
    let message = postern_mail::parse(raw);
    for address in message.to.iter().chain(&message.cc) {
        let routes = to.routes.iter().map(|r| Route { recipient: Some(address.email.clone()), ..r.clone() }).collect();
        match explain(&Delivery { routes, ..to.clone() }) {
            Err(IntakeError::Refused(Refusal::NoSuchAddress(_))) => {}
            other => return other,
        }
    }
    Err(IntakeError::Refused(Refusal::NoQueue))
}

fn print(out: &mut Out, explanation: &Explanation) -> io::Result<()> {
    let verdict = styled(explanation.verdict, style_of(explanation.verdict));
    out.line(format!("{verdict}: {}", line(&explanation.reason)))?;
    let steps: Vec<(&str, &str)> = explanation.trail.iter().map(|step| (step.step, step.text.as_str())).collect();
    explain::print(out, &steps)?;
    if !explanation.mails.is_empty() {
        out.styled("Mails that would leave", STRONG)?;
    }
    explanation.mails.iter().try_for_each(|(to, subject)| out.line(format!("{}: {}", line(to), line(subject))))
}
