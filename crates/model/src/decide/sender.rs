//! Who is writing? Identity is From; Reply-To says where answers go (A92). A From line proves nothing by itself.

use super::Deliberation;
use super::notify::By;
use crate::facts::{FactError, Site};
use crate::letter;
use crate::site::Role;
use crate::types::{Party, Person, Trust, folded_name};
use postern_mail::address::{self, Address, address_key, bare};

/// The sender as From names them.
pub(super) struct Sender {
    /// Who, where From has an address.
    pub(super) party: Option<Party>,
    /// The person of that address, where there is one.
    pub(super) person: Option<Person>,
    /// Where an automatic answer goes: Reply-To, else From; `None`: nowhere.
    pub(super) answer_to: Option<Party>,
    /// Whether somebody whom the site believes vouches for From.
    pub(super) vouched: bool,
    /// Whether they said themselves that they wrote it, when they were asked (E6).
    pub(super) confirmed: bool,
    /// Whether a person looked at the mail and let it in.
    pub(super) released: bool,
}

impl Sender {
    /// How sure we are: `answers_us` when it answers a mail of ours by an id that only its receivers know.
    pub(super) fn trust(&self, answers_us: bool) -> Trust {
        match () {
            () if self.party.is_none() => Trust::None,
            () if self.vouched => Trust::Authenticated,
            () if answers_us || self.confirmed => Trust::Token,
            () => Trust::Claimed,
        }
    }

    /// What they need to count as who From says they are.
    pub(super) fn needed(&self, site: &Site) -> Trust {
        site.trust.needed(if self.claims_staff() { self.person.as_ref().map_or(Role::Guest, |p| p.role) } else { Role::Guest })
    }

    /// Whether being vouched for is what they need. A signature would be more, and nothing gives that yet.
    pub(super) fn is_vouched_enough(&self, site: &Site) -> bool {
        self.vouched && self.needed(site) <= Trust::Authenticated
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

/// Whether somebody may open tickets for others by forwarding their mail (A134): whoever works here. Resent-From, of which
/// nothing is ever verified, shows no more than that; who forges it gains nothing that they cannot have more simply, by writing
/// in the other's own name.
pub(super) fn may_open_for_others(person: Option<&Person>) -> bool {
    person.is_some_and(Person::is_staff)
}

/// Reads the sender off the message.
pub(super) fn identify(d: &mut Deliberation<'_>) -> Result<Sender, FactError> {
    let message = d.arrival.message;
    let Some(named) = message.author() else {
        return Ok(Sender { party: None, person: None, answer_to: None, vouched: false, confirmed: false, released: false });
    };
    let behind = behind(d, named)?;
    let vouched = d.vouched && behind.is_none();
    let author = behind.as_ref().unwrap_or(named);
    let address = author.key();
    let person = d.facts.person(&address)?;
    let name = match &person {
        Some(p) if !p.name.is_empty() => p.name.clone(),
        _ => author.name.clone(),
    };
    let name = own_name(d, name, person.as_ref())?;
    let party = Party { person: person.as_ref().map(|p| p.id), address, name };
    let answer_to = match message.reply_to.first() {
        Some(reply_to) if reply_to.key() != party.address => {
            let address = reply_to.key();
            let person = d.facts.person(&address)?.map(|person| person.id);
            Party { person, address, name: party.name.clone() }
        }
        _ => party.clone(),
    };
    let (confirmed, released) = (d.arrival.confirmed, d.arrival.released);
    Ok(Sender { party: Some(party), person, answer_to: Some(answer_to), vouched, confirmed, released })
}

/// The name under which others are told of the sender: none where it is that of one of us and they are not; their address stands
/// for it then.
fn own_name(d: &mut Deliberation<'_>, name: String, person: Option<&Person>) -> Result<String, FactError> {
    let folded = folded_name(&name);
    if folded.is_empty() || person.is_some_and(Person::is_staff) {
        return Ok(name);
    }
    let mut named = d.facts.staff_named(&folded)?;
    for address in name.split_whitespace().filter(|word| word.contains('@')).take(1) {
        named.extend(
            d.facts.person(&address_key(bare(address).unwrap_or(address)))?.filter(Person::is_staff).map(|person| person.id),
        );
    }
    if named.is_empty() || person.is_some_and(|person| named.contains(&person.id)) {
        return Ok(name);
    }
    let shown = letter::bounded(&name);
    d.note("sender", format!("the sender's name is that of one of us: {shown}; others see the address instead"));
    d.desk.marks.push(format!("The sender calls themselves {shown}, as one of us, and is not."));
    Ok(String::new())
}

/// Who stands behind a web form or a mailing list that put itself into From, where the site knows it (A92, A103). Never somebody who
/// works here: that is hearsay, and gives them nothing.
fn behind(d: &mut Deliberation<'_>, named: &Address) -> Result<Option<Address>, FactError> {
    let (message, trust) = (d.arrival.message, &d.facts.site().trust);
    let (what, author) = if trust.contact_forms.contains(&named.key()) {
        ("a web form", message.reply_to.first().cloned())
    } else if d.vouched && is_known_list(d, named) {
        let left = message.header("X-Original-From").map(address::parse_list).unwrap_or_default().into_iter().next();
        ("a mailing list", left.or_else(|| message.reply_to.first().cloned()))
    } else {
        return Ok(None);
    };
    let Some(author) = author.filter(|author| author.key() != named.key() && author.key().contains('@')) else { return Ok(None) };
    let ours = d.facts.site().own_address(&author.key()).is_some();
    if ours || d.facts.person(&author.key())?.is_some_and(|person| person.is_staff()) {
        d.note("sender", format!("{what} names {}, which is not taken: it is one of us", author.key()));
        return Ok(None);
    }
    d.note("sender", format!("From is {what}; {} wrote it, as it says", author.key()));
    Ok(Some(author))
}

/// The List-Id of a list that the site knows (RFC 2919), in lower case. Anybody may write one.
pub(super) fn known_list(d: &Deliberation<'_>) -> Option<String> {
    let (id, _) = d.arrival.message.header("List-Id")?.rsplit_once('<')?.1.split_once('>')?;
    let id = id.trim().to_ascii_lowercase();
    d.facts.site().trust.mailing_lists.iter().any(|known| known.trim().eq_ignore_ascii_case(&id)).then_some(id)
}

/// Whether a list that the site knows wrote it: anybody may name a list, so the domain that is vouched for must be the list's own, or
/// one above it.
fn is_known_list(d: &mut Deliberation<'_>, named: &Address) -> bool {
    let Some(id) = known_list(d) else { return false };
    let key = named.key();
    let domain = key.rsplit_once('@').map_or("", |(_, domain)| domain);
    let covers = id.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    let own = covers && domain.split('.').filter(|label| !label.is_empty()).nth(1).is_some();
    if !own {
        d.note("sender", format!("it says that it comes by the list {id}, and {domain} is not that list's domain: not believed"));
    }
    own
}
