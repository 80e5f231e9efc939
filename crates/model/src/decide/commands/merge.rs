//! `merge`: the ticket goes into another, which has its people, time, links and history from then on, and its mail (A67); `unmerge`: it
//! stands for itself again.

use super::cure::Cure;
use super::links::{self, meaning, need_beside, put};
use super::{Command, Kind, Problem, cure, field, holds, people, reference, tags, time_worked};
use crate::act::Operator;
use crate::decide::acting::Acting;
use crate::decision::{Change, PastChange};
use crate::facts::{FactError, HistoryChange, Merged};
use crate::link::{Link, LinkKind, LinkTarget};
use crate::rights::Right;
use crate::site::FieldDefinition;
use crate::types::{Party, WatchRole};
use std::collections::{BTreeMap, HashSet};

/// The field of the history that has the queues that came to watch with a ticket.
pub(in crate::decide) const WATCHED: &str = "watched_by";

pub(super) const MERGE: Command = Command {
    name: "merge",
    aliases: &["mergeinto", "merge-into"],
    kind: Kind::Verb,
    example: "#12",
    help: "this ticket goes into another, which has its people, time, links and history from then on, and its mail",
    right: Some(Right::Link),
    run: |acting, _, value| merge(acting, value),
};

pub(super) const UNMERGE: Command = Command {
    name: "unmerge",
    aliases: &[],
    kind: Kind::Verb,
    example: "#12",
    help: "a ticket that went into this one stands for itself again; mail that came since stays here",
    right: Some(Right::Link),
    run: |acting, _, value| unmerge(acting, value),
};

pub(super) const MERGED: Command = Command {
    name: "merged",
    aliases: &[],
    kind: Kind::List,
    example: "#12",
    help: "tickets that went into this one: += merges one into it, -= takes it out",
    right: Some(Right::Link),
    run: merged,
};

fn merged(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    let number = acting.ticket.number;
    if let Some(value) = holds::said(value) {
        return acting.anyway(|acting| merged(acting, operator, value));
    }
    for word in value.split([',', ' ']).filter(|word| !word.is_empty()) {
        match operator {
            Operator::Set => {
                return Err(Problem::value(
                    "merges are not replaced at once",
                    Cure::of("write merged+=#12 or merged-=#12", "write +merged: #12 or -merged: #12"),
                ));
            }
            Operator::Remove => unmerge(acting, word)?,
            Operator::Add => {
                let other = reference::ticket(acting, word)?.number;
                if other == number {
                    return Err(into_itself(reference::number(acting, word)?, number));
                }
                acting.turn_to(other)?;
                acting.need(Right::Link)?;
                merge(acting, &number.to_string())?;
            }
        }
    }
    Ok(())
}

fn into_itself(said: u64, number: u64) -> Problem {
    match said == number {
        true => Problem::value(format!("#{number} is not merged into itself"), "name another ticket"),
        false => Problem::value(format!("#{said} went into #{number} already"), format!("#{said} shows #{number}")),
    }
}

/// What a ticket gives to another when it goes into it.
struct Gift {
    number: u64,
    watchers: Vec<(WatchRole, Party)>,
    squelched: Vec<String>,
    minutes: i64,
    /// Whose the minutes are, by name.
    time_by: BTreeMap<String, i64>,
    links: Vec<Link>,
    tags: Vec<String>,
    /// Values of the site's own fields.
    fields: Vec<(FieldDefinition, Vec<String>)>,
    /// Queues that watch it, by row.
    queues: Vec<i64>,
}

impl Gift {
    /// What the ticket in hand has.
    fn of(acting: &mut Acting<'_>) -> Result<Self, FactError> {
        let number = acting.ticket.number;
        let site = acting.desk.facts.site();
        let fields = site.fields.iter().map(|field| Ok((field.clone(), field::values_of(acting, field)?)));
        let fields = fields.collect::<Result<_, FactError>>()?;
        let mut watchers = acting.watchers.clone();
        // Who asked first, so that nobody is in copy besides.
        watchers.sort_by_key(|(role, _)| *role != WatchRole::Requestor);
        Ok(Gift {
            fields,
            number,
            watchers,
            squelched: acting.squelched()?,
            minutes: acting.ticket.time_worked,
            time_by: time_worked::by(acting)?,
            links: acting.desk.links(number)?,
            tags: tags::of(acting)?,
            queues: acting.desk.watching_queues(number)?,
        })
    }
}

