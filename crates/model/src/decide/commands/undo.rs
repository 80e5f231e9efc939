//! `undo`: takes back what one act or one mail changed, on every ticket that it touched. It gives the orders that set back what the history
//! says was changed, so that rights and checks are those of any order; texts stay, for they may have been mailed.

use super::cure::Cure;
use super::merge::{WATCHED, set_watched};
use super::{Command, Kind, Problem, cure, dates, is_list, links};
use crate::act::{Operator, Order};
use crate::audit::{EVENTS, TicketState, is_told_of_others};
use crate::decide::acting::Acting;
use crate::decision::{Change, FieldChange, PastChange};
use crate::facts::{EntrySet, SetPart};
use crate::link::{Link, LinkTarget};
use crate::rights::Right;
use crate::types::Moment;

pub(super) const COMMAND: Command = Command {
    name: "undo",
    aliases: &["revert"],
    kind: Kind::Verb,
    example: "31",
    help: "takes back what you changed last on the ticket, or what the entry of this number did, on every ticket that it touched; texts stay",
    right: None,
    run: |acting, _, value| run(acting, value),
};

/// Whether what changed is anything that could be taken back.
pub(in crate::decide) fn is_possible<'c>(mut changes: impl Iterator<Item = &'c FieldChange> + Clone) -> bool {
    let stays = |change: &FieldChange| STAYS.iter().any(|(field, _)| change.field == *field);
    !changes.clone().any(stays) && changes.any(|change| change.field == "undo" || !EVENTS.contains(&change.field.as_ref()))
}

/// The word before the number of an entry in the history.
const ENTRY: &str = "entry";

/// Fields that no order sets back, each with what is done instead.
const STAYS: &[(&str, &str)] = &[
    ("approval", "what somebody said when asked for approval stays on record; `ask` asks them again"),
    ("approved", "an outsider's mail that was let in stays, for it was told to customers"),
    ("submitted_by", "`set requestors=ADDRESS` names the requestor"),
];

fn run(acting: &mut Acting<'_>, value: &str) -> Result<(), Problem> {
    let mark = acting.mark();
    let undone = take_back(acting, value);
    acting.undoing = false;
    if undone.is_err() {
        acting.go_back_to(mark);
    }
    undone
}

fn take_back(acting: &mut Acting<'_>, value: &str) -> Result<(), Problem> {
    let number = acting.ticket.number;
    let entry = entry_of(acting, value)?;
    let missing = || Problem::value(format!("#{number} has no entry {entry}"), cure::entries(number));
    let mut set = acting.desk.facts.set_of(entry)?.ok_or_else(missing)?;
    // What the act did to others, these were told; that is so no more when it is taken back there.
    let tells = |part: &SetPart| !part.changes.is_empty() && part.changes.iter().all(|it| is_told_of_others(&it.field));
    if set.parts.iter().any(|part| part.ticket == number && part.entry == entry && tells(part)) {
        return Err(nothing_to_set_back(entry));
    }
    set.parts.retain(|part| !tells(part));
    if !set.parts.iter().any(|part| part.ticket == number) {
        return Err(missing());
    }
    let mut beside: Vec<u64> = Vec::new();
    for ticket in tickets(&set).into_iter().filter(|ticket| *ticket != number) {
        let now = acting.seen(ticket)?;
        if !now.map_or(Ok(true), |ticket| acting.sees(&ticket))? {
            // Where a merge only moved a link, taking that back does it all.
            if is_beside_merge(&set, ticket) {
                beside.push(ticket);
                continue;
            }
            let wrong = format!("entry {entry} changed a ticket, too, that you may not see any more");
            return Err(Problem::Denied { wrong, cure: "somebody who may takes it back".into() });
        }
    }
    can_be_undone(&set, entry)?;
    acting.undoing = true;
    let merges = merges(&set);
    let moved = |ticket: u64| merges.iter().any(|(into, merged)| *into == ticket || names(merged) == Some(ticket));
    for ticket in tickets(&set).into_iter().filter(|ticket| !moved(*ticket) && !beside.contains(ticket)) {
        turn_to(acting, ticket)?;
        may_undo(acting, &set)?;
        is_as_it_was_made(acting, &set, ticket)?;
    }
    for (into, _) in &merges {
        acting.turn_to(*into)?;
        may_undo(acting, &set)?;
    }
    let anyway = std::mem::replace(&mut acting.anyway, true);
    let done = set_all_back(acting, &set);
    acting.anyway = anyway;
    done?;
    for part in set.parts.iter().filter(|part| !part.changes.is_empty()) {
        acting.turn_to(part.ticket)?;
        let only = beside.contains(&part.ticket);
        let change = Change::Undone { set: set.first, again: again(acting, part)? };
        acting.change("undo", None, Some(format!("{ENTRY} {}", part.entry)), change);
        acting.mirrored = only;
        if part.wrote {
            acting.said.push(format!("The text of entry {} of #{} stays: it may have been mailed.", part.entry, part.ticket));
        }
    }
    acting.turn_to(number)?;
    Ok(())
}

