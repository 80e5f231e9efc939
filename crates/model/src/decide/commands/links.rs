//! `depends`, `blocks`, `parent`, `child`, `refers`, `referredto` and `link`: how tickets hang together. A link between two tickets is one
//! event with two views: both get an entry, the rules run once (A152).

use super::cure::Cure;
use super::{Command, Kind, Problem, reference};
use crate::act::Operator;
use crate::decide::acting::Acting;
use crate::decision::Change;
use crate::facts::FactError;
use crate::link::{Link, LinkKind, LinkTarget, is_page};
use crate::rights::Right;
use std::collections::HashSet;

/// What the history calls every link.
pub(super) const FIELD: &str = "link";
/// So many tickets are looked at for a circle; more are refused, not trusted.
const MOST: usize = 1000;

const LIST: Command = Command {
    name: "",
    aliases: &[],
    kind: Kind::List,
    example: "#12",
    help: "",
    right: Some(Right::Link),
    run: |_, _, _| Ok(()),
};

pub(super) const DEPENDS: Command = Command {
    name: "depends",
    aliases: &["depends-on", "dependson"],
    help: "tickets that have to be done before this one",
    run: |acting, operator, value| set(acting, (LinkKind::DependsOn, false), operator, value),
    ..LIST
};

pub(super) const BLOCKS: Command = Command {
    name: "blocks",
    aliases: &["dependedonby", "depended-on-by"],
    help: "tickets that cannot be done before this one",
    run: |acting, operator, value| set(acting, (LinkKind::DependsOn, true), operator, value),
    ..LIST
};

pub(super) const PARENT: Command = Command {
    name: "parent",
    aliases: &["parents", "memberof", "member-of"],
    help: "master tickets of which this one is a part",
    run: |acting, operator, value| set(acting, (LinkKind::MemberOf, false), operator, value),
    ..LIST
};

pub(super) const CHILD: Command = Command {
    name: "child",
    aliases: &["children", "members", "hasmember", "has-member"],
    help: "tickets that are parts of this one",
    run: |acting, operator, value| set(acting, (LinkKind::MemberOf, true), operator, value),
    ..LIST
};

pub(super) const REFERS: Command = Command {
    name: "refers",
    aliases: &["refersto", "refers-to"],
    help: "tickets, and pages of other trackers, that this one has to do with",
    run: |acting, operator, value| set(acting, (LinkKind::RefersTo, false), operator, value),
    ..LIST
};

pub(super) const REFERREDTO: Command = Command {
    name: "referredto",
    aliases: &["referredtoby", "referred-to-by"],
    help: "tickets that have to do with this one",
    run: |acting, operator, value| set(acting, (LinkKind::RefersTo, true), operator, value),
    ..LIST
};

pub(super) const LINK: Command = Command {
    name: FIELD,
    aliases: &[],
    kind: Kind::Verb,
    example: "depends-on #12",
    help: "links it: what the other is to it (depends-on, blocks, parent, child, refers, referredto), and which",
    run: any,
    ..LIST
};

pub(super) const UNLINK: Command = Command {
    name: "unlink",
    aliases: &[],
    kind: Kind::Verb,
    example: "depends-on #12",
    help: "takes a link away, named as when it was made",
    run: |acting, _, value| any(acting, Operator::Remove, value),
    ..LIST
};

/// What a link is to the ticket in hand: its kind, and whether it leads there.
type Side = (LinkKind, bool);

/// The side that a word names, by a command or its alias.
fn side(word: &str) -> Option<Side> {
    let sides: [(&Command, Side); 6] = [
        (&DEPENDS, (LinkKind::DependsOn, false)),
        (&BLOCKS, (LinkKind::DependsOn, true)),
        (&PARENT, (LinkKind::MemberOf, false)),
        (&CHILD, (LinkKind::MemberOf, true)),
        (&REFERS, (LinkKind::RefersTo, false)),
        (&REFERREDTO, (LinkKind::RefersTo, true)),
    ];
    sides.into_iter().find(|(command, _)| command.is_called(word)).map(|(_, side)| side)
}

