//! What must come of a row, written from the rules and not from the program.
//!
//! A From line proves nothing. Whoever the border vouches for is proven, once a probe saw it; without a border, a technician is
//! known by answering a mail that went to them as staff. Everybody else may open tickets, and write on those in which they have a
//! part. What claims to be of somebody who works here and proves nothing does nothing on a ticket. Machines' mail only joins.

use crate::world::{From, Mode, Named, Path, Results, Row, Thread, Token, Wish};

/// What must come of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) verdict: &'static str,
    pub(crate) trust: &'static str,
    /// Who is mailed, sorted.
    pub(crate) mailed: Vec<String>,
}

/// Who is told of what happens on the ticket and in its queue.
const TOLD: [From; 2] = [From::Anna, From::Otto];

pub(crate) fn works_here(from: From) -> bool {
    matches!(from, From::Anna | From::Ben | From::Otto)
}

/// The border says whose it is, and is believed.
fn proven(row: &Row) -> bool {
    row.mode == Mode::Strong && row.results == Results::Pass && row.from != From::Nobody
}

/// The mail of ours that it answers went to them.
fn answers_theirs(row: &Row) -> bool {
    match row.thread {
        Thread::Ours => row.from == From::Carla,
        Thread::Staffs | Thread::Comment => TOLD.contains(&row.from),
        _ => false,
    }
}

fn token_is_theirs(row: &Row) -> bool {
    row.token == Token::Own
}

/// Whether it may act as staff: proven, or without a border, by an answer to a mail for staff.
pub(crate) fn is_staff(row: &Row) -> bool {
    works_here(row.from) && (proven(row) || row.mode == Mode::Weak && answers_theirs(row))
}

fn trust(row: &Row) -> &'static str {
    match () {
        () if row.from == From::Nobody => "none",
        () if proven(row) => "authenticated",
        () if token_is_theirs(row) || answers_theirs(row) => "token",
        () => "claimed",
    }
}

/// A token names its ticket whoever has it; an id that a retired key made is nobody's.
fn names_a_ticket(row: &Row) -> bool {
    row.token != Token::Absent || !matches!(row.thread, Thread::Absent | Thread::Old)
}

fn told(row: &Row) -> Vec<From> {
    TOLD.into_iter().filter(|who| *who != row.from).collect()
}

/// Where an acknowledgement goes, if one does: to nobody of ours but who wrote it, and nowhere where nobody asks.
fn acknowledged(row: &Row) -> Option<&'static str> {
    let elsewhere = row.reply_to.address().is_some_and(|address| address != row.from.address());
    let names_number = row.token != Token::Absent || row.thread == Thread::Tag;
    match (row.from, row.reply_to) {
        // Anybody can guess a number, and must not learn whether it exists.
        _ if names_number && (elsewhere || row.wish == Wish::Comment) => None,
        (From::Queue | From::Nobody, _) => None,
        (from, Named::Anna) if from != From::Anna => None,
        (from, named) => Some(named.address().unwrap_or(from.address())),
    }
}

/// A ticket of its own.
fn opened(row: &Row) -> Expected {
    let internal = row.wish == Wish::Comment && works_here(row.from);
    let acknowledged = acknowledged(row).filter(|_| !internal);
    of(row, "created", told(row), acknowledged)
}

fn of(row: &Row, verdict: &'static str, mailed: Vec<From>, more: Option<&str>) -> Expected {
    let mut mailed: Vec<String> = mailed.into_iter().map(|who| who.address().to_owned()).collect();
    mailed.extend(more.map(str::to_owned));
    mailed.sort_unstable();
    mailed.dedup();
    Expected { verdict, trust: trust(row), mailed }
}

pub(crate) fn expected(row: &Row) -> Expected {
    let internal = row.thread == Thread::Comment || row.wish == Wish::Comment;
    if row.path == Path::Null {
        let answers_us = matches!(row.thread, Thread::Ours | Thread::Staffs | Thread::Comment);
        let part = if works_here(row.from) { answers_us } else { row.from == From::Carla && names_a_ticket(row) };
        return if part { of(row, "joined", told(row), None) } else { of(row, "recorded", vec![], None) };
    }
    if row.mode != Mode::Weak && row.results == Results::Fail {
        return of(row, "quarantined", vec![], None);
    }
    if !names_a_ticket(row) {
        return opened(row);
    }
    match () {
        () if is_staff(row) => of_staff(row, internal),
        () if works_here(row.from) => of(row, "quarantined", vec![], None),
        () if row.from == From::Carla && internal => of(row, "commented", told(row), None),
        () if row.from == From::Carla => of(row, "corresponded", told(row), None),
        () if internal => of(row, "quarantined", vec![], None),
        () => opened(row),
    }
}

/// Anna owns the ticket: nobody takes it from her by mail, and she is told what becomes of it.
fn of_staff(row: &Row, internal: bool) -> Expected {
    let carla = Some(From::Carla.address());
    match row.wish {
        // Anna owns the ticket: she takes nothing, and nobody takes it from her so.
        Wish::Take => of(row, "recorded", vec![], None),
        Wish::Resolve => of(row, "commanded", [From::Anna].into_iter().filter(|who| *who != row.from).collect(), carla),
        _ if internal => of(row, "commented", told(row), None),
        _ => of(row, "corresponded", told(row), carla),
    }
}
