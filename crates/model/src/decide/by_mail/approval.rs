//! Answers to a mail that asks for approval: its reader writes yes or no on the first line, in the words that people use. What is no
//! answer is filed, and its writer is told so: nobody is to think that they answered.

use super::{Given, brings, fold_away, is_open, merged, quoted};
use crate::act::Order;
use crate::audit::word_of;
use crate::decide::Deliberation;
use crate::decide::sender::Sender;
use crate::decide::thread::Found;
use crate::facts::{Approval, ApprovalAnswer, FactError};
use crate::script::{self, Does, Line, Source};
use crate::types::{Person, Ticket};
use postern_mail::ident::{Audience, OwnId};
use std::ops::Range;

/// Reads a mail of one of us that answers a question for their approval. Other mails are left as they are. `internal`: by its address, or
/// by what it answers.
pub(in crate::decide) fn look(
    d: &mut Deliberation<'_>,
    mut given: Given,
    (sender, found): (&Sender, &Found),
    (ticket, internal): (&Ticket, bool),
) -> Result<Given, FactError> {
    let Some((person, before)) = asked(d, sender, found, ticket)? else {
        if internal && found.own.is_none() && is_open(d) && given.script.is_empty() {
            beside(d, &mut given, sender, ticket)?;
        }
        return Ok(given);
    };
    let open = before.is_none();
    if open {
        given.script.lines.iter_mut().for_each(declines);
    }
    let answers = |line: &Line| matches!(&line.does, Does::Orders { orders, .. } if orders.iter().any(is_answer));
    if !given.script.lines.iter().any(answers) {
        given = by_its_words(d, given, open, ticket.number)?;
    }
    given.answers = given.script.lines.iter().any(answers);
    if given.answers {
        d.note("command", format!("{} answers on the approval of #{}", word_of(&person), ticket.number));
    }
    Ok(given)
}

/// Whose approval the mail was asked for that this one answers, and what they said to it before.
fn asked(
    d: &Deliberation<'_>,
    sender: &Sender,
    found: &Found,
    ticket: &Ticket,
) -> Result<Option<(Person, Option<ApprovalAnswer>)>, FactError> {
    let ours = found.own.filter(|own| matches!(own.audience, Audience::Comments | Audience::Staff));
    let (Some(own), Some(person), true) = (ours, &sender.person, found.own_was_theirs && is_open(d)) else { return Ok(None) };
    // An answer to what is no comment is mostly one to the customer: looked up only where it begins like an answer to the question.
    let answers = || first_line(d).is_some_and(|(_, line)| said(line.trim_start_matches('!')) != Said::Neither);
    if own.audience == Audience::Staff && !answers() {
        return Ok(None);
    }
    let approvals = d.facts.approvals(ticket.number)?;
    let Some(approval) = approvals.into_iter().find(|approval| approval.person.id == person.id) else { return Ok(None) };
    Ok(asks(d, own, &approval.person)?.then_some((approval.person, approval.answer)))
}

/// An internal mail that answers no mail of ours, as mail programs write it that lose what an answer answers: were it an answer to the
/// question, its writer would wait in vain.
fn beside(d: &mut Deliberation<'_>, given: &mut Given, sender: &Sender, ticket: &Ticket) -> Result<(), FactError> {
    let (Some(person), Some((_, line))) = (&sender.person, first_line(d)) else { return Ok(()) };
    if said(&line) == Said::Neither {
        return Ok(());
    }
    let mine = |known: &Approval| known.person.id == person.id && known.answer.is_none();
    if d.facts.approvals(ticket.number)?.iter().any(mine) {
        let wrong = "you are asked for your approval, but nothing shows that this answers the mail that asks for it".to_owned();
        let cure = "write !accept or !decline, and behind it what is to stay on record".to_owned();
        refuse(given, &line, (wrong, cure));
    }
    Ok(())
}

/// Says that a line did not count; the text stays inside, where it belongs.
fn refuse(given: &mut Given, line: &str, (wrong, cure): (String, String)) {
    given.script.refused = Some(Line { said: script::shown(line), does: Does::Wrong { wrong, cure } });
    given.script.hushes = true;
}

/// Whether what a mail of ours tells of is that somebody is asked for their approval, or asked again.
fn asks(d: &Deliberation<'_>, own: OwnId, person: &Person) -> Result<bool, FactError> {
    let Some(set) = i64::try_from(own.event).ok().map(|entry| d.facts.set_of(entry)).transpose()?.flatten() else {
        return Ok(false);
    };
    let word = word_of(person);
    Ok(set.parts.iter().flat_map(|part| &part.changes).any(|change| match change.field.as_str() {
        "approvers" => change.to.as_deref() == Some(word),
        "approval" => change.to.is_none() && change.from.as_deref().is_some_and(|said| said.split(' ').next() == Some(word)),
        _ => false,
    }))
}

