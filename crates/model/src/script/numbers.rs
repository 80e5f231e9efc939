//! What a bare number in a mail of commands means: a ticket, or a place in the list that the mail answers. `#12` is ticket 12 anywhere.

use super::Does;
use crate::act::Order;
use crate::decide::commands::{self, Command, Kind};

/// What bare numbers mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Numbers<'a> {
    /// Tickets.
    Tickets,
    /// Tickets; a command that names none is for this one.
    Home(u64),
    /// Places in this list of tickets, beginning with 1.
    Places(&'a [u64]),
    /// Nothing, and why: the list is somebody else's, or forgotten.
    Nothing(&'a str),
}

/// A number that was written with `#`.
const WITH_SIGN: u64 = 1 << 62;
/// A range: the first number above the last one.
const RANGE: u64 = 1 << 61;
/// `-1`: the ticket that a command above named so.
const NAMED: u64 = 1 << 60;
/// Bits of each of the two.
const BITS: u32 = 30;

/// A word that names tickets as it was written: `12`, `#12`, `3-5`, `-1`. What it means is settled by [`settle`].
pub(super) fn read(word: &str) -> Option<u64> {
    if let Some(digits) = word.strip_prefix('#') {
        return number(digits).map(|number| number | WITH_SIGN);
    }
    match word.split_once(['-', '–']) {
        Some(("", name)) => number(name).filter(|number| number >> BITS == 0).map(|number| number | NAMED),
        Some((first, last)) => {
            let bounded = |word: &str| number(word).filter(|number| number >> BITS == 0);
            Some(RANGE | bounded(first)? << BITS | bounded(last)?)
        }
        None => number(word),
    }
}

fn number(digits: &str) -> Option<u64> {
    let canonical = !digits.is_empty() && digits.len() <= 18 && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|number| canonical && *number > 0)
}

/// The name, such as -1, if a line gave one instead of a ticket.
pub(crate) fn name_of(ticket: u64) -> Option<i64> {
    (ticket & NAMED != 0).then(|| i64::try_from(ticket & !NAMED).ok().map(|name| -name)).flatten()
}

/// The word again.
pub(super) fn written(read: u64) -> String {
    let (first, last) = ends(read);
    match () {
        () if read & WITH_SIGN != 0 => format!("#{}", read & !WITH_SIGN),
        () if read & NAMED != 0 => format!("-{}", read & !NAMED),
        () if read & RANGE != 0 => format!("{first}-{last}"),
        () => read.to_string(),
    }
}

fn ends(read: u64) -> (u64, u64) {
    let bits = (1 << BITS) - 1;
    (read >> BITS & bits, read & bits)
}

/// The line with the tickets that its numbers mean.
pub(super) fn settle(does: Does, numbers: Numbers<'_>) -> Does {
    let Does::Orders { tickets, orders } = does else { return does };
    let mut meant = Vec::with_capacity(tickets.len());
    for read in tickets {
        if let Err((wrong, cure)) = numbers.add(read, &mut meant) {
            return Does::Wrong { wrong, cure };
        }
    }
    let orders: Result<Vec<Order>, _> = orders.into_iter().map(|order| numbers.order(order)).collect();
    match orders {
        Ok(orders) => Does::Orders { tickets: meant, orders },
        Err((wrong, cure)) => Does::Wrong { wrong, cure },
    }
}

/// What is wrong, and what to write instead.
type Wrong = (String, String);

impl Numbers<'_> {
    /// The ticket of commands that name none.
    pub(super) fn home(self) -> Option<u64> {
        if let Numbers::Home(ticket) = self { Some(ticket) } else { None }
    }

    fn are_tickets(self) -> bool {
        matches!(self, Numbers::Tickets | Numbers::Home(_))
    }

    fn add(self, read: u64, meant: &mut Vec<u64>) -> Result<(), Wrong> {
        if read & WITH_SIGN != 0 {
            meant.push(read & !WITH_SIGN);
            return Ok(());
        }
        // Which ticket that is, only the run knows.
        if read & NAMED != 0 {
            meant.push(read);
            return Ok(());
        }
        if read & RANGE == 0 {
            meant.push(self.one(read)?);
            return Ok(());
        }
        let (first, last) = ends(read);
        if self.are_tickets() || first > last {
            return Err((format!("{} is no ticket", written(read)), "write each number, as in: resolve 4 7".to_owned()));
        }
        // The ends first: a range that leaves the list is not gone through.
        self.one(last)?;
        (first..=last).try_for_each(|place| self.one(place).map(|ticket| meant.push(ticket)))
    }

    /// The ticket of a bare number.
    fn one(self, number: u64) -> Result<u64, Wrong> {
        let instead = || format!("a ticket is written #{number} here");
        match self {
            Numbers::Tickets | Numbers::Home(_) => Ok(number),
            Numbers::Nothing(why) => Err((format!("what is {number}? {why}"), instead())),
            Numbers::Places(list) => {
                let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
                let found = place.and_then(|place| list.get(place)).copied();
                found.ok_or_else(|| (format!("there is no {number} in the list: it ends with {}", list.len()), instead()))
            }
        }
    }

    /// An order whose value names tickets, with those that are meant.
    fn order(self, order: Order) -> Result<Order, Wrong> {
        let Some(command) = commands::find(&order.command).filter(|command| names_tickets(command)) else { return Ok(order) };
        if self.are_tickets() {
            let value = if command.kind == Kind::Question { order.value.trim_start_matches('#') } else { &order.value };
            return Ok(Order { value: value.to_owned(), ..order });
        }
        let mut value = String::with_capacity(order.value.len());
        for piece in order.value.split_inclusive([',', ' ', '\t']) {
            let word = piece.trim_end_matches([',', ' ', '\t']);
            match number(word) {
                Some(number) => value.push_str(&format!("#{}", self.one(number)?)),
                None => value.push_str(word),
            }
            value.push_str(piece.get(word.len()..).unwrap_or_default());
        }
        Ok(Order { value, ..order })
    }
}

/// Whether the value of a command is tickets, as its example tells; of questions those about one ticket.
pub(super) fn names_tickets(command: &Command) -> bool {
    command.example.contains('#') || (command.kind == Kind::Question && command.example == "12")
}
