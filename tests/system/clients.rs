//! What mail clients make of our mails (A168): a conversation through the built programs, then each person's mailbox
//! threaded as Thunderbird, Gmail and Outlook do it. And what every mail's header must say, and the List-Unsubscribe link.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod acts;
mod threads;

use acts::{Desk, answer};
use harness::client::Reply;
use harness::eml::Eml;
use harness::mail::{Mail, bare};
use harness::site::{ANNA, BEN, CARLA, Site, only_to, recipients};
use mailparse::{MailAddr, addrparse, dateparse, parse_mail};
use postern_core::model::{Deed, Writing};
use serde_json::Value;
use std::collections::BTreeSet;
use threads::{CLIENTS, Seen, gmail, outlook, thunderbird};

const DORA: &str = "Dora <dora@example.net>";
const PEOPLE: &[&str] = &["carla@example.net", "dora@example.net", "emil@example.net", "anna@example.org", "ben@example.org"];
const CUSTOMERS: &[&str] = &["carla@example.net", "dora@example.net", "emil@example.net"];

/// One queue. Emil watches it from outside; Anna and Ben work on it.
const SITE: &str = r#"
[[queue]]
name = "support"
address = "support@example.org"
comment_address = "support-comment@example.org"
from_name = "Support"
cc = ["emil@example.net"]
admincc = ["anna", "ben"]

[[person]]
login = "anna"
name = "Anna"
email = ["anna@example.org"]
role = "staff"

[[person]]
login = "ben"
name = "Ben"
email = ["ben@example.org"]
role = "staff"
"#;

/// A conversation: what we sent, step by step, and what each person wrote, by Message-ID.
struct Conversation {
    site: Site,
    steps: Vec<(&'static str, Vec<Mail>)>,
    written: Vec<(String, Eml)>,
}

impl Conversation {
    fn begin() -> Self {
        let site = Site::with(SITE, "directory:outgoing");
        Conversation { site, steps: Vec::new(), written: Vec::new() }
    }

    /// Somebody writes; the mails that go out for it are a step of the conversation.
    #[track_caller]
    fn write(&mut self, step: &'static str, from: &str, eml: Eml, action: &str) {
        let row = self.site.arrive(&eml.bytes(), &["--queue", "support", "--action", action]);
        assert_eq!(row["ticket"], 1, "{step}: {row}");
        assert_ne!(row["verdict"], "quarantined", "{step}: {row}");
        self.written.push((bare(from), eml));
        self.steps.push((step, self.site.run_outbox()));
    }

    /// Somebody answers the last mail that they got from us.
    #[track_caller]
    fn answer(&mut self, step: &'static str, from: &str, action: &str) {
        let all = self.sent();
        let last = all.iter().rfind(|mail| mail.envelope_to == bare(from)).unwrap_or_else(|| panic!("{step}: no mail to answer"));
        let to = if action == "comment" { "support-comment@example.org" } else { "support@example.org" };
        let reply = Reply::to(last, from).readdressed(to).text(&format!("What I say to {step}."));
        self.write(step, from, reply.eml(), action);
    }

    /// Everything that we sent, in order.
    fn sent(&self) -> Vec<Mail> {
        self.steps.iter().flat_map(|(_, mails)| mails.clone()).collect()
    }

    /// What we sent to somebody, in order.
    fn mailbox(&self, address: &str) -> Vec<Seen> {
        self.sent().iter().filter(|mail| mail.envelope_to == address).map(Seen::of).collect()
    }

    /// What we sent somebody and what they wrote themselves, in order.
    fn mailbox_with_own(&self, address: &str) -> Vec<Seen> {
        let mut all = Vec::new();
        for ((from, eml), (_, mails)) in self.written.iter().zip(&self.steps) {
            all.extend((from == address).then(|| Seen::read(&eml.bytes())));
            all.extend(mails.iter().filter(|mail| mail.envelope_to == address).map(Seen::of));
        }
        all
    }