/// Sets back what a set changed, the last of it first. Where it merged tickets, entries on one of them have their turn when it stands for
/// itself: what was done to both together is taken back before they are taken apart, what was done to each alone after that.
fn set_all_back(acting: &mut Acting<'_>, set: &EntrySet) -> Result<(), Problem> {
    let mut left: Vec<&SetPart> = set.parts.iter().filter(|part| !part.changes.is_empty()).rev().collect();
    while !left.is_empty() {
        let mut next = None;
        for (at, part) in left.iter().enumerate() {
            if has_turn(acting, &left, at, part)? {
                next = Some(at);
                break;
            }
        }
        let Some(at) = next else {
            left.iter().try_for_each(|part| turn_to(acting, part.ticket))?;
            return Err(Problem::value("the tickets went into others since", "set their fields by hand"));
        };
        let part = left.remove(at);
        turn_to(acting, part.ticket)?;
        set_part_back(acting, set, part)?;
    }
    Ok(())
}

/// Whether a part of what is left can be set back now.
fn has_turn(acting: &Acting<'_>, left: &[&SetPart], at: usize, part: &SetPart) -> Result<bool, Problem> {
    let before = left.get(..at).unwrap_or_default();
    if before.iter().any(|later| later.ticket == part.ticket) {
        return Ok(false);
    }
    // What was taken apart is joined again when nothing of it is left to be done.
    let joins = part.changes.iter().filter(|change| change.field == MERGED && change.to.is_none()).filter_map(names);
    if joins.into_iter().any(|gone| left.iter().any(|other| other.ticket == gone)) {
        return Ok(false);
    }
    let stands = |number: u64| Ok::<_, Problem>(acting.seen(number)?.is_some_and(|now| now.number == number));
    // A link is set back between the tickets that had it, when both stand for themselves again.
    for word in part.changes.iter().filter(|change| change.field == links::FIELD).flat_map(|change| [&change.from, &change.to]) {
        let other = word.as_deref().and_then(Link::parse).map(|link| link.other);
        if let Some(LinkTarget::Ticket(other)) = other
            && left.iter().any(|part| part.ticket == other)
            && !stands(other)?
            && !part.changes.iter().any(|change| change.field == MERGED)
        {
            return Ok(false);
        }
    }
    stands(part.ticket)
}

fn set_part_back(acting: &mut Acting<'_>, set: &EntrySet, part: &SetPart) -> Result<(), Problem> {
    if let Some(merged) = part.changes.iter().find(|change| change.field == MERGED) {
        let before = acting.ticket.time_worked;
        let order = inverse(acting, &reversed(merged));
        // What was taken off the ticket before the other came out of it does not come with that again.
        let gone = || part.changes.iter().filter_map(|change| Some((change.field.clone(), change.from.clone()?)));
        acting.gives = merged.to.is_none().then(|| gone().collect());
        let done = acting.obey(&order);
        acting.gives = None;
        done?;
        // What was taken out may have had more minutes than there were to take: no more of them come back.
        let minutes = |word: &Option<String>| word.as_deref().and_then(|word| word.parse::<i64>().ok()).unwrap_or_default();
        let took = part.changes.iter().filter(|change| change.field == "time_worked");
        let after =
            took.fold(before, |sum, change| sum.saturating_add(minutes(&change.from)).saturating_sub(minutes(&change.to)));
        if merged.to.is_none() && after != acting.ticket.time_worked {
            return acting.obey(&Order { command: "time_worked".to_owned(), operator: Operator::Set, value: after.to_string() });
        }
        return Ok(());
    }
    // The other side of a merge: what it changed here is back with it.
    if part.changes.iter().any(|change| change.field == "merged_into") {
        return Ok(());
    }
    let left = backwards(part).into_iter().filter(|change| !is_of_merge(set, part.ticket, change));
    left.into_iter().try_for_each(|change| set_back(acting, change))
}

