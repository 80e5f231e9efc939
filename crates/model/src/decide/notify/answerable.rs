//! Whether a sender may get an acknowledgement (A108, A114, A117, A119).

use crate::decide::Deliberation;
use crate::decide::forward::Forward;
use crate::decide::opening::titled;
use crate::decide::place::addressees;
use crate::decide::sender::Sender;
use crate::effects::Effects;
use crate::facts::{FactError, Queue};
use crate::types::Person;
use postern_mail::address::{self, Address};
use postern_mail::subject::bare;
use postern_mail::{Envelope, ForwardSource, classify};

const HOUR: i64 = 3_600_000_000;
/// A loop may be slow: in a week an address gets so many times what it gets in the shorter time (A114).
const LONG: i64 = 7 * 24 * HOUR;
const LONG_FACTOR: u64 = 4;
/// Acknowledgements of the same subject to one address, in the shorter time (A114).
const SAME_SUBJECT: usize = 2;

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
        () => why_not_to(d, to, forward.subject.as_deref().unwrap_or(&arrival.message.subject))?,
    };
    if let Some(reason) = &why_not {
        d.note("mail", format!("no acknowledgement: {reason}"));
    }
    Ok(why_not.is_none())
}

/// Why an address gets none, whoever wrote: nobody reads there, or it had as many automatic answers as it gets, those about the
/// same subject first (A114, A119).
fn why_not_to(d: &Deliberation<'_>, address: &str, subject: &str) -> Result<Option<String>, FactError> {
    let site = d.facts.site();
    if classify::is_unread(address) {
        return Ok(Some(format!("{address} is not read by a person")));
    }
    let (hours, answers) = (i64::from(site.brakes.hours), u64::from(site.brakes.answers));
    let long = d.facts.acknowledgements_since(address, d.arrival.now - LONG.max(hours * HOUR))?;
    if long == 0 && answers > 0 {
        return Ok(None);
    }
    let since = d.arrival.now - hours * HOUR;
    let count = d.facts.acknowledgements_since(address, since)?;
    if count >= answers {
        return Ok(Some(format!("{address} had {count} automatic answers in the last {hours} hours")));
    }
    if count >= SAME_SUBJECT as u64 {
        let names = site.tag_names();
        let title = titled(site, subject, false);
        let same = d.facts.acknowledged_subjects(address, since)?.iter().filter(|s| bare(s, &names) == title).count();
        if same >= SAME_SUBJECT {
            return Ok(Some(format!("{address} had {same} about this subject in the last {hours} hours")));
        }
    }
    Ok((long >= answers * LONG_FACTOR).then(|| format!("{address} had {long} automatic answers within a week")))
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
        () => return why_not_to(d, &to.address, &arrival.message.subject),
    };
    Ok(Some(reason))
}

/// Whom somebody redirected it to, where they say who they are.
fn resent_to(d: &Deliberation<'_>) -> impl Iterator<Item = Address> {
    let message = d.arrival.message;
    let fields = ["Resent-To", "Resent-Cc"].into_iter().filter(|_| message.resent_from.is_some());
    fields.flat_map(|name| message.header(name)).flat_map(address::parse_list)
}