    /// The ids of somebody's own mails.
    fn own_ids(&self, address: &str) -> BTreeSet<String> {
        self.written.iter().filter(|(from, _)| from == address).map(|(_, eml)| eml.message_id()).collect()
    }

    fn step(&self, name: &str) -> &[Mail] {
        &self.steps.iter().find(|(step, _)| *step == name).unwrap().1
    }
}

/// A customer asks with Dora in Cc, and everybody takes part.
fn conversation() -> Conversation {
    let mut all = Conversation::begin();
    let question = Eml::new(CARLA, "support@example.org").header("Cc", DORA);
    all.write("the question", CARLA, question, "correspond");
    all.answer("the answer", ANNA, "correspond");
    all.answer("the second question", CARLA, "correspond");
    all.answer("a word of the Cc", DORA, "correspond");
    all.answer("a comment", BEN, "comment");
    all.answer("a comment on it", ANNA, "comment");
    // Anna answers a mail that customers' words came with: an answer to a comment would stay internal.
    let words = only_to(all.step("a word of the Cc"), "anna@example.org").clone();
    all.write("the end", ANNA, Reply::to(&words, ANNA).text("The fire is out.").eml(), "correspond-resolve");
    all.answer("the reopening", CARLA, "correspond");
    all.answer("a second word of the Cc", DORA, "correspond");
    let words = only_to(all.step("a second word of the Cc"), "ben@example.org").clone();
    all.write("the resolution", BEN, Reply::to(&words, BEN).eml(), "resolve");
    all
}

/// The parts of one of our ids: ticket, entry, audience. `None`: it is not of our form.
fn own(id: &str) -> Option<(u64, u64, &str)> {
    let (local, domain) = id.split_once('@')?;
    let [key, ticket, entry, audience, signature] = local.split('.').collect::<Vec<_>>()[..] else { return None };
    let signed = signature.len() == 16 && signature.bytes().all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b));
    let ours = domain == "example.org" && (1..=4).contains(&key.len()) && signed;
    ours.then_some((ticket.parse().ok()?, entry.parse().ok()?, audience))
}

#[test]
fn a168_everybody_sees_one_conversation_in_every_client() {
    let all = conversation();
    PEOPLE.iter().for_each(|person| assert_one_conversation(&all.sent(), person));
}

#[test]
fn a168_copies_of_ones_own_mails_join_the_conversation() {
    let all = conversation();
    for person in PEOPLE {
        let mails = all.mailbox_with_own(person);
        assert_eq!(thunderbird(&mails).conversations.len(), 1, "{person}");
        // The customer's first mail has no tag in its subject yet, and Gmail keeps to subjects.
        let first = usize::from(*person == "carla@example.net");
        assert_eq!(gmail(&mails[first..]).conversations.len(), 1, "{person}");
        assert_eq!(outlook(&mails[first..]).conversations.len(), 1, "{person}");
    }
}

#[test]
fn a168_each_mail_answers_one_that_its_reader_has() {
    let all = conversation();
    for person in PEOPLE {
        let mut known = all.own_ids(person);
        for mail in all.mailbox(person) {
            let parent = mail.in_reply_to.clone().expect("a parent");
            let is_root = own(&parent) == Some((1, 0, "r"));
            assert!(is_root || known.contains(&parent), "{person} does not have {parent}, the parent of {mail:#?}");
            assert!(is_root || mail.references.last() == Some(&parent), "{person}: {mail:#?}");
            assert_eq!(own(&mail.references[0]), Some((1, 0, "r")), "{person}: {mail:#?}");
            assert!(mail.references.len() <= 12, "{person}: {mail:#?}");
            known.insert(mail.id);
        }
    }
}