fn is_answer(order: &Order) -> bool {
    matches!(order.command.as_str(), "accept" | "decline")
}

/// Who was asked, has not answered, and writes `!reject` says no; they do not mean the ticket's status.
fn declines(line: &mut Line) {
    if let Does::Orders { tickets, orders } = &mut line.does
        && tickets.is_empty()
    {
        for order in orders.iter_mut().filter(|order| order.command == "reject") {
            *order = Order::verb("decline", order.value.clone());
        }
    }
}

/// Takes the first line as the answer, if it is one; else says that none was given.
fn by_its_words(d: &mut Deliberation<'_>, mut given: Given, open: bool, ticket: u64) -> Result<Given, FactError> {
    let Some((place, line)) = first_line(d) else { return Ok(given) };
    let order = match said(&line) {
        Said::Yes(remark) => Order::verb("accept", remark),
        Said::No(remark) => Order::verb("decline", remark),
        Said::Neither if open && given.script.is_empty() => {
            let wrong = "this does not answer the question for your approval, which is still open".to_owned();
            let cure = "write accept or decline on the first line, and behind it what is to stay on record".to_owned();
            refuse(&mut given, &line, (wrong, cure));
            return Ok(given);
        }
        Said::Neither => return Ok(given),
    };
    let signed = lines(d, |lines| script::is_signature(lines.filter(|(at, _)| at.start > place.start).map(|(_, line)| line)));
    given.script.refused = None;
    given
        .script
        .lines
        .insert(0, Line { said: script::shown(&line), does: Does::Orders { tickets: Vec::new(), orders: vec![order] } });
    given.script.places = merged([&given.script.places, &[place]]);
    given.alone = fold_away(d, &given.script, Some(ticket))? || (signed && !brings(d, d.folds(), Some(ticket))?);
    Ok(given)
}

/// The first new line of a mail that is no greeting.
fn first_line(d: &Deliberation<'_>) -> Option<(Range<usize>, String)> {
    let greets = |line: &str| line.ends_with([',', ':']) && said(line) == Said::Neither;
    lines(d, |lines| {
        let mut lines = lines.peekable();
        lines.next_if(|(_, line)| greets(line));
        lines.next().map(|(place, line)| (place, line.to_owned()))
    })
}

/// Looks at the new lines of a mail.
fn lines<T>(d: &Deliberation<'_>, look: impl FnOnce(&mut dyn Iterator<Item = (Range<usize>, &str)>) -> T) -> T {
    let message = d.arrival.message;
    let text = message.added_from.and_then(|at| message.text.get(..at)).unwrap_or(&message.text);
    let old = merged([d.folds(), &message.folds, &quoted(d, text)]);
    look(&mut script::new_lines_of(&Source { text, old: &old, plain: true, last: false }))
}

/// What a line says to a question, and what stands behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    Yes(String),
    No(String),
    Neither,
}

/// Words that are an answer whatever stands behind them: yes, then no.
const PLAIN: [&[&str]; 2] = [
    &["accept", "accepted", "i accept", "approve", "approved", "i approve", "sign-off"],
    &["decline", "declined", "i decline", "reject", "rejected", "i reject", "deny", "denied", "disapprove", "disapproved"],
];

/// Words with which other sentences begin, too, in four languages: they are an answer if nothing follows, or a sign that ends them.
const ALONE: [&[&str]; 2] = [
    &[
        "yes",
        "ok",
        "okay",
        "agreed",
        "ja",
        "genehmigt",
        "angenommen",
        "einverstanden",
        "akzeptiert",
        "freigegeben",
        "ich stimme zu",
        "oui",
        "accepté",
        "accepte",
        "j'accepte",
        "approuvé",
        "d'accord",
        "sí",
        "si",
        "acepto",
        "aceptado",
        "apruebo",
        "aprobado",
        "de acuerdo",
    ],
    &[
        "no",
        "refused",
        "nein",
        "abgelehnt",
        "ich lehne ab",
        "nicht genehmigt",
        "non",
        "refusé",
        "refuse",
        "je refuse",
        "rejeté",
        "décliné",
        "rechazo",
        "rechazado",
        "denegado",
    ],
];

/// What may follow a yes and changes nothing.
const POLITE: &[&str] =
    &["please", "bitte", "gern", "gerne", "merci", "gracias", "thanks", "thank you", "danke", "from me", "of course"];