fn merge(acting: &mut Acting<'_>, value: &str) -> Result<(), Problem> {
    let number = acting.ticket.number;
    let word = value.trim();
    if let Some(word) = holds::said(word) {
        return acting.anyway(|acting| merge(acting, word));
    }
    let word = word.strip_prefix("into ").or_else(|| word.strip_prefix("with ")).unwrap_or(word).trim();
    if word.is_empty() {
        return Err(Problem::value("no ticket is named", cure::verb("merge #12", ": this ticket goes into #12")));
    }
    let into = reference::ticket(acting, word)?.number;
    if into == number {
        return Err(into_itself(reference::number(acting, word)?, number));
    }
    need_beside(acting, into)?;
    // One history for all that was written on both: whoever reads the one would read the other.
    for ticket in [into, number] {
        acting.turn_to(ticket)?;
        acting.need(Right::SeeComments)?;
    }
    refuse_circle(acting, number, into)?;
    holds::check_approvals(acting)?;
    let gift = Gift::of(acting)?;
    acting.seal();
    for link in &gift.links {
        put(acting, link, false)?;
    }
    let change = Change::Merge { ticket: number, into: Some(into) };
    acting.change("merged_into", None, Some(format!("#{into}")), change);
    acting.merged_into = Some(into);
    acting.seal();
    acting.turn_to(into)?;
    let only = acting.is_untouched() || acting.mirrored;
    acting.seal();
    receive(acting, gift)?;
    acting.seal();
    acting.mirrored = only;
    Ok(())
}

/// As one, the two would be in a circle if a way leads from one to the other over a third. It is looked for from the one that goes: the
/// other may have many links, of those that went into it before.
fn refuse_circle(acting: &Acting<'_>, gone: u64, into: u64) -> Result<(), Problem> {
    for kind in LinkKind::ALL {
        let ways = [links::way(acting, kind, (gone, into), true)?, links::way_back(acting, kind, (into, gone), true)?];
        if let Some(way) = ways.into_iter().flatten().next() {
            let way = acting.way_of(&way)?;
            return Err(Problem::value(
                format!("merged, they would be in a circle: in {} each {}", way.join(" -> "), meaning(kind)),
                "take one of these links away first",
            ));
        }
    }
    Ok(())
}

/// Whether a ticket that goes into the one in hand gives it something.
fn gives(acting: &Acting<'_>, field: &str, word: &str) -> bool {
    acting.gives.as_ref().is_none_or(|given| given.iter().any(|(known, value)| known == field && value == word))
}

fn receive(acting: &mut Acting<'_>, gift: Gift) -> Result<(), Problem> {
    let number = acting.ticket.number;
    acting.record(MERGED.name, None, Some(format!("#{}", gift.number)));
    let squelched = acting.squelched()?;
    receive_marks(acting, &gift)?;
    for (role, party) in gift.watchers {
        // Who asked is not in copy besides.
        let known = |(r, p): &(WatchRole, Party)| {
            p.address == party.address && (*r == role || (role == WatchRole::Cc && *r == WatchRole::Requestor))
        };
        if role == WatchRole::Owner || acting.watchers.iter().any(known) || !gives(acting, field_of(role), &party.address) {
            continue;
        }
        let was_here = acting.watchers.iter().any(|(_, p)| p.address == party.address);
        let address = party.address.clone();
        acting.watchers.push((role, party.clone()));
        acting.change(field_of(role), None, Some(address.clone()), Change::AddWatcher { ticket: number, role, party });
        let is_given = !squelched.contains(&address) && gives(acting, people::SQUELCH.name, &address);
        if !was_here && gift.squelched.contains(&address) && is_given {
            let change = Change::Squelch { ticket: number, address: address.clone(), on: true };
            acting.change(people::SQUELCH.name, None, Some(address), change);
        }
    }
    set_minutes(acting, acting.ticket.time_worked.saturating_add(gift.minutes));
    time_worked::move_to(acting, &gift.time_by, 1);
    let here: HashSet<Link> = acting.desk.links(number)?.into_iter().collect();
    for link in gift.links {
        if link.other != LinkTarget::Ticket(number) && !here.contains(&link) && gives(acting, links::FIELD, &link.to_string()) {
            put(acting, &link, true)?;
        }
    }
    Ok(())
}

