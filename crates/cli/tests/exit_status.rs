//! What the exit status says, verb by verb: 0 is done, nothing found included; 1 is what is not there, denied or no value; 2 is a command
//! line, or a query, that cannot be understood.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{Site, assert_fails};

/// Ticket 1, which ben may see and no more.
fn site() -> Site {
    let site = Site::new();
    let more = "[[person]]\nlogin = \"ben\"\nname = \"Ben\"\nemail = [\"ben@example.org\"]\nrole = \"staff\"\n[rights]\nstaff = [\"see\"]\n[[grant]]\nto = \"anna\"\nrights = [\"all\"]\n";
    let sample = std::fs::read_to_string(site.path("site.toml")).unwrap();
    std::fs::write(site.path("site.toml"), format!("{sample}\n{more}")).unwrap();
    site.text(&["apply"]);
    site.text(&["ticket", "create", "Printer", "--queue", "support", "--as", "anna"]);
    site
}

#[test]
fn the_exit_status_says_what_kind_of_failure_it_was() {
    let site = site();
    for (status, line, said) in [
        // Denied.
        (1, "ticket set 1 priority=5 --as ben", "ben may not modify #1"),
        (1, "ticket take 1 --as ben", "ben may not take #1"),
        (1, "ticket reply 1 --text x --as ben", "ben may not reply #1"),
        (1, "ticket comment 1 --text x --as ben", "ben may not comment #1"),
        // Nothing of that number or name.
        (1, "ticket show 99", "there is no ticket 99"),
        (1, "ticket reply 99 --text x", "there is no ticket 99"),
        (1, "ticket merge 1 99", "there is no ticket #99"),
        (1, "ticket link 1 child 99", "there is no ticket #99"),
        (1, "ticket clone 99", "there is no ticket 99"),
        (1, "ticket undo 1 999", "#1 has no entry 999"),
        (1, "ticket unmerge 1 99", "#99 did not go into #1"),
        (1, "ticket approve 99", "there is no ticket 99"),
        (1, "ticket approve 1", "no entry of #1 waits"),
        (1, "ticket unforward 1", "#1 was not opened by forwarding"),
        (1, "ticket attachment 1 9", "ticket 1 has no file 9"),
        (1, "ticket list queue:nope", "there is no queue \"nope\""),
        (1, "ticket list owner:nobodyhere", "there is no person"),
        (1, "ticket list @nosuch", "there is no saved search @nosuch"),
        (1, "history --ticket 99", "there is no ticket 99"),
        (1, "mail show 99", "the ledger has no mail 99"),
        (1, "mail explain 99", "the ledger has no mail 99"),
        (1, "mail spam 99", "the ledger has no mail 99"),
        (1, "mail redecode 99 --charset utf-8", "the ledger has no mail 99"),
        (1, "mail quarantine release 99", "the ledger has no row 99"),
        (1, "mail quarantine delete 99", "the ledger has no row 99"),
        (1, "outbox show 99", "the outbox has no mail 99"),
        (1, "outbox retry 99", "the outbox has no mail 99"),
        (1, "outbox discard 99", "the outbox has no mail 99"),
        (1, "queue show nope", "there is no queue \"nope\""),
        (1, "person show nope", "there is no person \"nope\""),
        (1, "person erase nope", "there is no person \"nope\""),
        (1, "person rights nope", "there is no person \"nope\""),
        (1, "group show nope", "there is no group \"nope\""),
        (1, "rule show nope", "there is no rule \"nope\""),
        (1, "template show nope", "there is no template \"nope\""),
        (1, "key retire nope", "there is no key \"nope\""),
        (1, "ticket resolve 1 --as nobodyhere", "there is no person"),
        // A value that is none.
        (1, "ticket set 1 priority=900", "\"900\" is no priority"),
        (1, "ticket wait 1 never", "\"never\" is no date"),
        (1, "person edit anna role=king", "\"king\" is not known here"),
        // A command line that cannot be understood, and a query.
        (2, "ticket frobnicate 1", "unrecognized subcommand"),
        (2, "ticket set 1 nofield=x", "there is no field \"nofield\""),
        (2, "ticket list nosuch:word", "there is no word nosuch:"),
        (2, "ticket list status:nope", "there is no status \"nope\""),
        (2, "search save x nosuch:word", "there is no word nosuch:"),
        (2, "history --since never", "\"never\" is no time"),
        (2, "mail counts --since never", "\"never\" is no time"),
        (2, "mail redecode 99", "--charset"),
        (2, "mail quarantine release", "<ID>"),
        (2, "mail list --limit x", "'--limit <N>'"),
        (2, "completions nosh", "'nosh'"),
    ] {
        let arguments: Vec<&str> = line.split(' ').collect();
        assert_fails(&site.run(&arguments), status, said);
    }
    // Nothing found is an answer.
    for line in ["ticket list text:nothinglikethis", "mail list", "mail quarantine list", "outbox list", "ticket show 1 --as ben"]
    {
        site.text(&line.split(' ').collect::<Vec<_>>());
    }
}