/// `depends-on #12, refers-to https://…`
fn any(acting: &mut Acting<'_>, operator: Operator, value: &str) -> Result<(), Problem> {
    // A verb has no operator: it adds. What undoes it takes away.
    let operator = if operator == Operator::Remove { operator } else { Operator::Add };
    let mut changes = Vec::new();
    for piece in value.split(", ").map(str::trim).filter(|piece| !piece.is_empty()) {
        let (word, target) = piece.split_once(char::is_whitespace).unwrap_or((piece, ""));
        let Some(side) = side(word.trim_end_matches(':')) else {
            let cure = Cure::from("the kinds are depends, blocks, parent, child, refers, referredto, each with #12 behind it");
            return Err(Problem::value(format!("{word:?} is no kind of link"), cure.meant(word, super::names())));
        };
        changes.extend(changes_to(acting, side, operator, target)?);
    }
    if changes.is_empty() && value.trim().is_empty() {
        return Err(Problem::value("nothing is named", "write what the other is and which: depends-on #12"));
    }
    carry_out(acting, changes)
}

fn set(acting: &mut Acting<'_>, side: Side, operator: Operator, value: &str) -> Result<(), Problem> {
    let changes = changes_to(acting, side, operator, value)?;
    carry_out(acting, changes)
}

/// Links, and whether each is to be there.
type Changes = Vec<(Link, bool)>;

/// What a value comes to: `#12, #15`, `+#12 -#15`, `=#12`.
fn changes_to(acting: &Acting<'_>, (kind, inward): Side, operator: Operator, value: &str) -> Result<Changes, Problem> {
    let value = value.trim();
    let (operator, value) = value.strip_prefix('=').map_or((operator, value), |rest| (Operator::Set, rest));
    let present = acting.desk.links(acting.ticket.number)?;
    let mut wanted: Changes = Vec::new();
    let mut is_whole = false;
    for word in words(value) {
        let either = word.strip_prefix(super::NAMED_OR_OFF).map(|digits| format!("-{digits}"));
        let (sign, word) = match either.as_deref().unwrap_or(word) {
            word if either.is_some() && reference::placeholder(acting, word).is_some() => (Operator::Add, word),
            word if either.is_some() => (Operator::Remove, word.trim_start_matches('-')),
            word if reference::is_placeholder(word) => (operator, word),
            word if word.starts_with('+') => (Operator::Add, word.trim_start_matches('+')),
            word if word.starts_with('-') => (Operator::Remove, word.trim_start_matches('-')),
            word => (operator, word),
        };
        is_whole |= sign == Operator::Set;
        wanted.push((Link { kind, inward, other: target(acting, word, (kind, inward))? }, sign != Operator::Remove));
    }
    if wanted.is_empty() && operator != Operator::Set {
        return Err(Problem::value("no ticket is named", "write its number, as in #12"));
    }
    let mut changes: Changes = Vec::new();
    if is_whole || wanted.is_empty() {
        if wanted.iter().any(|(_, on)| !on) {
            return Err(Problem::value("it says what is to be added and what is to be there alone", "write +#12 -#15, or =#12"));
        }
        let gone = |link: &&Link| (link.kind, link.inward) == (kind, inward) && !wanted.iter().any(|(kept, _)| kept == *link);
        for link in present.iter().filter(gone) {
            // What leads to a ticket that whoever acts may not see is not there for them, and stays.
            let is_there = match link.other {
                LinkTarget::Ticket(other) => acting.sees_number(other)?,
                LinkTarget::Url(_) => true,
            };
            changes.extend(is_there.then(|| (link.clone(), false)));
        }
    }
    for (link, on) in wanted {
        if present.contains(&link) != on && !changes.iter().any(|(known, _)| *known == link) {
            changes.push((link, on));
        }
    }
    Ok(changes)
}