/// Takes over tags, values of the site's own fields as far as they fit, and queues that watch.
fn receive_marks(acting: &mut Acting<'_>, gift: &Gift) -> Result<(), Problem> {
    for tag in &gift.tags {
        if gives(acting, tags::COMMAND.name, tag) {
            put_tag(acting, tag, true)?;
        }
    }
    let queue = acting.queue().map(|queue| queue.name.clone()).unwrap_or_default();
    for (definition, values) in gift.fields.iter().filter(|(definition, _)| definition.is_of(&queue)) {
        let here = field::values_of(acting, definition)?;
        let key = definition.key();
        let new = values.iter().filter(|value| !here.contains(value) && gives(acting, &key, value)).cloned();
        // Of a field with one value, that which is here counts.
        let new: Vec<String> = if definition.many || here.is_empty() { new.collect() } else { Vec::new() };
        field::replace(acting, definition, Vec::new(), new);
    }
    let number = acting.ticket.number;
    let here = acting.desk.watching_queues(number)?;
    let site = acting.desk.facts.site();
    for queue in
        gift.queues.iter().copied().filter(|queue| *queue != acting.ticket.queue && !here.contains(queue)).collect::<Vec<_>>()
    {
        let name = site.queue(queue).map(|queue| queue.name.clone());
        if name.as_deref().is_some_and(|name| !gives(acting, WATCHED, name)) {
            continue;
        }
        acting.change(WATCHED, None, name, Change::WatchQueue { ticket: number, queue });
    }
    Ok(())
}

/// Lets a queue watch the ticket in hand, or watch it no more, as a change of the history says. A queue that is gone does neither.
pub(super) fn set_watched(acting: &mut Acting<'_>, change: &PastChange) {
    let (ticket, site) = (acting.ticket.number, acting.desk.facts.site());
    let named = |word: &Option<String>| word.as_deref().and_then(|name| site.queue_named(name)).map(|queue| queue.id);
    let done = match (named(&change.from), named(&change.to)) {
        (_, Some(queue)) => Change::WatchQueue { ticket, queue },
        (Some(queue), None) => Change::UnwatchQueue { ticket, queue },
        (None, None) => return,
    };
    acting.change(WATCHED, change.from.clone(), change.to.clone(), done);
}

fn put_tag(acting: &mut Acting<'_>, tag: &str, on: bool) -> Result<(), Problem> {
    let mut here = tags::of(acting)?;
    if here.iter().any(|known| known == tag) != on {
        here.retain(|known| known != tag);
        here.extend(on.then(|| tag.to_owned()));
        let word = |there: bool| there.then(|| tag.to_owned());
        let change = Change::Tag { ticket: acting.ticket.number, tag: tag.to_owned(), on };
        acting.change(tags::COMMAND.name, word(!on), word(on), change);
        acting.tags = Some(here);
    }
    Ok(())
}

/// The field of the history that has the people of a role.
fn field_of(role: WatchRole) -> &'static str {
    if role == WatchRole::Requestor { people::REQUESTORS.name } else { role.as_str() }
}

fn set_minutes(acting: &mut Acting<'_>, minutes: i64) {
    let (number, before) = (acting.ticket.number, acting.ticket.time_worked);
    if minutes != before {
        let change = Change::SetTimeWorked { ticket: number, minutes };
        acting.change("time_worked", Some(before.to_string()), Some(minutes.to_string()), change);
        acting.ticket.time_worked = minutes;
    }
}

fn unmerge(acting: &mut Acting<'_>, value: &str) -> Result<(), Problem> {
    let number = acting.ticket.number;
    let word = value.trim();
    if word.is_empty() {
        return Err(Problem::value("no ticket is named", cure::verb("unmerge #12", ": #12 stands for itself again")));
    }
    let said = reference::number(acting, word)?;
    let gone = acting.desk.facts.merged(said)?;
    // Where else it went is said to those alone who may see it there.
    let gone = match gone {
        Some(merged) if merged.into != number && !acting.seen(merged.into)?.map_or(Ok(false), |it| acting.sees(&it))? => None,
        gone => gone,
    };
    let Some(Merged { ticket, into, gave, got }) = gone else {
        let wrong = format!("#{said} did not go into #{number}");
        return Err(Problem::value(
            wrong,
            Cure::of(format!("`postern ticket show {number}` says what did"), format!("!history {number} says what did")),
        ));
    };
    if into != number {
        let wrong = format!("#{said} went into #{into}, not into #{number}");
        let mail = format!("write !unmerge #{said} in an answer on #{into}, or unmerge {into} {said} to the control address");
        return Err(Problem::value(wrong, Cure::of(format!("take it out there: `postern ticket unmerge {into} {said}`"), mail)));
    }
    if acting.seen(said)?.is_some_and(|now| now.number == said) {
        return Err(Problem::value(format!("#{said} stands for itself already"), "leave this out"));
    }
    acting.take_up(ticket)?;
    acting.need(Right::Link)?;
    let lent = Gift::of(acting)?;
    acting.turn_to(number)?;
    acting.seal();
    give_back(acting, &lent, &got)?;
    acting.seal();
    acting.turn_to(said)?;
    acting.seal();
    acting.change("merged_into", Some(format!("#{number}")), None, Change::Merge { ticket: said, into: None });
    restore_links(acting, &gave)?;
    acting.seal();
    acting.mirrored = true;
    acting.turn_to(number)?;
    Ok(())
}

