//! `approvers`, `ask` and `unask`: whose approval a ticket needs; `accept` and `decline`: what they say. Who said yes, when, and how sure we were
//! of them stays on record. Approving somebody else's mail (A64) is another thing.

use super::cure::Cure;
use super::{Command, Kind, Problem, cure, people};
use crate::act::Operator;
use crate::audit::word_of;
use crate::decide::acting::Acting;
use crate::decision::Change;
use crate::facts::{Approval, ApprovalAnswer, FactError};
use crate::rights::Right;
use crate::types::{Person, Trust};

/// What people say to it is cut off here, in characters: it stands in every listing of the history.
const MAX_REMARK: usize = 500;
/// More people than this are not asked on one ticket.
const MAX_ASKED: usize = 50;

pub(super) const APPROVERS: Command = Command {
    name: "approvers",
    aliases: &["request-approval"],
    kind: Kind::List,
    example: "anna, ben",
    help: "people who work here whose approval it needs before it is done; adding somebody again asks them again",
    right: Some(Right::Modify),
    run: |acting, operator, value| match operator {
        Operator::Add => ask(acting, value),
        Operator::Remove => unask(acting, value),
        Operator::Set => replace(acting, value),
    },
};

pub(super) const ASK: Command = Command {
    name: "ask",
    aliases: &[],
    kind: Kind::Verb,
    example: "anna, ben",
    help: "asks people for their approval; it is not done before all of them accept",
    right: Some(Right::Modify),
    run: |acting, _, value| ask(acting, value),
};

pub(super) const UNASK: Command = Command {
    name: "unask",
    aliases: &[],
    kind: Kind::Verb,
    example: "ben",
    help: "their approval is not needed any more: for whoever asked for it, else it takes the right to administer",
    right: Some(Right::Modify),
    run: |acting, _, value| unask(acting, value),
};

pub(super) const ACCEPT: Command = Command {
    name: "accept",
    aliases: &["sign-off"],
    kind: Kind::Verb,
    example: "within the budget",
    help: "whoever was asked for approval says yes; what stands behind it stays on record",
    right: None,
    run: |acting, _, value| answer(acting, true, value),
};

pub(super) const DECLINE: Command = Command {
    name: "decline",
    aliases: &["deny", "disapprove", "reject-approval"],
    kind: Kind::Verb,
    example: "'not before the audit'",
    help: "whoever was asked for approval says no; what stands behind it stays on record, and the owner is told",
    right: None,
    run: |acting, _, value| answer(acting, false, value),
};

/// The approvals of the ticket in hand, after the changes so far.
pub(super) fn now(acting: &Acting<'_>) -> Result<Vec<Approval>, FactError> {
    let number = acting.ticket.number;
    let mut approvals = acting.desk.facts.approvals(number)?;
    for change in &acting.desk.changes {
        match change {
            Change::AskApproval { ticket, person, by } if *ticket == number => {
                let asked_by = *by;
                match approvals.iter_mut().find(|known| known.person.id == *person) {
                    // Who asked first stays: they alone may do without.
                    Some(known) => known.answer = None,
                    None => {
                        let asked = acting.asked.iter().find(|asked| asked.id == *person).cloned();
                        approvals.extend(asked.map(|person| Approval { person, asked_by, answer: None }));
                    }
                }
            }
            Change::UnaskApproval { ticket, person } if *ticket == number => approvals.retain(|known| known.person.id != *person),
            Change::AnswerApproval { ticket, person, yes, trust, remark } if *ticket == number => {
                let answer = ApprovalAnswer { yes: *yes, trust: *trust, remark: remark.clone() };
                approvals.iter_mut().filter(|known| known.person.id == *person).for_each(|a| a.answer = Some(answer.clone()));
            }
            _ => {}
        }
    }
    Ok(approvals)
}

/// Why the ticket in hand cannot be done yet, as far as approvals go.
pub(super) fn missing(acting: &Acting<'_>) -> Result<Option<String>, FactError> {
    Ok(lacking(&now(acting)?))
}

