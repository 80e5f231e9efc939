//! What is asked. LAST stands for the number of the last ticket but some, SINCE for its time, UNTIL for the time of one of the first.

use postern_core::view::history::{Doer, HistoryQuery};
use std::fmt;

/// A question, how much of the answer is wanted, and who asks.
pub(crate) struct Case {
    pub(crate) what: What,
    pub(crate) limit: Option<u64>,
    pub(crate) sees: Sees,
}

/// Changes a question about history; knows a time and a ticket.
type With = fn(&mut HistoryQuery, (i64, u64));

pub(crate) enum What {
    List(&'static str),
    History(With, &'static str),
    Master,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sees {
    Everything,
    /// Every fourth ticket.
    OneQueue,
    /// A few tickets of all.
    SmallQueue,
    /// All tickets, comments in one queue.
    Mixed,
    /// Where they are requestor, Cc or owner: a few.
    Own,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.what {
            What::List(query) => write!(f, "{query}")?,
            What::History(_, words) => write!(f, "history {words}")?,
            What::Master => write!(f, "ticket show of a master")?,
        }
        if let Some(limit) = self.limit {
            write!(f, " --limit {limit}")?;
        }
        f.write_str(match self.sees {
            Sees::Everything => "",
            Sees::OneQueue => " [sees one queue]",
            Sees::SmallQueue => " [sees a small queue]",
            Sees::Mixed => " [reads comments of one queue]",
            Sees::Own => " [sees their own]",
        })
    }
}

const fn all(query: &'static str) -> Case {
    Case { what: What::List(query), limit: None, sees: Sees::Everything }
}

const fn first(query: &'static str) -> Case {
    Case { limit: Some(50), ..all(query) }
}

const fn by(sees: Sees, query: &'static str) -> Case {
    Case { sees, ..all(query) }
}

const fn first_by(sees: Sees, query: &'static str) -> Case {
    Case { sees, ..first(query) }
}

const fn history(with: With, words: &'static str) -> Case {
    Case { what: What::History(with, words), limit: None, sees: Sees::Everything }
}

const fn last(with: With, words: &'static str) -> Case {
    Case { limit: Some(50), ..history(with, words) }
}

pub(crate) const CASES: &[Case] = &[
    // Each word of the language, of something rare.
    all("id:>LAST"),
    all("queue:rare"),
    all("status:stalled"),
    all("is:waiting"),
    all("owner:anna"),
    all("owner:anna@example.org"),
    all("is:mine"),
    all("@mine"),
    all("watcher:ben -status:inactive"),
    all("@desk"),
    all("requestor:rare@example.net"),
    all("cc:ben"),
    all("admincc:ben"),
    all("watcher:ben"),
    all("priority:>50"),
    all("created:>SINCE"),
    all("updated:>SINCE"),
    all("due:2030-01-01"),
    all("due:>2029-01-01"),
    all("is:overdue"),
    all("@overdue"),
    all("resolved:2031-01-01"),
    all("started:2032-01-01"),
    all("starts:2033-01-01"),
    all("told:2034-01-01"),
    all("worked:>SINCE"),
    all("actor:ben"),
    all("tag:rare"),
    all("field.Customer:ACME"),
    all("depends:1"),
    all("blocks:3"),
    all("parent:1"),
    all("child:3"),
    all("refers:1"),
    all("referred:3"),
    all("undelivered:any"),
    all("undelivered:lost@example.net"),
    // Full text.
    all("zanzibar"),
    all("zanzi*"),
    all("\"quick brown zebra\""),
    all("\"quick brown zeb\"*"),
    all("subject:zebra"),
    all("subject:zeb*"),
    all("\"zebra-plan.pdf\""),
    all("common zanzibar"),
    all("comm* zanzibar"),
    all("zanzibar -nothing*"),
    all("zanzibar comm* zeb*"),
    all("common \"zanzibar and\""),
    all("status:stalled queue:rare common tag:rare"),
    all("(zanzibar or tag:rare) -queue:support"),
    all("zanzibar or tag:rare or owner:anna"),
    all("tag:rare -nothing*"),
    all("tag:rare -zanzi* or owner:anna comm*"),
    // In an order.
    all("tag:rare sort:-updated"),
    all("tag:rare sort:id"),
    all("tag:rare sort:queue sort:-priority"),
    all("tag:rare sort:status"),
    all("tag:rare sort:owner"),
    all("tag:rare sort:-priority"),
    all("tag:rare sort:subject"),
    all("tag:rare sort:created"),
    all("tag:rare sort:due"),
    all("tag:rare sort:resolved"),
    all("tag:rare sort:started"),
    all("tag:rare sort:starts"),
    all("tag:rare sort:told"),
    // The first of many.
    first(""),
    first("sort:id"),
    first("sort:-updated"),
    first("sort:updated"),
    first("sort:created"),
    first("sort:-created"),
    first("sort:due"),
    first("sort:-due"),
    first("sort:-resolved"),
    first("sort:-started"),
    first("sort:starts"),
    first("sort:-told"),
    first("sort:-priority"),
    first("sort:queue"),
    first("sort:owner"),
    first("sort:status"),
    first("sort:subject"),
    first("common"),
    first("comm*"),
    first("common sort:-updated"),
    first("comm* sort:-updated"),
    first("common sort:-priority"),
    first("common sort:-created"),
    first("common sort:due"),
    first("subject:question"),
    first("common -zanzibar"),
    first("-zanzibar sort:-updated"),
    first("status:resolved"),
    first("status:resolved sort:-resolved"),
    first("is:open"),
    first("is:open sort:-updated"),
    first("is:open sort:-priority"),
    first("is:open sort:created"),
    first("is:untaken"),
    first("@untaken"),
    first("@untaken sort:created"),
    first("is:taken"),
    first("queue:support"),
    first("queue:support sort:-updated"),
    first("queue:support is:open sort:-priority"),
    first("queue:support owner:nobody common"),
    first("queue:support or queue:lab"),
    first("owner:cleo"),
    first("owner:cleo is:closed sort:-resolved"),
    first("tag:printer"),
    first("tag:printer tag:mail sort:-updated"),
    first("tag:none"),
    first("tag:none queue:office common"),
    first("field.Customer:none"),
    first("due:none is:open"),
    first("due:<2030-01-01"),
    first("started:<2030-01-01 sort:-started"),
    first("priority:0"),
    first("priority:>10"),
    first("created:<SINCE"),
    first("updated:<SINCE sort:-updated"),
    first("worked:<SINCE"),
    first("actor:ben or common"),
    first("-tag:rare sort:-id"),
    // What some people see.
    first_by(Sees::OneQueue, ""),
    first_by(Sees::OneQueue, "sort:-updated"),
    first_by(Sees::OneQueue, "common"),
    first_by(Sees::OneQueue, "is:open sort:-updated"),
    first_by(Sees::OneQueue, "@untaken"),
    by(Sees::SmallQueue, ""),
    by(Sees::SmallQueue, "zanzibar"),
    by(Sees::SmallQueue, "common"),
    by(Sees::SmallQueue, "is:open sort:-updated"),
    first_by(Sees::SmallQueue, ""),
    first_by(Sees::SmallQueue, "common"),
    first_by(Sees::SmallQueue, "comm*"),
    first_by(Sees::SmallQueue, "is:open sort:-updated"),
    first_by(Sees::Mixed, "common"),
    first_by(Sees::Mixed, "common sort:-updated"),
    first_by(Sees::Mixed, "comm*"),
    by(Sees::Mixed, "requestor:rare@example.net common"),
    by(Sees::Own, ""),
    by(Sees::Own, "zanzibar"),
    by(Sees::Own, "common"),
    by(Sees::Own, "is:open sort:-updated"),
    first_by(Sees::Own, ""),
    first_by(Sees::Own, "common"),
    first_by(Sees::Own, "is:open sort:-updated"),
    first_by(Sees::Own, "is:untaken or common"),
    // What happened.
    history(|query, (since, _)| query.since = Some(since), "--since SINCE"),
    last(|query, (since, _)| query.until = Some(since), "--until SINCE"),
    history(|query, _| query.actor = Some(Doer::Person(2)), "--actor ben"),
    last(|query, _| query.actor = Some(Doer::Person(2)), "--actor ben"),
    history(|query, (_, last)| query.ticket = Some(last), "--ticket LAST"),
    history(|query, (_, last)| (query.ticket, query.since) = (Some(last), Some(0)), "--ticket LAST --since 2020-01-01"),
    last(|_, _| {}, ""),
    last(|query, _| query.queue = Some("support".to_owned()), "--queue support"),
    last(|query, _| query.kind = Some("create".to_owned()), "--kind create"),
    history(|query, _| query.queue = Some("rare".to_owned()), "--queue rare"),
    history(|query, _| query.kind = Some("note".to_owned()), "--kind note"),
    history(|query, _| query.field = Some("owner".to_owned()), "--field owner"),
    Case { what: What::Master, limit: None, sees: Sees::Everything },
];
