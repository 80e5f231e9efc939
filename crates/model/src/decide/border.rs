//! A probe of the border mail server comes back: it left with forged Authentication-Results in the name that the site believes
//! (A98). Were they removed, and did the border write its own?

use super::Deliberation;
use crate::decision::Change;
use crate::facts::Border;
use postern_mail::authentication::in_name_of;
use postern_mail::token::{self, Purpose};

/// What the Message-ID of such a probe begins with, and what its token is bound to.
pub const BORDER_PROBE: &str = "border-probe";

/// Judges a probe, and says what it showed; `None`: it is none.
pub(super) fn probe(d: &mut Deliberation<'_>) -> Option<String> {
    let (mark, number) = token_of(d)?;
    let seen = judge(d, &mark);
    let reason = match &seen {
        Ok(_) => "a probe of the border mail server came back: the forged results were removed, and its own are there".to_owned(),
        Err(why) => format!("a probe of the border mail server came back: {why}"),
    };
    d.changes.push(Change::BorderProbeReturned { number, seen });
    Some(reason)
}

/// The token in the Message-ID of a probe, as it was written, and its number.
fn token_of(d: &Deliberation<'_>) -> Option<(String, u64)> {
    let id = d.arrival.message.message_id.strip_prefix(BORDER_PROBE)?.strip_prefix('.')?;
    let (text, _) = id.rsplit_once('@')?;
    let token = token::read(text).filter(|token| token.purpose == Purpose::Probe)?;
    token::verify(&d.facts.site().keys, &token, BORDER_PROBE).then(|| (text.to_owned(), token.number))
}

/// What the probe shows. The forged fields have its token in them.
fn judge(d: &Deliberation<'_>, mark: &str) -> Result<Border, String> {
    let ids = &d.facts.site().trust.authserv_id;
    let names = ids.join(", ");
    let forged = in_name_of(d.arrival.message, ids).filter(|value| value.contains(mark)).count();
    match (&d.desk.authentication, forged) {
        (_, 1..) => Err(format!(
            "{forged} forged Authentication-Results in the name of {names} came through, so nothing in that name can be believed; \
             make the mail server remove them"
        )),
        (None, 0) => Err(format!(
            "it has no Authentication-Results of {names}; does the mail server write them under another name, or not for mail from here? \
             then send the probe from outside, with --via"
        )),
        (Some(found), 0) => Ok(Border { authserv_id: ids.clone(), received_above: vec![found.received_above] }),
    }
}