/// Whether a link of a ticket was made or taken away from its other side, by the merge or the unmerge there. That is taken back as a whole:
/// without it, the merge would find no link to give away, and to give back later.
fn is_of_merge(set: &EntrySet, ticket: u64, change: &PastChange) -> bool {
    if change.field != links::FIELD {
        return false;
    }
    let Some(link) = change.to.as_deref().or(change.from.as_deref()).and_then(Link::parse) else { return false };
    let LinkTarget::Ticket(other) = link.other else { return false };
    let there = Link { inward: !link.inward, other: LinkTarget::Ticket(ticket), ..link }.to_string();
    let is_there = |done: &PastChange| {
        let word = |mine: &Option<String>| mine.is_some().then_some(there.as_str());
        done.field == links::FIELD && done.from.as_deref() == word(&change.from) && done.to.as_deref() == word(&change.to)
    };
    let merges = |part: &&SetPart| part.changes.iter().any(|change| [MERGED, "merged_into"].contains(&change.field.as_str()));
    set.parts.iter().filter(|part| part.ticket == other).filter(merges).any(|part| part.changes.iter().any(is_there))
}

/// Whether a set changed nothing on a ticket but links to tickets that it merged or took apart.
fn is_beside_merge(set: &EntrySet, ticket: u64) -> bool {
    let mut changes = set.parts.iter().filter(|part| part.ticket == ticket).flat_map(|part| &part.changes);
    changes.all(|change| is_of_merge(set, ticket, change))
}

/// The changes of an entry in the order in which they are set back: the queue first, for its life cycle says which statuses there are; then
/// what was added, for it may hold the ticket up; then the status, and what it brings with it or would be held up by after it.
fn backwards(part: &SetPart) -> Vec<&PastChange> {
    let place = |change: &&PastChange| match change.field.as_str() {
        "queue" => 0,
        "status" => 2,
        _ if change.from.is_none() => 1,
        _ => 3,
    };
    let mut changes: Vec<&PastChange> = Vec::new();
    for change in &part.changes {
        // What came and went in one act, or went and came, is as it was.
        match changes.iter().rposition(|kept| kept.field == change.field && kept.to == change.from && kept.from == change.to) {
            Some(at) => {
                changes.remove(at);
            }
            None => changes.push(change),
        }
    }
    changes.reverse();
    changes.sort_by_key(place);
    changes
}

/// The entry that a value names, else that of what whoever acts changed last.
fn entry_of(acting: &Acting<'_>, value: &str) -> Result<i64, Problem> {
    let number = acting.ticket.number;
    let word = value.trim();
    if !word.is_empty() {
        let digits = word.strip_prefix(ENTRY).map_or(word, str::trim_start).trim_start_matches('#');
        let wrong = || Problem::value(format!("{word:?} is no entry"), cure::entries(number).behind("write undo 31; "));
        return digits.parse().ok().filter(|id| *id > 0).ok_or_else(wrong);
    }
    let by = acting.person().map(|person| person.id);
    acting.desk.facts.last_act(number, by)?.ok_or_else(|| {
        let wrong = format!("you changed nothing on #{number} that is not taken back already");
        Problem::value(wrong, cure::entries(number).behind("undo 31 takes back entry 31; "))
    })
}

/// The tickets that it changed, each once.
fn tickets(set: &EntrySet) -> Vec<u64> {
    let mut tickets: Vec<u64> = set.parts.iter().filter(|part| !part.changes.is_empty()).map(|part| part.ticket).collect();
    tickets.sort_unstable();
    tickets.dedup();
    tickets
}