#[test]
fn a154_customers_mails_name_nothing_internal() {
    let all = conversation();
    let comments: Vec<String> = ["a comment", "a comment on it"]
        .iter()
        .map(|step| all.steps.iter().position(|(name, _)| name == step).unwrap())
        .map(|position| all.written[position].1.message_id())
        .collect();
    for mail in all.sent().iter().filter(|mail| CUSTOMERS.contains(&mail.envelope_to.as_str())) {
        let seen = Seen::of(mail);
        for id in seen.ancestors().iter().chain([&seen.id]) {
            assert!(!comments.contains(id), "a comment's id in {mail:?}");
            assert!(own(id).is_none_or(|(.., audience)| audience == "c" || audience == "r"), "an id for staff in {mail:?}");
        }
        let raw = String::from_utf8_lossy(&mail.raw);
        assert!(!raw.contains("anna@example.org") && !raw.contains("ben@example.org"), "{raw}");
    }
}

/// The mails that somebody got, as clients thread them; one conversation in each.
#[track_caller]
fn assert_one_conversation(sent: &[Mail], person: &str) {
    let mails: Vec<Seen> = sent.iter().filter(|mail| mail.envelope_to == person).map(Seen::of).collect();
    assert!(mails.len() > 1, "{person} got {}", mails.len());
    for (client, thread) in CLIENTS {
        let threads = thread(&mails);
        assert_eq!(threads.conversations.len(), 1, "{person} in {client}: {:?} of {mails:#?}", threads.conversations);
        for (position, parent) in threads.parents.iter().enumerate() {
            // Each mail but the first hangs on one of ours that came before it.
            assert!(parent.is_some_and(|parent| parent < position) || position == 0, "{person} in {client}: {mails:#?}");
        }
    }
}

#[test]
fn a168_a_long_conversation_stays_one() {
    let mut all = Conversation::begin();
    all.write("the question", CARLA, Eml::new(CARLA, "support@example.org").header("Cc", DORA), "correspond");
    for (answer, question) in [
        ("whether it burns", "what an answer is"),
        ("how hot it is", "where the water is"),
        ("the water", "the sand"),
        ("the sand", "the fire brigade"),
        ("their number", "when they come"),
        ("soon", "who pays"),
        ("the insurance", "what is left"),
        ("ashes", "nothing"),
    ] {
        all.answer(answer, ANNA, "correspond");
        all.answer(question, CARLA, "correspond");
    }
    PEOPLE.iter().for_each(|person| assert_one_conversation(&all.sent(), person));
    assert!(all.mailbox("emil@example.net").iter().all(|mail| mail.references.len() <= 12));
}

#[test]
fn a168_what_is_done_at_a_desk_threads_too() {
    let site = Site::with(SITE, "directory:outgoing");
    let people = ["requestors=carla@example.net", "cc=dora@example.net"];
    let (anna, ben) = (Desk::of(&site, "anna"), Desk::of(&site, "ben"));
    let number = anna.create("support", "The printer is on fire", &people, answer("She says that it smokes."));
    ben.update(number, &[], Some(answer("Pull the plug.")));
    anna.update(number, &[], Some(Writing { internal: true, ..answer("She smokes.") }));
    ben.update(number, &["owner=anna"], None);
    ben.update(number, &["status=resolved"], None);
    anna.update(number, &["status=open"], Some(answer("It smokes again.")));
    let mut sent = site.run_outbox();
    let entry = |mail: &Mail| own(&Seen::of(mail).id).expect("an id of ours").1;
    sent.sort_by_key(entry);
    PEOPLE.iter().for_each(|person| assert_one_conversation(&sent, person));
}

#[test]
fn a154_who_was_asked_in_confidence_finds_no_trace_of_it_in_customers_mails() {
    let (site, expert) = (Site::with(SITE, "directory:outgoing"), "expert@vendor.example");
    let (number, _) = answered(&site);
    let anna = Desk::of(&site, "anna");
    anna.act(Deed::Forward { ticket: number, entry: None, to: vec![expert.to_owned()] }, &[], None);
    anna.update(number, &["cc+=expert@vendor.example"], Some(answer("Our vendor knows more.")));
    let sent = site.run_outbox();
    let (asked, told): (Vec<&Mail>, Vec<&Mail>) = sent.iter().partition(|mail| mail.must("Subject").starts_with("Fwd: "));
    assert_eq!((asked.len(), asked[0].header("List-Id"), asked[0].header("List-Unsubscribe")), (1, None, None));
    // Whoever answers all of this mail would name the confidential one, and the answer would stay internal.
    let told = Seen::of(told.iter().find(|mail| mail.envelope_to == expert).expect("a mail to the new Cc"));
    assert!(told.ancestors().iter().all(|id| own(id).is_none_or(|(.., audience)| audience != "n")), "{told:#?}");
}

