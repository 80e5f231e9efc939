//! What everything that can be done takes, said without a look at the program.

/// What is wanted of a command: an order that changes something, and what it takes.
pub(super) struct Wanted {
    pub(super) command: &'static str,
    pub(super) order: &'static str,
    pub(super) takes: Takes,
}

/// What something takes of whoever does it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Takes {
    /// These rights on the ticket.
    Rights(&'static [&'static str]),
    /// The same, on a ticket that nobody owns, of somebody who works here.
    OnNobodys(&'static [&'static str]),
    /// The same, on somebody else's ticket, of somebody who works here.
    OnSomebodys(&'static [&'static str]),
    /// These rights in the ticket's queue and in the other.
    InBoth(&'static [&'static str]),
    /// These rights on the ticket and on another of the queue, on which whoever does it is nothing.
    BesideAnothers(&'static [&'static str]),
    /// These rights in the queue: there is no ticket on which anybody is anything.
    InQueue(&'static [&'static str]),
    /// These rights, but nothing of whoever owns the ticket.
    UnlessOwner(&'static [&'static str]),
    /// No right, but to have been asked, and to be here still.
    ToBeAsked,
    /// Nothing at all.
    Nothing,
    /// Nobody does it, whatever they are given.
    OfNobody,
}

use Takes::*;

const fn wanted(command: &'static str, order: &'static str, takes: Takes) -> Wanted {
    Wanted { command, order, takes }
}

const MODIFY: Takes = Rights(&["modify"]);
/// What somebody may not see is not there for them.
const LINK: Takes = InBoth(&["link", "see"]);
/// Both are one history from then on.
const MERGE: Takes = InBoth(&["link", "see", "see-comments"]);
/// What went into the ticket is known by its history.
const UNMERGE: Takes = InBoth(&["link"]);