/// Who has not accepted, as far as anybody was asked.
fn lacking(approvals: &[Approval]) -> Option<String> {
    let names = |wanted: fn(&Approval) -> bool| {
        approvals.iter().filter(|a| wanted(a)).map(|a| word_of(&a.person)).collect::<Vec<_>>().join(", ")
    };
    let silent = names(|approval| approval.answer.is_none());
    let against = names(|approval| approval.answer.as_ref().is_some_and(|answer| !answer.yes));
    let parts = [("the approval of ", silent, " is missing"), ("", against, " declined")];
    let said: Vec<String> =
        parts.iter().filter(|(_, who, _)| !who.is_empty()).map(|(before, who, after)| format!("{before}{who}{after}")).collect();
    (!said.is_empty()).then(|| said.join(", "))
}

/// The people that a value names: they work here.
fn named(acting: &Acting<'_>, value: &str) -> Result<Vec<Person>, Problem> {
    let facts = acting.desk.facts;
    let mut people: Vec<Person> = Vec::new();
    for party in people::parties(facts, &acting.actor, value)? {
        let person = facts.person(&party.address)?.filter(Person::is_staff).ok_or_else(|| {
            let wrong = format!("{} does not work here", party.address);
            Problem::value(
                wrong,
                Cure::of("approval is asked of people who do: `postern person list`", "approval is asked of people who do"),
            )
        })?;
        if !people.iter().any(|known| known.id == person.id) {
            people.push(person);
        }
    }
    Ok(people)
}

fn somebody(people: Vec<Person>, verb: &str) -> Result<Vec<Person>, Problem> {
    if people.is_empty() {
        return Err(Problem::value("nobody is named", cure::verb(&format!("{verb} anna, ben"), "")));
    }
    Ok(people)
}

fn ask(acting: &mut Acting<'_>, value: &str) -> Result<(), Problem> {
    let people = somebody(named(acting, value)?, "ask")?;
    let before = now(acting)?;
    if before.len() + people.len() > MAX_ASKED {
        return Err(Problem::value(format!("more than {MAX_ASKED} people would be asked"), "ask fewer"));
    }
    may_answer(acting, &people)?;
    people.into_iter().for_each(|person| ask_one(acting, &before, person));
    Ok(())
}

/// Makes sure that those who are to be asked may read what they are asked about.
fn may_answer(acting: &Acting<'_>, people: &[Person]) -> Result<(), Problem> {
    for person in people {
        let answer = acting.may_other(person, Right::SeeComments)?;
        if !answer.allowed {
            let wrong = format!("{} may not read #{}: {}", word_of(person), acting.ticket.number, answer.why);
            let cure = Cure::of("`postern person rights LOGIN` says", "an administrator gives the right");
            return Err(Problem::Denied { wrong, cure: cure.behind("ask somebody who may: ") });
        }
    }
    Ok(())
}

/// Who is asked again is told again; who was asked and has not answered is not.
fn ask_one(acting: &mut Acting<'_>, before: &[Approval], person: Person) {
    let known = before.iter().find(|known| known.person.id == person.id);
    if known.is_some_and(|known| known.answer.is_none()) {
        return;
    }
    let (ticket, by) = (acting.ticket.number, acting.person().map(|by| by.id));
    let change = Change::AskApproval { ticket, person: person.id, by };
    match known.and_then(Approval::said) {
        Some(said) => acting.change("approval", Some(said), None, change),
        None => acting.change("approvers", None, Some(word_of(&person).to_owned()), change),
    }
    acting.asked.push(person);
}

fn unask(acting: &mut Acting<'_>, value: &str) -> Result<(), Problem> {
    let people = somebody(named(acting, value)?, "unask")?;
    let before = known(acting)?;
    let is_asked = |person: &Person| before.iter().any(|known| known.person.id == person.id);
    if let Some(stranger) = people.iter().find(|person| !is_asked(person)) {
        let wrong = format!("{} was not asked for approval of #{}", word_of(stranger), acting.ticket.number);
        let asked: Vec<&str> = before.iter().map(|known| word_of(&known.person)).collect();
        let cure = if asked.is_empty() { "nobody was".to_owned() } else { format!("asked are {}", asked.join(", ")) };
        return Err(Problem::value(wrong, cure));
    }
    let off: Vec<&Approval> = before.iter().filter(|known| people.iter().any(|p| p.id == known.person.id)).collect();
    may_unask(acting, &off)?;
    off.into_iter().for_each(|known| unask_one(acting, known));
    Ok(())
}