/// The addresses of a field.
fn addresses(mail: &Mail, field: &str) -> Vec<String> {
    let value = mail.header(field).unwrap_or_default();
    if value.is_empty() {
        return Vec::new();
    }
    let found = addrparse(&value).unwrap();
    let address = |found: &MailAddr| match found {
        MailAddr::Single(one) => one.addr.clone(),
        MailAddr::Group(group) => panic!("a group: {group:?}"),
    };
    found.iter().map(address).collect()
}

#[test]
fn a146_to_and_cc_show_customers_to_customers_and_nobody_else() {
    let all = conversation();
    let shown = |step: &str, to: &str| {
        let mail = only_to(all.step(step), to);
        (addresses(mail, "To"), addresses(mail, "Cc"))
    };
    let words = |to: &[&str], cc: &[&str]| {
        let owned = |list: &[&str]| list.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>();
        (owned(to), owned(cc))
    };
    let (carla, dora, emil) = ("carla@example.net", "dora@example.net", "emil@example.net");
    assert_eq!(shown("the question", carla), words(&[carla], &[]));
    for to in [carla, dora, emil] {
        assert_eq!(shown("the answer", to), words(&[carla], &[dora, emil]));
    }
    for to in [dora, emil] {
        assert_eq!(shown("the second question", to), words(&[dora, emil], &[]), "nobody is asked for in To: the Ccs move up");
    }
    for to in [carla, emil] {
        assert_eq!(shown("a word of the Cc", to), words(&[carla], &[emil]));
    }
    for mail in all.sent().iter().filter(|mail| mail.envelope_to.ends_with("@example.org")) {
        assert_eq!((addresses(mail, "To"), addresses(mail, "Cc")), (vec![mail.envelope_to.clone()], vec![]), "{mail:?}");
    }
}

#[test]
fn each_event_is_told_once_to_everybody_whom_it_concerns() {
    let all = conversation();
    let told: Vec<(&str, Vec<&str>)> = all.steps.iter().map(|(step, mails)| (*step, recipients(mails))).collect();
    let (anna, ben) = ("anna@example.org", "ben@example.org");
    let (carla, dora, emil) = ("carla@example.net", "dora@example.net", "emil@example.net");
    let expected = vec![
        ("the question", vec![anna, ben, carla, emil]),
        ("the answer", vec![ben, carla, dora, emil]),
        ("the second question", vec![anna, ben, dora, emil]),
        ("a word of the Cc", vec![anna, ben, carla, emil]),
        ("a comment", vec![anna]),
        ("a comment on it", vec![ben]),
        ("the end", vec![ben, carla, dora, emil]),
        ("the reopening", vec![anna, ben, dora, emil]),
        ("a second word of the Cc", vec![anna, ben, carla, emil]),
        ("the resolution", vec![carla]),
    ];
    assert_eq!(told, expected);
    all.site.assert_sound();
}

#[test]
fn a169_a171_every_header_says_what_the_mail_is() {
    let all = conversation();
    for (step, mails) in &all.steps {
        for mail in mails {
            check_header(step, mail);
        }
    }
    let from = |step: &str, to: &str| only_to(all.step(step), to).must("From");
    assert_eq!(from("the question", "carla@example.net"), "Support <support@example.org>");
    assert_eq!(from("the question", "anna@example.org"), "Carla Customer via Support <support@example.org>");
    assert_eq!(from("the answer", "carla@example.net"), "Anna via Support <support@example.org>");
    assert_eq!(from("a word of the Cc", "carla@example.net"), "Dora via Support <support@example.org>");
    let ids = |step: &str| all.step(step).iter().map(|mail| mail.must("Message-ID")).collect::<BTreeSet<_>>();
    assert_eq!(ids("the answer").len(), 2, "one id for customers, one for staff");
}

