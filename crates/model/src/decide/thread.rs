//! Which ticket is it? Option, own signed Message-ID, stored Message-ID, subject tag, in this order (A61). Finding a
//! ticket gives no authority (A64); what the sender may do there is decided elsewhere.

use super::Deliberation;
use super::elsewhere::Elsewhere;
use super::extension;
use super::place::addressees;
use super::sender::Sender;
use super::standing::is_participant;
use super::token;
use crate::decision::RefKind;
use crate::facts::{FactError, Variant};
use crate::types::{Person, Ticket, WatchRole};
use postern_mail::ident::{self, Audience, OwnId};
use postern_mail::subject;
use postern_mail::token::{Purpose, verify};

/// How many named Message-IDs are looked up, from the nearest parent on.
const MAX_LOOKUPS: usize = 20;
/// The longest footer of a list, in lines.
const MAX_FOOTER: usize = 15;

/// What the message says of its ticket.
#[derive(Default)]
pub(super) struct Found {
    /// The ticket, merges followed.
    pub(super) ticket: Option<Ticket>,
    /// How it was found, for people.
    pub(super) how: String,
    /// The nearest Message-ID of our own that it answers and that was a mail.
    pub(super) own: Option<OwnId>,
    /// Whether that mail was on this ticket, or on one that was merged into it.
    pub(super) own_is_here: bool,
    /// Whether that mail went to this very sender: nobody else knows its id, unless they were told.
    pub(super) own_was_theirs: bool,
    /// The ticket of a reply token that was made for this very sender.
    pub(super) token: Option<u64>,
    /// Whether it answers something that customers must not see (A154).
    pub(super) internal: bool,
    /// A number in a tag of ours that names no ticket (A57).
    pub(super) unknown_tag: Option<u64>,
    /// Whether it answers the transcript of a mail about the ticket, which went to this very sender.
    pub(super) transcript: bool,
    /// Whether it names a ticket by a number, which anybody can guess: in a tag, or in an address.
    pub(super) names_number: bool,
    /// Whether it names other tickets, too.
    pub(super) contradicted: bool,
}

impl Found {
    /// Whether it shows that it answers a mail of ours on this ticket to its sender. What went to others shows nothing: they may
    /// have passed it on.
    pub(super) fn answers_us(&self) -> bool {
        self.own_was_theirs || self.token.is_some() || self.transcript
    }

    /// The same for somebody who does not work here: what they had as a technician, once, lets them in no more.
    pub(super) fn answers_us_as_customer(&self) -> bool {
        self.answers_us() && !(self.token.is_none() && self.answers_staff_mail())
    }

    /// Whether it answers a mail that went to its sender as staff, and to staff alone.
    pub(super) fn answers_staff_mail(&self) -> bool {
        let to_staff = |id: &OwnId| matches!(id.audience, Audience::Staff | Audience::Comments);
        self.transcript || (self.own_was_theirs && self.own.as_ref().is_some_and(to_staff))
    }
}

/// Finds the ticket.
pub(super) fn find(d: &mut Deliberation<'_>, sender: &Sender) -> Result<Found, FactError> {
    let mut found = Found::default();
    if let Some(number) = d.transcript_of {
        found.transcript = candidate(d, &mut found, number, format!("it answers the transcript of a mail about #{number}"))?;
    }
    if let Some(number) = d.arrival.route.ticket {
        found.names_number = true;
        candidate(d, &mut found, number, format!("the pipe's option or extension names #{number}"))?;
    }
    if let Some(extension) = extension::counting(d) {
        found.names_number = true;
        candidate(d, &mut found, extension.ticket, format!("its address names #{}", extension.ticket))?;
    }
    read_token(d, sender, &mut found)?;
    let parents = read_parents(d, sender, &mut found)?;
    for (number, how) in parents.stored {
        candidate(d, &mut found, number, how)?;
    }
    let tags = subject::ticket_tags(&d.arrival.message.subject, &d.facts.site().tag_names());
    found.names_number |= !tags.is_empty();
    for number in tags {
        let known = candidate(d, &mut found, number, format!("its subject has our tag for #{number}"))?;
        if !known {
            found.unknown_tag.get_or_insert(number);
        }
    }
    if let (Some(ticket), Some(number)) = (&found.ticket, found.token) {
        found.token = d.facts.ticket(number)?.filter(|meant| meant.number == ticket.number).map(|meant| meant.number);
    }
    match (&found.ticket, found.own) {
        (None, _) => d.note("ticket", "nothing names a ticket"),
        (Some(ticket), Some(own)) => {
            let meant = d.facts.ticket(own.ticket)?;
            found.own_is_here = meant.is_some_and(|t| t.number == ticket.number);
            if let Some(address) = sender.address().filter(|_| found.own_is_here) {
                found.own_was_theirs = d.facts.was_mailed(own, address)?;
            }
        }
        (Some(_), None) => {}
    }
    // A technician may mean whoever reads transcripts: nobody but staff.
    found.internal = answers_internal(d, &found, &parents.mails)? || (found.transcript && sender.claims_staff());
    if extension::counting(d).is_some() {
        d.contradicted = found.contradicted || extension::name_others(d, found.ticket.as_ref())?;
    }
    Ok(found)
}

