//! Who is writing? Identity is From; Reply-To says where answers go (A92). A From line proves nothing by itself.

use super::Deliberation;
use super::notify::By;
use crate::facts::FactError;
use crate::types::{Party, Person, Trust};

/// The sender as From names them.
pub(super) struct Sender {
    /// Who, where From has an address.
    pub(super) party: Option<Party>,
    /// The person of that address, where there is one.
    pub(super) person: Option<Person>,
    /// Where an automatic answer goes: Reply-To, else From; `None`: nowhere.
    pub(super) answer_to: Option<Party>,
}

impl Sender {
    /// How sure we are: `answers_us` when it answers a mail of ours by an id that only its receivers know.
    pub(super) fn trust(&self, answers_us: bool) -> Trust {
        match (&self.party, answers_us) {
            (None, _) => Trust::None,
            (Some(_), true) => Trust::Token,
            (Some(_), false) => Trust::Claimed,
        }
    }

    /// As whoever did what an event tells of.
    pub(super) fn by(&self) -> By<'_> {
        By { party: self.party.as_ref(), answer_to: self.answer_to.as_ref(), staff: self.claims_staff() }
    }

    /// Whether From names one of our people.
    pub(super) fn claims_staff(&self) -> bool {
        self.person.as_ref().is_some_and(Person::is_staff)
    }

    /// The name for texts.
    pub(super) fn display(&self) -> &str {
        self.party.as_ref().map_or("an unknown sender", Party::display)
    }

    /// The bare address in lower case.
    pub(super) fn address(&self) -> Option<&str> {
        self.party.as_ref().map(|p| p.address.as_str())
    }
}

/// Whether somebody may open tickets for others by forwarding their mail (A134). Today: whoever From, or Resent-From, names as
/// one of our people. Neither proves anything, but who forges them gains nothing that they cannot have more simply, by writing
/// in the other's own name: a ticket whose requestor is somebody who never wrote. Where senders are verified, this is the one
/// place to ask for it.
pub(super) fn may_open_for_others(person: Option<&Person>) -> bool {
    person.is_some_and(Person::is_staff)
}

/// Reads the sender off the message.
pub(super) fn identify(d: &Deliberation<'_>) -> Result<Sender, FactError> {
    let message = d.arrival.message;
    let Some(author) = message.author() else {
        return Ok(Sender { party: None, person: None, answer_to: None });
    };
    let address = author.key();
    let person = d.facts.person(&address)?;
    let name = match &person {
        Some(p) if !p.name.is_empty() => p.name.clone(),
        _ => author.name.clone(),
    };
    let party = Party { person: person.as_ref().map(|p| p.id), address, name };
    let answer_to = match message.reply_to.first() {
        Some(reply_to) if reply_to.key() != party.address => {
            let address = reply_to.key();
            let person = d.facts.person(&address)?.map(|person| person.id);
            Party { person, address, name: party.name.clone() }
        }
        _ => party.clone(),
    };
    Ok(Sender { party: Some(party), person, answer_to: Some(answer_to) })
}