/// What holds of every mail of the conversation.
#[track_caller]
fn check_header(step: &str, mail: &Mail) {
    let told = format!("{step}, to {}:\n{}", mail.envelope_to, String::from_utf8_lossy(&mail.raw));
    let parsed = parse_mail(&mail.raw).unwrap();
    let mut names: Vec<String> = parsed.headers.iter().map(|header| header.get_key().to_lowercase()).collect();
    names.sort_unstable();
    let several = names.windows(2).find(|pair| pair[0] == pair[1]);
    assert_eq!(several, None, "{told}");
    assert!(!names.iter().any(|name| name == "bcc" || name == "precedence" || name == "sender"), "{told}");

    let customer = CUSTOMERS.contains(&mail.envelope_to.as_str());
    let acknowledges = step == "the question" && mail.envelope_to == "carla@example.net";
    let comment = step.starts_with("a comment");
    assert_eq!(addresses(mail, "From"), ["support@example.org"], "{told}");
    let answers = if comment { "support-comment@example.org" } else { "support@example.org" };
    assert_eq!(addresses(mail, "Reply-To"), [answers], "{told}");
    assert_eq!(mail.envelope_from, if acknowledges { "<>" } else { "bounces@example.org" }, "{told}");

    let automatic = match step {
        _ if acknowledges => Some("auto-replied"),
        "the resolution" => Some("auto-generated"),
        _ => None,
    };
    assert_eq!(mail.header("Auto-Submitted").as_deref(), automatic, "{told}");
    assert_eq!(mail.must("X-Auto-Response-Suppress"), "OOF, AutoReply", "{told}");
    assert_eq!((mail.must("X-Postern-Loop"), mail.must("X-Postern-Ticket")), ("example.org".into(), "example.org #1".into()));

    let list = mail.header("List-Id");
    assert_eq!(list.as_deref(), (!customer).then_some("support <support.example.org>"), "{told}");
    let unsubscribe = mail.header("List-Unsubscribe").unwrap_or_default();
    let watches = mail.envelope_to != "carla@example.net";
    assert_eq!(unsubscribe.starts_with("<mailto:support@example.org?subject=unsubscribe%20u1."), watches, "{told}");

    let seen = Seen::of(mail);
    let audience = if customer {
        "c"
    } else if comment {
        "i"
    } else {
        "s"
    };
    assert!(own(&seen.id).is_some_and(|(ticket, entry, a)| ticket == 1 && entry > 0 && a == audience), "{told}");
    assert_eq!(seen.topic, "[example.org #1] The printer is on fire", "{told}");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let age = now.abs_diff(u64::try_from(dateparse(&mail.must("Date")).unwrap()).unwrap());
    assert!(age < 600, "dated {age} seconds off: {told}");
}

/// The subject that the link of a mail's List-Unsubscribe writes.
fn link(mail: &Mail) -> String {
    let value = mail.must("List-Unsubscribe");
    let (_, subject) = value.trim_matches(['<', '>']).split_once("?subject=").expect("a subject in the link");
    subject.replace("%20", " ")
}

/// Changes to whom mail goes, in a ticket's history.
fn squelches(site: &Site, ticket: u64) -> Vec<Value> {
    let history = site.history(ticket);
    let changes = history.iter().flat_map(|entry| entry["changes"].as_array().cloned().unwrap_or_default());
    changes.filter(|change| change["field"] == "squelch").map(|change| change["to"].clone()).collect()
}

/// A ticket of Carla's with Dora in Cc, and Anna's answer to it.
fn answered(site: &Site) -> (u64, Vec<Mail>) {
    let row = site.support(&Eml::new(CARLA, "support@example.org").header("Cc", DORA).bytes());
    let mails = site.run_outbox();
    site.support(&Reply::to(only_to(&mails, "anna@example.org"), ANNA).text("Pull the plug.").bytes());
    (row["ticket"].as_u64().unwrap(), site.run_outbox())
}

