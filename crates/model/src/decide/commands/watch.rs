//! `mute` and `subscribe`: whether oneself hears of a ticket. Whoever may see it may say so of themselves.

use super::{Command, Kind, Problem, cure, nothing_behind};
use crate::decide::acting::Acting;
use crate::decision::Change;
use crate::rights::Right;
use crate::types::{Party, WatchRole};

pub(super) const MUTE: Command = Command {
    name: "mute",
    aliases: &["unsubscribe"],
    kind: Kind::Verb,
    example: "",
    help: "you get no more mail about it",
    right: Some(Right::See),
    run: |acting, _, value| {
        nothing_behind("mute", value)?;
        let (party, squelched) = oneself(acting)?;
        if !squelched {
            squelch(acting, party.address, true);
        }
        Ok(())
    },
};

pub(super) const SUBSCRIBE: Command = Command {
    name: "subscribe",
    aliases: &["unmute"],
    kind: Kind::Verb,
    example: "",
    help: "you hear of it: as AdminCc where you may see comments, else as Cc",
    right: Some(Right::See),
    run: |acting, _, value| {
        nothing_behind("subscribe", value)?;
        let (party, squelched) = oneself(acting)?;
        if squelched {
            squelch(acting, party.address.clone(), false);
        }
        let watches = acting.watchers.iter().any(|(_, watcher)| watcher.address == party.address);
        let owns = acting.ticket.owner.as_ref().is_some_and(|owner| Some(owner.id) == party.person);
        if watches || owns {
            return Ok(());
        }
        let role = if acting.may(Right::SeeComments)?.allowed { WatchRole::AdminCc } else { WatchRole::Cc };
        let (number, address) = (acting.ticket.number, party.address.clone());
        acting.watchers.push((role, party.clone()));
        acting.change(role.as_str(), None, Some(address), Change::AddWatcher { ticket: number, role, party });
        Ok(())
    },
};

/// Whoever acts, and whether they get no mail about the ticket in hand.
fn oneself(acting: &Acting<'_>) -> Result<(Party, bool), Problem> {
    let person = acting.person().ok_or_else(|| Problem::value("the system gets no mail", cure::say_who()))?;
    let party = Party::from(person);
    let squelched = acting.squelched()?.contains(&party.address);
    Ok((party, squelched))
}

fn squelch(acting: &mut Acting<'_>, address: String, on: bool) {
    let ticket = acting.ticket.number;
    let word = Some(address.clone());
    let (from, to) = if on { (None, word) } else { (word, None) };
    acting.change("squelch", from, to, Change::Squelch { ticket, address, on });
}