/// The words of a value. A page's address may have commas in it.
fn words(value: &str) -> impl Iterator<Item = &str> {
    let pieces = value.split_whitespace().flat_map(|word| {
        let whole = if word.contains("://") { Some(word.trim_end_matches(',')) } else { None };
        let split = if whole.is_none() { word } else { "" };
        whole.into_iter().chain(split.split(','))
    });
    pieces.filter(|word| !word.is_empty())
}

/// The other side of a link.
fn target(acting: &Acting<'_>, word: &str, (kind, inward): Side) -> Result<LinkTarget, Problem> {
    if !word.contains(':') {
        return Ok(LinkTarget::Ticket(reference::ticket(acting, word)?.number));
    }
    match (kind, inward) {
        (LinkKind::RefersTo, false) if is_page(word) => Ok(LinkTarget::Url(word.to_owned())),
        (LinkKind::RefersTo, false) => {
            Err(Problem::value(format!("{word:?} is no address of a page"), "write it like https://tracker.example/issues/7"))
        }
        _ => {
            Err(Problem::value(format!("{word:?} is no ticket"), "only `refers` leads to pages; here, write a number as in #12"))
        }
    }
}

/// Changes links, if all of that can be.
fn carry_out(acting: &mut Acting<'_>, changes: Changes) -> Result<(), Problem> {
    let number = acting.ticket.number;
    let mut circles: Vec<(Side, Option<HashSet<u64>>)> = Vec::new();
    for (link, on) in &changes {
        if let LinkTarget::Ticket(other) = link.other {
            if other == number {
                return Err(Problem::value(format!("#{number} is not linked to itself"), "name another ticket"));
            }
            need_beside(acting, other)?;
            if *on && may_close_circle(acting, &mut circles, link, other)? {
                refuse_circle(acting, link, other)?;
            }
        }
    }
    changes.iter().try_for_each(|(link, on)| put(acting, link, *on))
}

/// Makes sure that whoever acts may link another ticket than the one in hand.
pub(super) fn need_beside(acting: &mut Acting<'_>, other: u64) -> Result<(), Problem> {
    let number = acting.ticket.number;
    acting.turn_to(other)?;
    acting.need(Right::Link)?;
    acting.turn_to(number)?;
    Ok(())
}

/// Whether a link to another ticket may close a circle. What hangs together with the ticket in hand is looked up once for many links of a
/// kind; where that is too much, each is looked at by itself.
fn may_close_circle(
    acting: &Acting<'_>,
    known: &mut Vec<(Side, Option<HashSet<u64>>)>,
    link: &Link,
    other: u64,
) -> Result<bool, FactError> {
    let side = (link.kind, link.inward);
    let near = match known.iter().position(|(of, _)| *of == side) {
        Some(at) => known.get(at),
        None => {
            known.push((side, near(acting, side)?));
            known.last()
        }
    };
    Ok(near.and_then(|(_, near)| near.as_ref()).is_none_or(|near| near.contains(&other)))
}

/// The tickets that a link of this side must not lead to, as the links are now; none: they are too many.
fn near(acting: &Acting<'_>, (kind, inward): Side) -> Result<Option<HashSet<u64>>, FactError> {
    let mut near = HashSet::new();
    let mut left = Vec::from_iter(kind.is_order().then_some(acting.ticket.number));
    while let Some(number) = left.pop() {
        for link in acting.desk.links(number)? {
            if let LinkTarget::Ticket(next) = link.other
                && link.kind == kind
                && link.inward != inward
                && near.insert(next)
            {
                left.push(next);
            }
        }
        if near.len() > MOST {
            return Ok(None);
        }
    }
    Ok(Some(near))
}