/// The approvals that whoever acts knows of: all, for those who may read what is for staff, else those that they asked for or are to give.
fn known(acting: &Acting<'_>) -> Result<Vec<Approval>, FactError> {
    let (reads, me) = (acting.reads(acting)?, acting.person().map(|person| person.id));
    let mut approvals = now(acting)?;
    approvals.retain(|known| reads || known.asked_by == me || Some(known.person.id) == me);
    Ok(approvals)
}

/// Whoever asked may do without; of others it would be a way past the approval, which takes what going past it takes.
fn may_unask(acting: &Acting<'_>, off: &[&Approval]) -> Result<(), Problem> {
    let me = acting.person().map(|person| person.id);
    match off.iter().all(|known| known.asked_by == me) {
        true => Ok(()),
        false => acting.need(Right::Administer),
    }
}

fn unask_one(acting: &mut Acting<'_>, approval: &Approval) {
    let ticket = acting.ticket.number;
    let change = Change::UnaskApproval { ticket, person: approval.person.id };
    if let Some(said) = approval.said() {
        acting.change("approval", Some(said), None, change.clone());
    }
    acting.change("approvers", Some(word_of(&approval.person).to_owned()), None, change);
    acting.asked.retain(|asked| asked.id != approval.person.id);
}

fn replace(acting: &mut Acting<'_>, value: &str) -> Result<(), Problem> {
    let mut people = named(acting, value)?;
    let (before, known) = (now(acting)?, known(acting)?);
    let stays = |known: &&Approval| people.iter().any(|person| person.id == known.person.id);
    let off: Vec<&Approval> = known.iter().filter(|known| !stays(known)).collect();
    may_unask(acting, &off)?;
    people.retain(|person| !before.iter().any(|known| known.person.id == person.id));
    may_answer(acting, &people)?;
    off.into_iter().for_each(|known| unask_one(acting, known));
    people.into_iter().for_each(|person| ask_one(acting, &before, person));
    Ok(())
}

fn answer(acting: &mut Acting<'_>, yes: bool, remark: &str) -> Result<(), Problem> {
    let number = acting.ticket.number;
    let Some(person) = acting.person().cloned() else {
        return Err(Problem::value("the system approves nothing", cure::say_who()));
    };
    let approvals = now(acting)?;
    let Some(known) = approvals.iter().find(|known| known.person.id == person.id) else {
        let wrong = format!("{} was not asked for approval of #{number}", word_of(&person));
        return Err(Problem::Denied {
            wrong,
            cure: format!("whoever may change the ticket asks: ask {}", word_of(&person)).into(),
        });
    };
    if person.disabled {
        let wrong = format!("{} is gone and approves nothing", word_of(&person));
        return Err(Problem::Denied { wrong, cure: format!("somebody else has to: unask {}", word_of(&person)).into() });
    }
    let needed = acting.desk.facts.site().trust.needed(person.role).max(Trust::Token);
    if acting.trust < needed && !(acting.confirmed && acting.trust >= Trust::Token) {
        let wrong = format!("nothing shows well enough that {} says so: it is {}", word_of(&person), acting.trust.as_str());
        return Err(Problem::Denied { wrong, cure: format!("an approval needs {}, or a confirmation", needed.as_str()).into() });
    }
    let remark: String = remark.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_REMARK).collect();
    let said = ApprovalAnswer { yes, trust: acting.trust, remark };
    if known.answer.as_ref().is_some_and(|before| before.yes == yes && before.remark == said.remark) {
        return Ok(());
    }
    let trust = said.trust;
    let change = Change::AnswerApproval { ticket: number, person: person.id, yes, trust, remark: said.remark.clone() };
    let after = Approval { person, asked_by: known.asked_by, answer: Some(said) };
    acting.change("approval", known.said(), after.said(), change);
    Ok(())
}