/// Reads the reply tokens of the addresses that it was sent to (A48, E5). Whose it is, it lets in; in the hands of others
/// it names a ticket and no more.
fn read_token(d: &mut Deliberation<'_>, sender: &Sender, found: &mut Found) -> Result<(), FactError> {
    let route = d.arrival.route;
    let envelope = route.recipient.iter().chain(&route.original).cloned();
    let addresses: Vec<String> = envelope.chain(addressees(d).map(|a| a.key())).collect();
    let reply = |address: &String| {
        let token = token::in_address(address).filter(|t| t.purpose == Purpose::Reply)?;
        Some((token, d.facts.site().own_address(address)?.address.clone()))
    };
    let Some((token, base)) = addresses.iter().find_map(reply) else { return Ok(()) };
    found.names_number = true;
    let mut theirs: Vec<&str> = sender.address().into_iter().collect();
    theirs.extend(sender.person.as_ref().map(|p| p.address.as_str()));
    let known = candidate(d, found, token.number, format!("its address has a reply token of #{}", token.number))?;
    let theirs = theirs.iter().map(|address| token::bound(address, &base));
    if known && theirs.into_iter().any(|bound| verify(&d.facts.site().keys, &token, &bound)) {
        found.token = Some(token.number);
    } else {
        d.note("sender", "the reply token in its address was not made for this sender: an outsider");
    }
    Ok(())
}

/// What the named Message-IDs are, nearest first.
#[derive(Default)]
struct Parents {
    /// Tickets that stored ids name, and how.
    stored: Vec<(u64, String)>,
    /// Mails of tickets, and whether each was internal.
    mails: Vec<(u64, bool)>,
}

/// Goes through the mails that it answers, nearest first. Our own ids name tickets at once; what stored ids name is
/// returned, for they come second (A61).
fn read_parents(d: &mut Deliberation<'_>, sender: &Sender, found: &mut Found) -> Result<Parents, FactError> {
    let mut read = Parents::default();
    let mut lookups = 0;
    for id in parents(d) {
        if let Some(own) = ident::read(&d.facts.site().keys, &id) {
            candidate(d, found, own.ticket, format!("it answers a mail of ours on #{}", own.ticket))?;
            if own.audience != Audience::Root {
                found.own.get_or_insert(own);
                read.mails.push((own.ticket, matches!(own.audience, Audience::Comments | Audience::Readers)));
            }
        } else if lookups < MAX_LOOKUPS {
            lookups += 1;
            let nearest = read.stored.is_empty();
            for (number, kind) in countable(d, sender, &id)? {
                let what = if kind == RefKind::Named { "which is named on" } else { "a mail of" };
                if kind != RefKind::Named {
                    read.mails.push((number, kind == RefKind::Internal));
                }
                if nearest {
                    read.stored.push((number, format!("it answers <{id}>, {what} #{number}")));
                }
            }
        }
    }
    Ok(read)
}

/// Whether the nearest mail of this ticket that it answers was internal (A154). Mails of other tickets, and ids that are
/// only named, decide nothing.
fn answers_internal(d: &Deliberation<'_>, found: &Found, mails: &[(u64, bool)]) -> Result<bool, FactError> {
    let Some(chosen) = &found.ticket else { return Ok(false) };
    for (number, internal) in mails {
        if *number == chosen.number || d.facts.ticket(*number)?.is_some_and(|t| t.number == chosen.number) {
            return Ok(*internal);
        }
    }
    Ok(false)
}

/// The tickets that know a stored id. Ids that a ticket only names count for its participants alone, in mail that goes to its
/// requestor, too: naming other people's ids, and them in Cc, captures nothing (A71).
fn countable(d: &mut Deliberation<'_>, sender: &Sender, id: &str) -> Result<Vec<(u64, RefKind)>, FactError> {
    let mut countable = Vec::new();
    for (number, kind) in d.facts.tickets_of(id)? {
        if kind == RefKind::Named && !may_claim(d, sender, number)? {
            d.note("ticket", format!("#{number} does not count: it only names <{id}>, and the sender has no part in it"));
        } else {
            countable.push((number, kind));
        }
    }
    Ok(countable)
}