/// Every command that changes something. Tickets 3, which went into 5, 6 and 8 are in the other queue; 7 is in the same.
pub(super) const WANTED: &[Wanted] = &[
    wanted("status", "status=stalled", MODIFY),
    wanted("owner", "owner=otto", MODIFY),
    wanted("subject", "subject=Other", MODIFY),
    wanted("queue", "queue=noc", InBoth(&["move"])),
    wanted("priority", "priority=high", MODIFY),
    wanted("final_priority", "final_priority=high", MODIFY),
    wanted("due", "due=+3d", MODIFY),
    wanted("starts", "starts=+3d", MODIFY),
    wanted("wakes", "wakes=+3d", MODIFY),
    wanted("started", "started=yesterday", MODIFY),
    wanted("told", "told=yesterday", MODIFY),
    wanted("resolved", "resolved=yesterday", MODIFY),
    wanted("requestors", "requestors+=dora@new.example", Rights(&["watch"])),
    wanted("cc", "cc+=dora@new.example", Rights(&["watch"])),
    wanted("admincc", "admincc+=otto", Rights(&["watch", "see-comments"])),
    wanted("squelch", "squelch+=carla@customer.example", Rights(&["watch"])),
    wanted("time_worked", "time_worked+=20", MODIFY),
    wanted("time_worked", "time_worked+=20 anna", MODIFY),
    wanted("time_for", "time_for+=20 anna", MODIFY),
    wanted("time_estimated", "time_estimated=4h", MODIFY),
    wanted("time_left", "time_left=1h20", MODIFY),
    wanted("tags", "tags+=printer", MODIFY),
    wanted("field", "field.Customer=ACME", MODIFY),
    wanted("take", "take", OnNobodys(&["take", "own"])),
    wanted("steal", "steal", OnSomebodys(&["steal", "own"])),
    wanted("untake", "untake", UnlessOwner(&["modify"])),
    wanted("depends", "depends+=#6", LINK),
    wanted("depends", "depends+=#7", BesideAnothers(&["link", "see"])),
    wanted("blocks", "blocks+=#6", LINK),
    wanted("blocks", "blocks+=#7", BesideAnothers(&["link", "see"])),
    wanted("parent", "parent+=#6", LINK),
    wanted("child", "child+=#6", LINK),
    wanted("refers", "refers+=#6", LINK),
    wanted("refers", "refers-=#8", LINK),
    // What is replaced is taken away.
    wanted("refers", "refers=#6", LINK),
    wanted("refers", "refers+=https://tracker.example/issues/7", Rights(&["link"])),
    wanted("referredto", "referredto+=#6", LINK),
    wanted("link", "link child #6", LINK),
    wanted("link", "link child #7", BesideAnothers(&["link", "see"])),
    wanted("unlink", "unlink refers #8", LINK),
    wanted("merge", "merge #6", MERGE),
    wanted("merge", "merge #7", BesideAnothers(&["link", "see", "see-comments"])),
    wanted("unmerge", "unmerge #3", UNMERGE),
    wanted("merged", "merged+=#6", MERGE),
    wanted("merged", "merged+=#7", BesideAnothers(&["link", "see", "see-comments"])),
    wanted("merged", "merged-=#3", UNMERGE),
    wanted("split", "split 17 Paper", Rights(&["link", "create"])),
    // An internal note.
    wanted("split", "split 18 Paper", Rights(&["link", "create", "see-comments"])),
    wanted("clone", "clone", Rights(&["link", "create"])),
    wanted("open", "open", MODIFY),
    wanted("stall", "stall", MODIFY),
    wanted("wait", "wait +3d", MODIFY),
    wanted("resolve", "resolve", MODIFY),
    wanted("close", "close", MODIFY),
    wanted("reject", "reject", MODIFY),
    // Somebody has not given the approval that was asked.
    wanted("resolve", "resolve anyway", Rights(&["modify", "administer"])),
    wanted("approvers", "approvers+=anna", MODIFY),
    wanted("approvers", "approvers-=anna", MODIFY),
    wanted("ask", "ask anna", MODIFY),
    wanted("unask", "unask anna", MODIFY),
    wanted("accept", "accept", ToBeAsked),
    wanted("decline", "decline not yet", ToBeAsked),
    // One's own, and what somebody else did.
    wanted("undo", "undo", MODIFY),
    wanted("undo", "undo 31", Rights(&["modify", "administer"])),
    wanted("mute", "mute", Rights(&["see"])),
    wanted("subscribe", "subscribe", Rights(&["see"])),
    // By another name.
    wanted("owner", "assign=nobody", UnlessOwner(&["modify"])),
    // Oneself: what one is told of, one must be let see.
    wanted("cc", "cc+=holder@example.com", Rights(&["see"])),
    wanted("admincc", "admincc+=holder@example.com", Rights(&["see-comments"])),
    wanted("requestors", "requestors+=holder@example.com", Rights(&["watch"])),
    wanted("squelch", "squelch+=holder@example.com", Rights(&["see"])),
];

/// Orders that are somebody's: the system owns, hears and approves nothing, and did nothing before.
pub(super) const NOT_OF_THE_SYSTEM: &[&str] = &["take", "steal", "accept", "decline not yet", "undo", "mute", "subscribe"];

/// Every question: a word that stands in the answer for those who may read it, and for nobody else.
pub(super) const QUESTIONS: &[(&str, &str, Takes)] = &[
    ("help", "what can be written", Nothing),
    ("whoami", "holder@example.com", Nothing),
    ("show", "Printer on fire", Rights(&["see"])),
    ("show 5", "In the open", Rights(&["see"])),
    ("show 5", "Among us", Rights(&["see", "see-comments"])),
    ("show 7", "Paper", BesideAnothers(&["see"])),
    ("history", "Printer on fire", Rights(&["see"])),
    ("history", "internal", Rights(&["see", "see-comments"])),
    ("list queue:support", "Printer on fire", Rights(&["see"])),
    ("list queue:support", "Paper", BesideAnothers(&["see"])),
    ("mine", "Printer on fire", Rights(&["see"])),
    ("untaken", "Printer on fire", Rights(&["see"])),
];

/// Everything else that can be done, by the names that the matrix gives each deed.
pub(super) const DEEDS: &[(&str, Takes)] = &[
    ("create", InQueue(&["create"])),
    ("create internally", InQueue(&["create", "comment"])),
    ("reply", Rights(&["reply"])),
    ("comment", Rights(&["comment"])),
    ("unforward", Rights(&["watch"])),
    ("approve", Rights(&["reply"])),
    ("forward", Rights(&["reply", "see-comments"])),
    // The clock does.
    ("wake", OfNobody),
];
