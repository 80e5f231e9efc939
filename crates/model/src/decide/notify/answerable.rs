//! Whether a sender may get an acknowledgement (A108, A114, A117, A119).

use crate::decide::Deliberation;
use crate::decide::place::addressees;
use crate::decide::sender::Sender;
use crate::facts::FactError;
use crate::types::Person;
use postern_mail::{Class, Envelope};

/// At most so many acknowledgements to one address in this time, in microseconds (A114).
const MAX_ACKNOWLEDGEMENTS: u64 = 10;
const ACKNOWLEDGEMENT_WINDOW: i64 = 3 * 3_600_000_000;

/// Whether the sender may get an acknowledgement: a person, who can be reached, to whom we were a named addressee, and
/// who had not too many already (A108, A114, A117, A119).
pub(in crate::decide) fn is_answerable(d: &mut Deliberation<'_>, sender: &Sender) -> Result<bool, FactError> {
    let why_not = why_not_answerable(d, sender)?;
    if let Some(reason) = &why_not {
        d.note("mail", format!("no acknowledgement: {reason}"));
    }
    Ok(why_not.is_none())
}

fn why_not_answerable(d: &Deliberation<'_>, sender: &Sender) -> Result<Option<String>, FactError> {
    let arrival = d.arrival;
    let site = d.facts.site();
    let Some(to) = &sender.answer_to else { return Ok(Some("there is nobody to send it to".into())) };
    let ours = |address: &str| site.own_address(address).is_some() || arrival.route.reached_by(address);
    let person = d.facts.person(&to.address)?;
    let elsewhere = sender.address() != Some(&to.address);
    let reason = match () {
        () if arrival.kind.class != Class::Human => format!("its class is {}", arrival.kind.class.as_str()),
        () if arrival.kind.suppress_autoreply => "the sender wants none or is no person".into(),
        () if *arrival.envelope == Envelope::Null => "the envelope sender is null".into(),
        () if site.own_address(&to.address).is_some() => format!("{} is an address of ours", to.address),
        () if person.as_ref().is_some_and(|p| p.disabled) => format!("{} is gone", to.address),
        () if elsewhere && person.as_ref().is_some_and(Person::is_staff) => {
            format!("Reply-To is {}, who works here and did not write it", to.address)
        }
        () if !addressees(d).any(|a| ours(&a.key())) => "none of our addresses is in To or Cc".into(),
        () => {
            let since = arrival.now - ACKNOWLEDGEMENT_WINDOW;
            let count = d.facts.acknowledgements_since(&to.address, since)?;
            if count < MAX_ACKNOWLEDGEMENTS {
                return Ok(None);
            }
            format!("{} had {count} in the last three hours", to.address)
        }
    };
    Ok(Some(reason))
}