/// What makes a yes one that is none.
const CONDITIONS: &[&str] = &[
    "but",
    "if",
    "only",
    "unless",
    "not",
    "aber",
    "wenn",
    "falls",
    "nur",
    "nicht",
    "mais",
    "sauf",
    "seulement",
    "pas",
    "pero",
    "solo",
    "sólo",
    "salvo",
];

/// Reads the first line of an answer.
fn said(line: &str) -> Said {
    let line = line.trim().trim_matches(['*', '_', '"', '“', '”', '\'', '`']).trim();
    // Who asks back has not answered.
    if line.ends_with('?') {
        return Said::Neither;
    }
    let lower = line.to_lowercase().replace('’', "'");
    let behind = |word: &str| {
        let rest = lower
            .strip_prefix(word)
            .filter(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '\'')))?;
        line.get(line.len().checked_sub(rest.len())?..)
    };
    let signs = |c: char| c.is_whitespace() || matches!(c, '.' | ',' | ';' | ':' | '!' | '-' | '–' | '—');
    for (answer, words) in PLAIN.iter().enumerate() {
        if let Some(rest) = words.iter().find_map(|word| behind(word)) {
            let remark = rest.trim_start_matches(signs);
            return if answer == 0 && is_doubt(rest, remark) { Said::Neither } else { of(answer == 0, remark) };
        }
    }
    for (answer, words) in ALONE.iter().enumerate() {
        let Some(rest) = words.iter().find_map(|word| behind(word)) else { continue };
        let remark = rest.trim_start_matches(signs);
        let polite = POLITE.contains(&remark.trim_end_matches(signs).to_lowercase().as_str());
        let ends = rest.trim_start().chars().next().is_none_or(|c| signs(c) && !(c == '-' && rest.starts_with('-')));
        return match ends || polite {
            true if answer == 0 && is_doubt(rest, remark) => Said::Neither,
            true => of(answer == 0, remark),
            false => Said::Neither,
        };
    }
    Said::Neither
}

/// Whether what stands behind a yes makes it none: it asks back (`Approved? By whom?`), or names a condition.
fn is_doubt(rest: &str, remark: &str) -> bool {
    let first = remark.split_whitespace().next().unwrap_or_default().trim_end_matches(',').to_lowercase();
    rest.trim_start().starts_with('?') || CONDITIONS.contains(&first.as_str())
}

fn of(yes: bool, remark: &str) -> Said {
    let remark = remark.trim().to_owned();
    if yes { Said::Yes(remark) } else { Said::No(remark) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b4_words_say_yes_and_no_to_a_question_for_approval() {
        for (line, remark) in [
            ("accept", ""),
            ("Accept.", ""),
            ("ACCEPT!", ""),
            ("*accept*", ""),
            ("accept within the budget", "within the budget"),
            ("Accepted, within the budget", "within the budget"),
            ("I approve", ""),
            ("approve: fine", "fine"),
            ("OK", ""),
            ("ok.", ""),
            ("Yes", ""),
            ("Yes, go ahead", "go ahead"),
            ("yes please", "please"),
            ("Ja", ""),
            ("Ja, gerne", "gerne"),
            ("Genehmigt.", ""),
            ("Oui", ""),
            ("D’accord.", ""),
            ("Sí", ""),
            ("Acepto", ""),
        ] {
            assert_eq!(said(line), Said::Yes(remark.into()), "{line}");
        }
        for (line, remark) in [
            ("decline", ""),
            ("decline not now", "not now"),
            ("decline, too expensive", "too expensive"),
            ("Declined - too expensive.", "too expensive."),
            ("reject", ""),
            ("No.", ""),
            ("no", ""),
            ("Nein, zu teuer", "zu teuer"),
            ("Abgelehnt", ""),
            ("Non", ""),
            ("Rechazado: demasiado", "demasiado"),
        ] {
            assert_eq!(said(line), Said::No(remark.into()), "{line}");
        }
        for line in [
            "",
            "accept?",
            "Approved? I do not think so, who asked for this.",
            "accept ? never",
            "accept only if it is cheap",
            "I approve, but not this month",
            "approved unless Ben objects",
            "Yes, but only this once",
            "OK, if it is cheap",
            "No problem with that",
            "No idea what this is",
            "Yesterday I was away",
            "Si es barato",
            "Ok so what is it about",
            "acceptable",
            "I will look at it tomorrow",
            "Non-urgent",
        ] {
            assert_eq!(said(line), Said::Neither, "{line}");
        }
    }
}
