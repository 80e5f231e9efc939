//! Every name of RT's CommandByMail (B1), as its users write it: it does what it did there, or is answered with the right form.

use super::*;
use crate::facts::Merged;
use crate::life_cycle::Status;
use crate::site::FieldDefinition;

/// What comes of a line.
#[derive(Debug)]
enum Comes {
    /// The history says this.
    Does(&'static str),
    /// Nothing is done, and the transcript says this.
    Says(&'static str),
}

use Comes::{Does, Says};

/// The whole table, row by row.
const NAMES: &[(&str, Comes)] = &[
    // Basic.
    ("Queue: noc", Does("queue support>noc")),
    ("Subject: Toner", Does("subject Printer on fire>Toner")),
    ("Owner: otto", Does("owner anna>otto")),
    ("Owner: otto@example.org", Does("owner anna>otto")),
    ("Owner: Nobody", Does("owner anna>")),
    ("Status: Stalled", Does("status open>stalled")),
    ("Priority: 70", Does("priority 0>70")),
    ("FinalPriority: 90", Does("final_priority >90")),
    ("Final Priority: 90", Does("final_priority >90")),
    // Dates.
    ("Due: 2030-12-01", Does("due >2030-12-01T23:59:59Z")),
    ("Due: 0", Does("")),
    ("Starts: 2030-12-01", Does("starts >2030-12-01T00:00:00Z")),
    ("Started: 2000-12-01", Does("started >2000-12-01T00:00:00Z")),
    ("Started: 2099-12-01", Says("is still to come")),
    ("Told: 2000-12-01 9:30", Does("told >2000-12-01T09:30:00Z")),
    ("Resolved: 2000-12-01", Says("a ticket that is open is not done yet\n    write it below status: resolved")),
    ("Status: resolved\nResolved: 2000-12-01", Does("status open>resolved, resolved >2000-12-01T00:00:00Z")),
    // Times.
    ("TimeWorked: 15", Does("time_worked 0>15")),
    ("TimeWorked: 15\nTimeWorked: 5", Does("time_worked 0>20")),
    ("TimeEstimated: 60", Does("time_estimated >60")),
    ("TimeLeft: 30", Does("time_left >30")),
    // Watchers.
    ("Requestor: a@b.example", Does("requestors >a@b.example")),
    ("Requestors: a@b.example", Does("requestors >a@b.example")),
    ("AddRequestor: a@b.example", Does("requestors >a@b.example")),
    ("AddRequestors: a@b.example, c@d.example", Does("requestors >a@b.example, requestors >c@d.example")),
    ("DelRequestor: carla@customer.example", Does("requestors carla@customer.example>")),
    ("DelRequestors: carla@customer.example", Does("requestors carla@customer.example>")),
    ("Cc: a@b.example", Does("cc >a@b.example")),
    ("Ccs: a@b.example", Does("cc >a@b.example")),
    ("AddCc: a@b.example\nAddCc: c@d.example", Does("cc >a@b.example, cc >c@d.example")),
    ("AddCcs: a@b.example", Does("cc >a@b.example")),
    ("DelCc: cecil@customer.example", Does("cc cecil@customer.example>")),
    ("DelCcs: cecil@customer.example", Does("cc cecil@customer.example>")),
    ("AdminCc: otto", Does("admincc >otto@example.org")),
    ("AdminCcs: otto", Does("admincc >otto@example.org")),
    ("AddAdminCc: otto", Does("admincc >otto@example.org")),
    ("AddAdminCcs: otto", Does("admincc >otto@example.org")),
    ("DelAdminCc: otto", Does("")),
    ("DelAdminCcs: otto", Does("")),
    ("AddAdminCc: group:noc", Says("groups watch queues, not tickets")),
    // Roles.
    ("CustomRole.{Engineer}: otto", Says("a site has no roles of its own here: write owner")),
    ("CR.{Engineer}: otto", Says("a site has no roles of its own here: write owner")),
    ("CR.[Engineer]: otto", Says("a site has no roles of its own here: write owner")),
    ("CR.(Engineer): otto", Says("a site has no roles of its own here: write owner")),
    ("AddCustomRole.{Engineer}: otto", Says("a site has no roles of its own here: write owner")),
    ("DelCR.{Engineer}: otto", Says("a site has no roles of its own here: write owner")),
    ("Status: stalled\nCR.{Engineer}: otto", Says("a site has no roles of its own here: write owner")),
    // Links.
    ("DependsOn: 7", Does("link >depends-on #7")),
    ("AddDependsOn: 7", Does("link >depends-on #7")),
    ("DelDependsOn: 8", Does("")),
    ("DependedOnBy: 7", Does("link >depended-on-by #7")),
    ("AddDependedOnBy: 7", Does("link >depended-on-by #7")),
    ("DelDependedOnBy: 7", Does("")),
    ("RefersTo: 7", Does("link >refers-to #7")),
    ("RefersTo: https://tracker.example/issues/7", Does("link >refers-to https://tracker.example/issues/7")),
    ("AddRefersTo: 7", Does("link >refers-to #7")),
    ("DelRefersTo: 8", Does("link refers-to #8>")),
    ("ReferredToBy: 7", Does("link >referred-to-by #7")),
    ("AddReferredToBy: 7", Does("link >referred-to-by #7")),
    ("DelReferredToBy: 7", Does("")),
    ("MemberOf: 7", Does("link >member-of #7")),
    ("AddMemberOf: 7", Does("link >member-of #7")),
    ("DelMemberOf: 7", Does("")),
    ("Parents: 7", Does("link >member-of #7")),
    ("Parent: 7", Does("link >member-of #7")),
    ("AddParents: 7", Does("link >member-of #7")),
    ("AddParent: 7", Does("link >member-of #7")),
    ("DelParents: 7", Does("")),
    ("Members: 7", Does("link >has-member #7")),
    ("Member: 7", Does("link >has-member #7")),
    ("AddMembers: 7", Does("link >has-member #7")),
    ("AddMember: 7", Does("link >has-member #7")),
    ("DelMembers: 7", Does("")),
    ("Children: 7", Does("link >has-member #7")),
    ("AddChildren: 7", Does("link >has-member #7")),
    ("AddChild: 7", Does("link >has-member #7")),
    ("DelChildren: 7", Does("")),
    ("HasMember: 7", Does("link >has-member #7")),
    ("AddHasMember: 7", Does("link >has-member #7")),
    ("DelHasMember: 7", Does("")),
    // Fields.
    ("CustomField.{Customer}: ACME", Does("field.Customer >ACME")),
    ("CustomField.[Customer]: ACME", Does("field.Customer >ACME")),
    ("CF.{Customer}: ACME", Does("field.Customer >ACME")),
    ("CF-Customer: ACME", Does("field.Customer >ACME")),
    ("CF.Customer: ACME", Does("field.Customer >ACME")),
    ("AddCustomField.{Rooms}: 12", Does("field.Rooms >12")),
    ("AddCF.{Rooms}: 12\nAddCF.{Rooms}: 14", Does("field.Rooms >12, field.Rooms >14")),
    ("DelCustomField.{Rooms}: 12", Does("")),
    ("DelCF.{Rooms}: 12", Does("")),
    ("CF.{Custmer}: ACME", Says("there is no field \"Custmer\"\n    did you mean 'Customer'? the fields of queue support are")),
    // Fields of what is written.
    (
        "TransactionCustomField.{Shift}: night",
        Says("what is written has no fields here, its ticket has: write field.NAME: VALUE"),
    ),
    ("TxnCF.{Shift}: night", Says("what is written has no fields here, its ticket has: write field.NAME: VALUE")),
    ("AddTxnCustomField.{Shift}: night", Says("what is written has no fields here, its ticket has: write field.NAME: VALUE")),
];

fn rt() -> World {
    let mut w = world();
    w.watchers = vec![(5, WatchRole::Requestor, CARLA), (5, WatchRole::Cc, "cecil@customer.example")];
    let other = |number| Ticket { number, subject: "Paper".into(), status: Status::OPEN, ..w.tickets[0].clone() };
    let others = [other(7), other(8)];
    w.tickets.extend(others);
    w.merges = Vec::<Merged>::new();
    w.links = vec![(5, crate::link::LinkKind::RefersTo, crate::link::LinkTarget::Ticket(8))];
    let field = |name: &str, many| FieldDefinition { name: name.into(), many, ..FieldDefinition::default() };
    w.site.fields = vec![field("Customer", false), field("Rooms", true)];
    w
}

#[test]
fn b1_every_name_of_command_by_mail_works_or_is_answered_with_the_right_form() {
    let w = rt();
    let mut wrong = Vec::new();
    for (block, comes) in NAMES {
        let d = decided(&w, &anna(&w, &format!("{block}\n")));
        let word = |value: &Option<String>| value.clone().unwrap_or_default();
        let entries =
            d.changes.iter().filter_map(|c| if let Change::Entry { ticket: 5, entry } = c { Some(entry) } else { None });
        let done: Vec<String> =
            entries.flat_map(|e| e.changes.iter().map(|c| format!("{} {}>{}", c.field, word(&c.from), word(&c.to)))).collect();
        let good = match comes {
            Does("") => done.is_empty() && !text_of(&d).contains("None of your commands"),
            Does(what) => done.join(", ") == *what,
            Says(what) => {
                done.is_empty()
                    && text_of(&d)
                        .split_whitespace()
                        .collect::<Vec<_>>()
                        .join(" ")
                        .contains(&what.split_whitespace().collect::<Vec<_>>().join(" "))
            }
        };
        if !good || matches!(d.verdict, Verdict::Corresponded) && text_of(&d).is_empty() {
            wrong.push(format!("{block:?}: {comes:?}, but {} {done:?}: {}", d.verdict.as_str(), text_of(&d)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