/// What was added to a list.
fn added(changes: &[HistoryChange], field: &str) -> Vec<String> {
    changes.iter().filter(|c| c.field == field && c.from.is_none()).filter_map(|c| c.to.clone()).collect()
}

/// Takes from the ticket in hand what it got from another, as far as it is still there.
fn give_back(acting: &mut Acting<'_>, lent: &Gift, got: &[HistoryChange]) -> Result<(), Problem> {
    let number = acting.ticket.number;
    acting.record(MERGED.name, Some(format!("#{}", lent.number)), None);
    for role in [WatchRole::Requestor, WatchRole::Cc, WatchRole::AdminCc] {
        for address in added(got, field_of(role)) {
            let is = |(r, p): &&(WatchRole, Party)| *r == role && p.address == address;
            let Some((_, party)) = acting.watchers.iter().find(is).filter(|_| lent.watchers.iter().any(|w| is(&w))).cloned()
            else {
                continue;
            };
            acting.watchers.retain(|w| !is(&w));
            acting.change(field_of(role), Some(address), None, Change::RemoveWatcher { ticket: number, role, party });
        }
    }
    let squelched = acting.squelched()?;
    let both = |address: &String| lent.squelched.contains(address) && squelched.contains(address);
    for address in added(got, people::SQUELCH.name).into_iter().filter(both) {
        let change = Change::Squelch { ticket: number, address: address.clone(), on: false };
        acting.change(people::SQUELCH.name, Some(address), None, change);
    }
    return_marks(acting, lent, got)?;
    set_minutes(acting, acting.ticket.time_worked.saturating_sub(lent.minutes).max(0));
    time_worked::move_to(acting, &lent.time_by, -1);
    for link in added(got, links::FIELD).iter().filter_map(|words| Link::parse(words)) {
        if acting.desk.links(number)?.contains(&link) {
            put(acting, &link, false)?;
        }
    }
    Ok(())
}

/// Takes tags, values and watching queues from the ticket in hand that it got from another.
fn return_marks(acting: &mut Acting<'_>, lent: &Gift, got: &[HistoryChange]) -> Result<(), Problem> {
    for tag in added(got, tags::COMMAND.name).iter().filter(|tag| lent.tags.contains(tag)) {
        put_tag(acting, tag, false)?;
    }
    for (definition, values) in &lent.fields {
        let here = field::values_of(acting, definition)?;
        let given = added(got, &definition.key());
        let gone = given.into_iter().filter(|value| values.contains(value) && here.contains(value)).collect();
        field::replace(acting, definition, gone, Vec::new());
    }
    let number = acting.ticket.number;
    let here = acting.desk.watching_queues(number)?;
    let site = acting.desk.facts.site();
    for name in added(got, WATCHED) {
        if let Some(queue) = site.queue_named(&name).map(|queue| queue.id).filter(|queue| here.contains(queue)) {
            acting.change(WATCHED, Some(name), None, Change::UnwatchQueue { ticket: number, queue });
        }
    }
    Ok(())
}

/// Gives the ticket in hand the links again that it gave away, as far as there is another side and no circle.
fn restore_links(acting: &mut Acting<'_>, gave: &[HistoryChange]) -> Result<(), Problem> {
    let number = acting.ticket.number;
    let away = gave.iter().filter(|c| c.field == links::FIELD && c.to.is_none()).filter_map(|c| Link::parse(c.from.as_deref()?));
    for link in away {
        let other = match link.other {
            LinkTarget::Ticket(other) => match acting.seen(other)? {
                Some(ticket) if ticket.number != number => LinkTarget::Ticket(ticket.number),
                _ => continue,
            },
            url => url,
        };
        let link = Link { other, ..link };
        let circle = match link.other {
            LinkTarget::Ticket(other) if link.inward => links::way(acting, link.kind, (number, other), false)?.is_some(),
            LinkTarget::Ticket(other) => links::way(acting, link.kind, (other, number), false)?.is_some(),
            LinkTarget::Url(_) => false,
        };
        if !circle && !acting.desk.links(number)?.contains(&link) {
            put(acting, &link, true)?;
        }
    }
    Ok(())
}