fn can_be_undone(set: &EntrySet, entry: i64) -> Result<(), Problem> {
    if let Some(opened) = set.parts.iter().find(|part| part.opened) {
        let wrong = format!("entry {} opened #{}, and a ticket that was opened stays", opened.entry, opened.ticket);
        return Err(Problem::value(wrong, "reject says that it will not be done"));
    }
    if let Some(by) = set.undone_by {
        return Err(Problem::value(format!("entry {by} took entry {entry} back already"), format!("undo {by} does it again")));
    }
    let changes = || set.parts.iter().flat_map(|part| &part.changes);
    for (field, cure) in STAYS {
        if changes().any(|change| change.field == *field) {
            return Err(Problem::value(format!("what entry {entry} did cannot be taken back: {field}"), Cure::whole(*cure)));
        }
    }
    if changes().any(|change| change.field == "undo" || !EVENTS.contains(&change.field.as_str())) {
        return Ok(());
    }
    Err(nothing_to_set_back(entry))
}

fn nothing_to_set_back(entry: i64) -> Problem {
    let wrong = format!("entry {entry} changed nothing that could be set back");
    Problem::value(wrong, "what was written or sent stays: it may have been read")
}

/// Takes a ticket in hand that is still one of its own.
fn turn_to(acting: &mut Acting<'_>, number: u64) -> Result<(), Problem> {
    if acting.turn_to(number)? && acting.ticket.number == number {
        return Ok(());
    }
    let wrong = format!("#{number} is part of #{} by now", acting.ticket.number);
    Err(Problem::value(wrong, format!("unmerge #{number} first, or set the fields of #{} by hand", acting.ticket.number)))
}

/// Whoever did it may take it back, if they may give each of the orders; others administer the queue.
fn may_undo(acting: &Acting<'_>, set: &EntrySet) -> Result<(), Problem> {
    let Some(person) = acting.person() else { return Ok(()) };
    if set.by == Some(person.id) || acting.may(Right::Administer)?.allowed {
        return Ok(());
    }
    let wrong = format!("{} did what entry {} says on #{}, not you", set.name, set.first, acting.ticket.number);
    Err(Problem::Denied {
        wrong,
        cure: format!("{} or somebody with the right {} takes it back", set.name, Right::Administer).into(),
    })
}

/// Makes sure that nothing changed since what it changed on the ticket in hand.
fn is_as_it_was_made(acting: &Acting<'_>, set: &EntrySet, ticket: u64) -> Result<(), Problem> {
    let parts = || set.parts.iter().filter(move |part| part.ticket == ticket);
    let made: Vec<&PastChange> = parts().flat_map(|part| &part.changes).collect();
    // Each part knows what came after it but for its own set; the first of a ticket knows it all.
    let later = parts().next().map_or(&[][..], |part| &part.later);
    let now: Vec<PastChange> = acting.so_far().map(past).collect();
    // An answer or another status beside it moved these times on in the same act: what is kept says nothing of what came later.
    let moved_them = parts().any(|part| part.wrote || part.changes.iter().any(|change| change.field == "status"));
    // Whose minutes those are that count is said beside each, and may be said again: the time worked says whether they are the same.
    for change in made.iter().filter(|change| change.field != "time_for") {
        let concerns = |other: &PastChange| {
            let same = other.field == change.field;
            let element = |word: &Option<String>| word.is_some() && (*word == change.from || *word == change.to);
            same && (!is_each(acting, &change.field) || element(&other.from) || element(&other.to))
        };
        let mut then = TicketState::default();
        made.iter().filter(|other| concerns(other)).for_each(|other| then.apply(other));
        let mut after = then.clone();
        later.iter().chain(&now).filter(|other| concerns(other)).for_each(|other| after.apply(other));
        let kept = moment(acting, &change.field).filter(|_| !moved_them);
        let is_kept = kept.as_ref().is_none_or(|kept| kept.as_deref().into_iter().eq(values(&then, &change.field)));
        if let (true, false, Some(kept)) = (then == after, is_kept, kept) {
            let kept = kept.unwrap_or_else(|| "nothing".to_owned());
            return Err(stale(false, ticket, set.first, change, words(&then, change), kept));
        }
        if then != after {
            return Err(stale(
                is_each(acting, &change.field),
                ticket,
                set.first,
                change,
                words(&then, change),
                words(&after, change),
            ));
        }
    }
    Ok(())
}

/// The time of a ticket that the work itself moves on, without a word in the history, where a field is one: as it is kept.
fn moment(acting: &Acting<'_>, field: &str) -> Option<Option<String>> {
    let ticket = &acting.ticket;
    let kept = match field {
        _ if field == Moment::Started.as_str() => ticket.started,
        _ if field == Moment::Told.as_str() => ticket.last_contact,
        _ if field == Moment::Resolved.as_str() => ticket.resolved,
        _ => return None,
    };
    Some(dates::word(kept))
}