/// What goes out when Ben answers the ticket next.
fn next_answer(site: &Site, mails: &[Mail]) -> Vec<Mail> {
    site.support(&Reply::to(only_to(mails, "ben@example.org"), BEN).text("And now?").bytes());
    site.run_outbox()
}

#[test]
fn a171_the_unsubscribe_link_ends_the_mails_of_one_person_about_one_ticket() {
    let site = Site::with(SITE, "directory:outgoing");
    let (number, mails) = answered(&site);
    let (other, others) = answered(&site);
    // As a mail provider sends it for its user: nothing of the thread, and marked as a program's.
    let wish = Eml::new(DORA, "support@example.org").subject(&link(only_to(&mails, "dora@example.net"))).text("");
    let row = site.support(&wish.header("Auto-Submitted", "auto-generated").bytes());
    assert_eq!((&row["verdict"], row["ticket"].as_u64()), (&"commanded".into(), Some(number)), "{row}");
    let reason = row["reason"].as_str().unwrap();
    assert!(reason.contains(&format!("dora@example.net hears no more of #{number}")), "{reason}");
    assert_eq!(squelches(&site, number), ["dora@example.net"]);
    assert!(site.run_outbox().is_empty(), "nobody is told, and nothing is acknowledged");

    let told = next_answer(&site, &mails);
    assert_eq!(recipients(&told), ["anna@example.org", "carla@example.net", "emil@example.net"]);
    assert!(!addresses(only_to(&told, "carla@example.net"), "Cc").contains(&"dora@example.net".to_owned()));
    let told = next_answer(&site, &others);
    assert_eq!(recipients(&told), ["anna@example.org", "carla@example.net", "dora@example.net", "emil@example.net"]);
    assert!(squelches(&site, other).is_empty(), "another ticket is another matter");
    site.assert_sound();
}

#[test]
fn a171_using_the_link_again_changes_nothing_more() {
    let site = Site::with(SITE, "directory:outgoing");
    let (number, mails) = answered(&site);
    let subject = link(only_to(&mails, "dora@example.net"));
    for _ in 0..2 {
        let row = site.support(&Eml::new(DORA, "support@example.org").subject(&subject).bytes());
        assert_eq!(row["verdict"], "commanded", "{row}");
    }
    assert_eq!(squelches(&site, number), ["dora@example.net"]);
}

#[test]
fn a171_a_token_for_somebody_else_or_another_ticket_does_nothing() {
    let site = Site::with(SITE, "directory:outgoing");
    let (number, mails) = answered(&site);
    let (other, others) = answered(&site);
    let subject = link(only_to(&mails, "dora@example.net"));
    let forged = [
        // Dora's for this ticket, made to name the other.
        subject.replacen(&format!("u{number}."), &format!("u{other}."), 1),
        // A signature that nobody made.
        format!("{}aaaa", &subject[..subject.len() - 4]),
        // A token that lets answer, as it would stand in an address.
        subject.replacen(&format!("u{number}."), &format!("{number}."), 1),
        "unsubscribe".to_owned(),
        "unsubscribe u1".to_owned(),
    ];
    for subject in forged {
        let row = site.support(&Eml::new(DORA, "support@example.org").subject(&subject).bytes());
        assert_ne!(row["verdict"], "commanded", "{subject}: {row}");
    }
    // Emil has got hold of Dora's link: it is about Dora, whoever uses it, and leaves him his own mails.
    let row = site.support(&Eml::new("Emil <emil@example.net>", "support@example.org").subject(&subject).bytes());
    assert_eq!(row["verdict"], "commanded", "{row}");
    assert_eq!((squelches(&site, number), squelches(&site, other)), (vec![Value::from("dora@example.net")], vec![]));
    site.run_outbox();
    assert!(recipients(&next_answer(&site, &mails)).contains(&"emil@example.net"));
    assert!(recipients(&next_answer(&site, &others)).contains(&"dora@example.net"));
    site.assert_sound();
}
