//! Commands as people know them from other trackers, where a name alone does not carry them over: debbugs' `block 3 by 4`, which has the
//! tickets the other way round, and names for which there is nothing here, which are answered with what there is.

use super::control::all_leading;
use super::line::is_space;
use super::{Does, numbers, shown};
use crate::act::{Operator, Order};

/// Names of other trackers that mean nothing here, in lower case and without what stands between their words, and what to write instead.
const FOREIGN: &[(&str, &str)] = &[
    ("transactioncustomfield", ENTRY_FIELD),
    ("transactioncf", ENTRY_FIELD),
    ("txncustomfield", ENTRY_FIELD),
    ("txncf", ENTRY_FIELD),
    ("customrole", ROLE),
    ("cr", ROLE),
    ("forcemerge", "say which goes into which: merge 4 3, and #4 goes into #3"),
    ("found", VERSIONS),
    ("notfound", VERSIONS),
    ("fixed", VERSIONS),
    ("notfixed", VERSIONS),
    ("notforwarded", "write 3 refers-=https://tracker.example/issues/7"),
    ("archive", "write close 3: an answer opens a new ticket then"),
    ("unarchive", "write reopen 3"),
    ("package", "write limit queue:noc: lines below do nothing to other tickets then"),
    ("summary", "write retitle 3 and what it is to be called"),
    ("outlook", "answer the ticket's mail, with !comment on the first line"),
    ("affects", "write 3 refers=#4, or 3 tags+=printer"),
    ("user", "write 3 tags+=printer"),
    ("usertag", "write 3 tags+=printer"),
    ("usertags", "write 3 tags+=printer"),
    ("send", "write show 3"),
    ("get", "write show 3"),
    ("index", "write mine, untaken, or list queue:noc status:open"),
];

const ENTRY_FIELD: &str = "what is written has no fields here, its ticket has: write field.NAME: VALUE";
const ROLE: &str =
    "a site has no roles of its own here: write owner, requestors, cc or admincc, or a field such as field.NAME: VALUE";
const VERSIONS: &str = "tickets know no versions here: write 3 tags+=WORD, or 3 field.NAME=VALUE";

/// What to write instead of a name that means something elsewhere, CommandByMail's `Add` and `Del` before it too.
pub(super) fn foreign(name: &str) -> Option<Does> {
    // `CustomRole.{Engineer}` is one of them as a whole; without its dot it could begin a sentence.
    let (head, dotted) = name.split_once('.').map_or((name, false), |(head, _)| (head, true));
    let folded: String = head.chars().take(40).filter(|c| !matches!(c, ' ' | '-' | '_')).flat_map(char::to_lowercase).collect();
    let bare = folded.strip_prefix("add").or_else(|| folded.strip_prefix("del")).filter(|_| dotted).unwrap_or(&folded);
    let (_, cure) = FOREIGN.iter().find(|(known, cure)| *known == bare && dotted == [ENTRY_FIELD, ROLE].contains(cure))?;
    Some(Does::Wrong { wrong: format!("there is nothing like {:?} here", shown(name)), cure: (*cure).to_owned() })
}

/// A line in debbugs' own form. `tickets`: those that stand in front of it.
pub(super) fn read(tickets: &[u64], line: &str) -> Option<Does> {
    let (name, rest) = line.split_once(is_space)?;
    let (named, value) =
        if tickets.is_empty() { all_leading(rest.trim_start_matches(is_space)) } else { (tickets.to_vec(), rest) };
    let order = |command: &str, operator, value: String| Order { command: command.to_owned(), operator, value };
    let order = match name.to_ascii_lowercase().as_str() {
        // 3 cannot be done before 4.
        "block" => order("depends", Operator::Add, others(value)?),
        "unblock" => order("depends", Operator::Remove, others(value)?),
        "forwarded" => order("refers", Operator::Add, value.to_owned()),
        "submitter" => order("requestors", Operator::Set, if value == "!" { "me".to_owned() } else { value.to_owned() }),
        // Whatever 3 went into, it is 3 that comes out.
        "unmerge" if value.is_empty() => order("unmerge", Operator::Set, numbers::written(*named.first()?)),
        _ => return None,
    };
    let one = !named.is_empty() && (order.command != "unmerge" || named.len() == 1);
    (one && !order.value.is_empty()).then(|| Does::Orders { tickets: named, orders: vec![order] })
}

/// The tickets of `by 4 5`.
fn others(value: &str) -> Option<String> {
    let (word, rest) = value.trim_start_matches(is_space).split_once(is_space)?;
    let (others, after) = all_leading(rest.trim_start_matches(is_space));
    let good = matches!(word.to_ascii_lowercase().as_str(), "by" | "with") && after.is_empty() && !others.is_empty();
    good.then(|| others.into_iter().map(numbers::written).collect::<Vec<_>>().join(", "))
}