fn values<'s>(state: &'s TicketState, field: &str) -> impl Iterator<Item = &'s str> {
    state.0.get(field).into_iter().flatten().map(String::as_str)
}

fn words(state: &TicketState, change: &PastChange) -> String {
    let words: Vec<&str> = values(state, &change.field).collect();
    if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
}

fn stale(each: bool, ticket: u64, entry: i64, change: &PastChange, made: String, is: String) -> Problem {
    let field = &change.field;
    let (wrong, (sign, value)) = match each {
        false => {
            let by_hand = change.from.as_deref().unwrap_or("none");
            (format!("entry {entry} made {field} of #{ticket} {made}, and it is {is} by now"), ("", by_hand))
        }
        true => match (&change.from, &change.to) {
            (Some(from), _) => (format!("{from} is in {field} of #{ticket} again"), ("+", from.as_str())),
            (None, to) => {
                let to = to.as_deref().unwrap_or_default();
                (format!("{to} is not in {field} of #{ticket} any more"), ("-", to))
            }
        },
    };
    let (terminal, mail) = (format!("postern ticket set {ticket} {field}{sign}={value}"), format!("{sign}{field}: {value}"));
    Problem::value(wrong, Cure::of(terminal, mail).behind("nothing is taken back; by hand: "))
}

/// The merges of a set, and what it took out: the ticket with the others in it, and what its history says.
fn merges(set: &EntrySet) -> Vec<(u64, PastChange)> {
    let merged = |part: &SetPart| part.changes.iter().filter(|change| change.field == MERGED).cloned().collect::<Vec<_>>();
    set.parts.iter().flat_map(|part| merged(part).into_iter().map(|change| (part.ticket, change))).collect()
}

/// The field of the history that says what went into a ticket.
const MERGED: &str = "merged";

/// The ticket that a merge names.
fn names(merged: &PastChange) -> Option<u64> {
    merged.to.as_ref().or(merged.from.as_ref())?.trim_start_matches('#').parse().ok()
}

fn reversed(change: &PastChange) -> PastChange {
    PastChange { field: change.field.clone(), from: change.to.clone(), to: change.from.clone() }
}

/// Whether the members of a field come and go one by one.
fn is_each(acting: &Acting<'_>, field: &str) -> bool {
    is_list(&acting.desk.facts.site().fields, field)
}

fn past(change: &FieldChange) -> PastChange {
    PastChange { field: change.field.to_string(), from: change.from.clone(), to: change.to.clone() }
}

/// Sets one value back on the ticket in hand, unless setting another back did so.
fn set_back(acting: &mut Acting<'_>, change: &PastChange) -> Result<(), Problem> {
    let back = reversed(change);
    if EVENTS.contains(&change.field.as_str()) || acting.so_far().any(|done| past(done) == back) {
        return Ok(());
    }
    if change.field == WATCHED {
        acting.need(Right::Watch)?;
        set_watched(acting, &back);
        return Ok(());
    }
    let order = inverse(acting, &back);
    acting.obey(&order)
}

/// The order that makes a change.
fn inverse(acting: &Acting<'_>, change: &PastChange) -> Order {
    let word = |value: &Option<String>| value.clone().unwrap_or_default();
    let (operator, value) = match (is_each(acting, &change.field), &change.to) {
        (false, _) => (Operator::Set, word(&change.to)),
        (true, Some(to)) => (Operator::Add, to.clone()),
        (true, None) => (Operator::Remove, word(&change.from)),
    };
    Order { command: change.field.clone(), operator, value }
}

/// What holds again when this is taken back, because it had taken that back.
fn again(acting: &Acting<'_>, part: &SetPart) -> Result<Vec<i64>, Problem> {
    let mut firsts = Vec::new();
    for change in part.changes.iter().filter(|change| change.field == "undo") {
        let id = change.to.as_deref().and_then(|word| word.strip_prefix(ENTRY)).and_then(|id| id.trim().parse().ok());
        if let Some(set) = id.map(|id| acting.desk.facts.set_of(id)).transpose()?.flatten() {
            firsts.push(set.first);
        }
    }
    Ok(firsts)
}
