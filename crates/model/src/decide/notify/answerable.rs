//! Whether a sender may get an acknowledgement (A108, A114, A117, A119).

use crate::decide::Deliberation;
use crate::decide::forward::Forward;
use crate::decide::place::addressees;
use crate::decide::sender::Sender;
use crate::effects::Effects;
use crate::facts::{FactError, Queue};
use crate::types::Person;
use postern_mail::address::{self, Address};
use postern_mail::{Envelope, ForwardSource};

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

/// Whether the original sender of a forwarded mail may get an acknowledgement: the queue says so, a person wrote it who can be
/// reached, a person forwarded it, and they had not too many already.
pub(in crate::decide) fn is_forward_answerable(
    d: &mut Deliberation<'_>,
    sender: &Sender,
    queue: &Queue,
    forward: &Forward,
) -> Result<bool, FactError> {
    let arrival = d.arrival;
    let to = &forward.requestor.address;
    let why_not = match () {
        () if !queue.acknowledge_forwarded => Some(format!("queue {} acknowledges no forwarded mail", queue.name)),
        () if !forward.answerable => Some(format!("no person at {to} wrote it, as far as can be seen")),
        () if !Effects::of(d.class()).answered => Some(format!("its class is {}", d.class().as_str())),
        () if arrival.kind.suppress_autoreply => Some("the sender wants none or is no person".into()),
        () if *arrival.envelope == Envelope::Null => Some("the envelope sender is null".into()),
        () if forward.source == ForwardSource::Resent => why_not_answerable(d, sender)?,
        () => too_many(d, to)?,
    };
    if let Some(reason) = &why_not {
        d.note("mail", format!("no acknowledgement: {reason}"));
    }
    Ok(why_not.is_none())
}

/// Whether an address had as many acknowledgements as it gets (A114).
fn too_many(d: &Deliberation<'_>, address: &str) -> Result<Option<String>, FactError> {
    let since = d.arrival.now - ACKNOWLEDGEMENT_WINDOW;
    let count = d.facts.acknowledgements_since(address, since)?;
    Ok((count >= MAX_ACKNOWLEDGEMENTS).then(|| format!("{address} had {count} in the last three hours")))
}

/// Where it was redirected, whoever did that named us in Resent-To or Resent-Cc, which count as To and Cc do. A Resent-From alone
/// counts for nothing: anybody can write one into a mail that reached us by a Bcc or an alias.
fn why_not_answerable(d: &Deliberation<'_>, sender: &Sender) -> Result<Option<String>, FactError> {
    let arrival = d.arrival;
    let site = d.facts.site();
    let Some(to) = &sender.answer_to else { return Ok(Some("there is nobody to send it to".into())) };
    let ours = |address: &str| site.own_address(address).is_some() || arrival.route.reached_by(address);
    let person = d.facts.person(&to.address)?;
    let elsewhere = sender.address() != Some(&to.address);
    let reason = match () {
        () if !Effects::of(d.class()).answered => format!("its class is {}", d.class().as_str()),
        () if arrival.kind.suppress_autoreply => "the sender wants none or is no person".into(),
        () if *arrival.envelope == Envelope::Null => "the envelope sender is null".into(),
        () if site.own_address(&to.address).is_some() => format!("{} is an address of ours", to.address),
        () if person.as_ref().is_some_and(|p| p.disabled) => format!("{} is gone", to.address),
        () if elsewhere && person.as_ref().is_some_and(Person::is_staff) => {
            format!("Reply-To is {}, who works here and did not write it", to.address)
        }
        () if !addressees(d).any(|a| ours(&a.key())) && !resent_to(d).any(|a| ours(&a.key())) => {
            "none of our addresses is in To or Cc".into()
        }
        () => return too_many(d, &to.address),
    };
    Ok(Some(reason))
}

/// Whom somebody redirected it to, where they say who they are.
fn resent_to(d: &Deliberation<'_>) -> impl Iterator<Item = Address> {
    let message = d.arrival.message;
    let fields = ["Resent-To", "Resent-Cc"].into_iter().filter(|_| message.resent_from.is_some());
    fields.flat_map(|name| message.header(name)).flat_map(address::parse_list)
}