fn refuse_circle(acting: &Acting<'_>, link: &Link, other: u64) -> Result<(), Problem> {
    let number = acting.ticket.number;
    let (from, to) = if link.inward { (other, number) } else { (number, other) };
    let Some(way) = way(acting, link.kind, (to, from), false)? else { return Ok(()) };
    let circle = acting.way_of(&std::iter::once(from).chain(way).collect::<Vec<_>>())?;
    Err(Problem::value(
        format!("that makes a circle, {}, in which each {}", circle.join(" -> "), meaning(link.kind)),
        "take one of these links away first",
    ))
}

pub(super) fn meaning(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::DependsOn => "depends on the next",
        LinkKind::MemberOf => "is a part of the next",
        LinkKind::RefersTo => "refers to the next",
    }
}

/// A way from one ticket to another along links of a kind, both ends named, if circles of them mean nothing. `apart`: one that is no link
/// between the two alone.
pub(super) fn way(acting: &Acting<'_>, kind: LinkKind, ends: (u64, u64), apart: bool) -> Result<Option<Vec<u64>>, Problem> {
    look_for_way(acting, (kind, false), ends, apart)
}

/// The same, looked for from its end: where that is the one with few links.
pub(super) fn way_back(
    acting: &Acting<'_>,
    kind: LinkKind,
    (from, to): (u64, u64),
    apart: bool,
) -> Result<Option<Vec<u64>>, Problem> {
    let back = look_for_way(acting, (kind, true), (to, from), apart)?;
    Ok(back.map(|way| way.into_iter().rev().collect()))
}

fn look_for_way(
    acting: &Acting<'_>,
    (kind, inward): Side,
    (from, to): (u64, u64),
    apart: bool,
) -> Result<Option<Vec<u64>>, Problem> {
    if !kind.is_order() {
        return Ok(None);
    }
    // Each with the place of the one from which it was reached.
    let mut reached: Vec<(u64, usize)> = vec![(from, 0)];
    let mut known = HashSet::from([from]);
    let mut at = 0;
    while let Some((number, _)) = reached.get(at).copied() {
        for link in acting.desk.links(number)? {
            let LinkTarget::Ticket(next) = link.other else { continue };
            let direct = apart && number == from && next == to;
            if link.inward != inward || link.kind != kind || direct || !known.insert(next) {
                continue;
            }
            reached.push((next, at));
            if next == to {
                return Ok(Some(trace(&reached)));
            }
            if reached.len() > MOST {
                let wrong = format!("more than {MOST} tickets hang together there, too many to look for circles");
                return Err(Problem::value(wrong, "take some of their links away first"));
            }
        }
        at += 1;
    }
    Ok(None)
}

/// The way to the last that was reached, from the first.
fn trace(reached: &[(u64, usize)]) -> Vec<u64> {
    let mut way = Vec::new();
    let mut at = reached.len().saturating_sub(1);
    while let Some((number, before)) = reached.get(at) {
        way.push(*number);
        if at == 0 {
            break;
        }
        at = *before;
    }
    way.reverse();
    way
}

/// Makes or removes a link of the ticket in hand, in the histories of both sides.
pub(super) fn put(acting: &mut Acting<'_>, link: &Link, on: bool) -> Result<(), Problem> {
    let number = acting.ticket.number;
    let change = match (link.inward, &link.other) {
        (true, LinkTarget::Ticket(from)) => {
            Change::Link { ticket: *from, kind: link.kind, target: LinkTarget::Ticket(number), on }
        }
        (_, target) => Change::Link { ticket: number, kind: link.kind, target: target.clone(), on },
    };
    let sides = |link: &Link| if on { (None, Some(link.to_string())) } else { (Some(link.to_string()), None) };
    let (from, to) = sides(link);
    acting.change(FIELD, from, to, change);
    if let LinkTarget::Ticket(other) = link.other {
        let (from, to) = sides(&Link { inward: !link.inward, other: LinkTarget::Ticket(number), ..link.clone() });
        acting.turn_to(other)?;
        let only = acting.is_untouched() || acting.mirrored;
        acting.record(FIELD, from, to);
        acting.mirrored = only;
        acting.turn_to(number)?;
    }
    Ok(())
}
