//! Commands by mail: who may give them, all or none, and what others see of the mail.

mod answered;
mod block;
mod command_by_mail;
mod control;
mod senders;
mod told;
mod undo;

use super::world::*;
use super::*;
use crate::decision::LetterKind;
use crate::facts::{OwnAddress, Purpose};

/// From anna, who answers a mail that went to her as staff.
pub(super) fn anna(w: &World, text: &str) -> Mail {
    let own = w.id(5, Audience::Staff);
    let mut mail = mail("anna@example.org", &format!("Subject: Re: [#5] Printer\nIn-Reply-To: <{own}>"));
    mail.text = mail.text.replace("It burns.\n", text);
    mail
}

fn transcript(d: &Decision) -> Option<(String, String)> {
    let letter = d.letters.iter().find(|letter| matches!(letter.kind, LetterKind::Transcript(_)))?;
    let scene = crate::letter::Scene { site: "example.org", place: "support", received: NOW, delivery: 7, token: "" };
    Some(crate::letter::text(letter, &scene))
}

fn own_entry(d: &Decision) -> &crate::NewEntry {
    d.changes
        .iter()
        .find_map(|c| if let Change::Entry { entry, .. } = c { Some(entry).filter(|e| e.of_event) } else { None })
        .unwrap()
}

/// What a customer would read of an answer.
fn to_carla(d: &Decision) -> Option<&str> {
    d.notices.iter().find(|n| n.to.address == CARLA).map(|n| n.text.as_str())
}

pub(super) fn text_of(d: &Decision) -> String {
    transcript(d).map(|(_, text)| text).unwrap_or_default()
}

/// A world with a control address, a second ticket, and a border that vouches for anna.
pub(super) fn desk() -> World {
    let mut w = world();
    w.site.commands.control_address = Some("control@example.org".into());
    w.site.own.push(OwnAddress { address: "control@example.org".into(), queue: None, purpose: Purpose::Control });
    w.tickets.push(Ticket { number: 7, subject: "Toner".into(), owner: None, queue: 2, ..w.tickets[0].clone() });
    w.site.trust.authserv_id = vec!["mx".into()];
    w.site.border = Some(crate::facts::Border { authserv_id: vec!["mx".into()], received_above: vec![0] });
    w
}

pub(super) fn control(from: &str, text: &str) -> Mail {
    let domain = from.split('@').nth(1).unwrap();
    let verified = format!("To: control@example.org\nAuthentication-Results: mx; dmarc=pass header.from={domain}\nSubject: do");
    let mut mail = mail(from, &verified).at("control@example.org");
    mail.text = mail.text.replace("It burns.\n", text);
    mail
}

/// Approval of ticket 5 is asked of anna.
fn asks_anna(mut w: World) -> World {
    w.approvals = vec![crate::facts::Approval { person: w.people[0].clone(), asked_by: None, answer: None }];
    w
}

fn approved(d: &Decision) -> Option<crate::Trust> {
    d.changes.iter().find_map(|c| if let Change::AnswerApproval { yes: true, trust, .. } = c { Some(*trust) } else { None })
}

/// An earlier mail of anna's that made the status what it is: entry 31 of ticket 5.
fn resolved_by_anna(mut w: World) -> World {
    let past = crate::PastChange { field: "status".into(), from: Some("open".into()), to: Some("resolved".into()) };
    let part = crate::facts::SetPart { entry: 31, ticket: 5, opened: false, wrote: true, changes: vec![past], later: vec![] };
    let set = crate::facts::EntrySet { first: 31, by: Some(1), name: "anna".into(), undone_by: None, parts: vec![part] };
    w.tickets[0].status = Status::RESOLVED;
    w.sets = vec![set];
    w
}
