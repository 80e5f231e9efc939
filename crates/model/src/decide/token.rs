//! Mail that is meant for the program itself: a wish to hear no more of a ticket, and probes that come back.

use super::place::addressees;
use super::{Deliberation, border};
use crate::decision::{Change, Decision, EntryKind, FieldChange, NewEntry, Verdict};
use crate::facts::FactError;
use crate::types::{Party, Trust};
use postern_mail::token::{self, Purpose, Token};

/// The delimiters that mail servers know (RFC 5233 names the plus).
pub(super) const DELIMITERS: [char; 2] = ['+', '-'];

/// What a reply token is bound to: whom it was made for, and the address that it extends. So a token of an internal mail opens no
/// way to customers.
pub(super) fn bound(person: &str, base: &str) -> String {
    format!("{person}\0{base}")
}

/// The token in an address.
pub(super) fn in_address(address: &str) -> Option<Token> {
    DELIMITERS.into_iter().find_map(|delimiter| token::in_address(address, delimiter))
}

/// Carries out a probe or an unsubscription; `Err` gives the deliberation back: it is neither.
pub(super) fn carry_out(mut d: Deliberation<'_>) -> Result<Result<Decision, Deliberation<'_>>, FactError> {
    if let Some((address, number)) = probe(&d) {
        let reason = format!("a probe came back: mail to {address} with an extension reaches us");
        d.changes.push(Change::ProbeReturned { address, number });
        return Ok(Ok(d.end(Verdict::Recorded, reason, Trust::Token, None)));
    }
    if let Some(reason) = border::probe(&mut d) {
        return Ok(Ok(d.end(Verdict::Recorded, reason, Trust::Token, None)));
    }
    unsubscribe(d)
}

/// The address that a probe went to, without its extension, and the probe's number. What the mail server says was the
/// recipient counts, To only where it says nothing: that shows how the mail came here.
fn probe(d: &Deliberation<'_>) -> Option<(String, u64)> {
    let route = d.arrival.route;
    let envelope: Vec<String> = [&route.recipient, &route.original].into_iter().flatten().cloned().collect();
    let addresses = if envelope.is_empty() { addressees(d).map(|a| a.key()).collect() } else { envelope };
    addresses.iter().find_map(|address| {
        let token = in_address(address).filter(|t| t.purpose == Purpose::Probe)?;
        let own = &d.facts.site().own_address(address)?.address;
        token::verify(&d.facts.site().keys, &token, own).then(|| (own.clone(), token.number))
    })
}

/// `unsubscribe TOKEN`, as the List-Unsubscribe field of our mails has it in its link. Whoever has the token may use it: mail
/// programs send such mails from wherever they run, and it takes no more than the mails away.
fn unsubscribe(mut d: Deliberation<'_>) -> Result<Result<Decision, Deliberation<'_>>, FactError> {
    let mut words = d.arrival.message.subject.split_whitespace();
    let token = match (words.next(), words.next(), words.next()) {
        (Some(word), Some(token), None) if word.eq_ignore_ascii_case("unsubscribe") => token::read(token),
        _ => None,
    };
    let Some(token) = token.filter(|t| t.purpose == Purpose::Unsubscribe) else { return Ok(Err(d)) };
    let told = d.facts.already_told(token.number)?;
    let Some(address) = told.into_iter().find(|address| token::verify(&d.facts.site().keys, &token, address)) else {
        d.note("action", "its subject has a token to unsubscribe that is not valid");
        return Ok(Err(d));
    };
    let Some(ticket) = d.facts.ticket(token.number)? else { return Ok(Err(d)) };
    let number = ticket.number;
    let reason = format!("{address} hears no more of #{number}, by the link in a mail to them");
    if d.facts.squelched(number)?.contains(&address) {
        return Ok(Ok(d.end(Verdict::Commanded, reason, Trust::Token, Some(number))));
    }
    let person = d.facts.person(&address)?;
    let party = match &person {
        Some(person) => Party::from(person),
        None => Party { person: None, address: address.clone(), name: String::new() },
    };
    let changes = vec![FieldChange { field: "squelch".into(), from: None, to: Some(address.clone()) }];
    let entry = NewEntry { news: false, ..NewEntry::internal(EntryKind::Change, Some(party), None, changes) };
    d.changes.push(Change::Entry { ticket: number, entry });
    d.changes.push(Change::Squelch { ticket: number, address, on: true });
    Ok(Ok(d.end(Verdict::Commanded, reason, Trust::Token, Some(number))))
}