/// The Message-IDs that it answers, nearest first, each once.
fn parents(d: &Deliberation<'_>) -> Vec<String> {
    let message = d.arrival.message;
    let mut ids: Vec<String> = Vec::new();
    for id in message.in_reply_to.iter().chain(message.references.iter().rev()) {
        if !ids.contains(id) && *id != message.message_id {
            ids.push(id.clone());
        }
    }
    ids
}

fn may_claim(d: &Deliberation<'_>, sender: &Sender, number: u64) -> Result<bool, FactError> {
    match d.facts.ticket(number)? {
        Some(ticket) => Ok(is_participant(d, sender, &ticket)? && is_for_the_requestor(d, sender, &ticket)?),
        None => Ok(false),
    }
}

/// Whether the requestor wrote it, or has it anyway: is in To or Cc. A ticket without one has nobody to whom it could be disclosed.
fn is_for_the_requestor(d: &Deliberation<'_>, sender: &Sender, ticket: &Ticket) -> Result<bool, FactError> {
    let watchers = d.facts.watchers(ticket.number)?;
    let mut requestors = watchers.iter().filter(|(role, _)| *role == WatchRole::Requestor).peekable();
    let has = |person: &Person| {
        let theirs = sender.person.as_ref().is_some_and(|sender| sender.id == person.id);
        theirs || sender.address() == Some(&person.address) || addressees(d).any(|address| address.key() == person.address)
    };
    Ok(requestors.peek().is_none() || requestors.any(|(_, person)| has(person)))
}

/// Notes a candidate; the first that exists is the ticket. Returns whether it exists.
fn candidate(d: &mut Deliberation<'_>, found: &mut Found, number: u64, how: String) -> Result<bool, FactError> {
    if let Some(ticket) = &found.ticket
        && ticket.number == number
    {
        return Ok(true);
    }
    let Some(ticket) = d.facts.ticket(number)? else {
        d.note("ticket", format!("{how}, which does not exist"));
        return Ok(false);
    };
    match &found.ticket {
        None => {
            let via = if ticket.number == number { String::new() } else { format!(", merged into #{}", ticket.number) };
            d.note("ticket", format!("#{}: {how}{via}", ticket.number));
            found.how = format!("{how}{via}");
            found.ticket = Some(ticket);
        }
        Some(chosen) if chosen.number != ticket.number => {
            let chosen = chosen.number;
            found.contradicted = true;
            d.note("ticket", format!("#{} loses: {how}, but #{chosen} has the stronger sign", ticket.number));
        }
        Some(_) => {}
    }
    Ok(true)
}

/// The ticket that took in the same message with other trailing lines: a list's copy of it, say.
pub(super) fn variant_of(d: &Deliberation<'_>) -> Result<Option<Elsewhere>, FactError> {
    let message = d.arrival.message;
    let Some(author) = message.author() else { return Ok(None) };
    if message.synthetic_id {
        return Ok(None);
    }
    let key = author.key();
    // A list puts its name in front of the subject.
    let same_subject = |v: &Variant| v.subject.ends_with(&message.subject) || message.subject.ends_with(&v.subject);
    let same = |v: &Variant| v.from == key && same_subject(v) && same_but_for_a_footer(&v.text, &message.text);
    let found = d.facts.variants(&message.message_id)?.into_iter().find(same);
    Ok(found.map(|v| Elsewhere { ticket: v.ticket, created: v.created, internal: v.internal }))
}

/// Whether one text is the other with a footer added: few lines that begin with a ruler.
fn same_but_for_a_footer(a: &str, b: &str) -> bool {
    let lines = |text: &str| -> Vec<String> { text.trim().lines().map(|l| l.trim_end().to_owned()).collect() };
    let (a, b) = (lines(a), lines(b));
    let (shorter, longer) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let common = shorter.len();
    let footer = longer.get(common..).unwrap_or_default();
    let begins_with_a_ruler = footer.iter().find(|line| !line.trim().is_empty()).is_none_or(|line| is_ruler(line));
    common > 0 && longer[..common] == shorter && footer.len() <= MAX_FOOTER && begins_with_a_ruler
}

fn is_ruler(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 2 && ['-', '_', '='].iter().any(|mark| line.chars().all(|c| c == *mark))
}
