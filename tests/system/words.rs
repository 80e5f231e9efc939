//! Every kind of mail that leaves, whole, as its reader gets it: kept in `tests/snapshots/*.txt`, each read by a person who
//! says in its first lines why it is right.
//!
//! After a change that is meant, `POSTERN_WRITE_SNAPSHOTS=1 cargo test -p postern-tests --test words` writes the files anew.
//! One that changed then asks to be read again, and fails until its first lines say something else.
//!
//! Dates, keys and signatures are masked; ticket, entry and audience in our Message-IDs stay. HTML is off here: its form is
//! made of these texts, and the courier has snapshots of its own for it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod acts;

use acts::{Desk, answer, refused};
use harness::client::Reply;
use harness::eml::Eml;
use harness::mail::Mail;
use harness::site::{ANNA, BEN, CARLA, Site, only_to};
use mailparse::{DispositionType, ParsedMail, parse_mail};
use postern_core::model::{Deed, Upload, Writing};

use std::fmt::Write;
use std::path::PathBuf;

const RENEW: &str = "POSTERN_WRITE_SNAPSHOTS";
const UNREAD: &str = "# Not read yet: read every mail below, then say here why each is right.";

/// Support answers in English and signs; its Cc is a person outside, Emil. Anna and Ben work on it, and on noc. Hilfe is
/// German.
const SITE: &str = r#"
[[queue]]
name = "support"
address = "support@example.org"
comment_address = "support-comment@example.org"
from_name = "Example Support"
signature = "Example Support, open from 9 to 17\nhttps://support.example.org/"
cc = ["emil@example.net"]
admincc = ["anna", "ben"]
html = false

[[queue]]
name = "noc"
address = "noc@example.org"
html = false
admincc = ["anna", "ben"]

[[queue]]
name = "hilfe"
address = "hilfe@example.org"
comment_address = "hilfe-intern@example.org"
from_name = "Beispiel-Hilfe"
language = "de"
quote = true
html = false
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

fn site() -> Site {
    Site::with(SITE, "directory:outgoing")
}

/// Carla's mail about the printer, with Dora in Cc, and what went out for it.
fn open(site: &Site) -> Vec<Mail> {
    let mail = Eml::new(CARLA, "support@example.org").header("Cc", "Dora <dora@example.net>");
    site.support(&mail.header("Message-ID", "<question@example.net>").bytes());
    site.run_outbox()
}

/// Anna's answer, and what went out for it.
fn answered(site: &Site) -> Vec<Mail> {
    let mails = open(site);
    let reply = Reply::to(only_to(&mails, "anna@example.org"), ANNA).text("Pull the plug, please.\n\nAnna");
    site.support(&reply.header("Message-ID", "<answer@example.org>").bytes());
    site.run_outbox()
}

#[test]
fn create() {
    check("create", &open(&site()));
}

#[test]
fn create_with_remarks() {
    let site = site();
    let mail = Eml::new(CARLA, "support@example.org").subject("Re: [example.org #77] Who knows?").text("");
    site.support(&mail.header("Message-ID", "<unknown@example.net>").bytes());
    check("create-with-remarks", &site.run_outbox());
}

#[test]
fn create_by_phone() {
    let site = site();
    let people = ["requestors=Carla Customer <carla@example.net>", "cc=dora@example.net", "priority=50", "owner=ben"];
    let said = "She says that smoke comes out of it.";
    Desk::of(&site, "anna").create("support", "The printer is on fire", &people, answer(said));
    check("create-by-phone", &site.run_outbox());
}

#[test]
fn create_without_requestor() {
    let site = site();
    let mail = Eml::new("Web form <support@example.org>", "support@example.org").text("Somebody filled in the form.\n");
    site.support(&mail.header("Message-ID", "<form@example.org>").bytes());
    check("create-without-requestor", &site.run_outbox());
}

#[test]
fn correspond_by_staff() {
    check("correspond-by-staff", &answered(&site()));
}

#[test]
fn correspond_by_customer() {
    let site = site();
    let mails = answered(&site);
    let reply = Reply::to(only_to(&mails, "dora@example.net"), "Dora <dora@example.net>").text("Which plug? There are two.");
    site.support(&reply.header("Message-ID", "<dora@example.net>").bytes());
    check("correspond-by-customer", &site.run_outbox());
}

#[test]
fn correspond_with_older_mail() {
    let site = site();
    let mails = answered(&site);
    let older = "Which plug?\n\nOn 21 Nov 2026, Example Support wrote:\n> Pull the plug, please.\n>\n> Anna\n>\n\
                 > On 20 Nov 2026, Emil wrote:\n> > The fuse in room 12 was fine when I left.\n> > Ask the landlord.\n";
    let reply = Reply::to(only_to(&mails, "dora@example.net"), "Dora <dora@example.net>").text(older);
    site.support(&reply.header("Message-ID", "<dora@example.net>").bytes());
    check("correspond-with-older-mail", &site.run_outbox());
}

#[test]
fn correspond_where_staff_is_not_named() {
    let unnamed = SITE.replacen("html = false", "html = false\nshow_names = false\nquote = true", 1);
    let site = Site::with(&unnamed, "directory:outgoing");
    let mut mails = answered(&site);
    let reply = Reply::to(only_to(&mails, "dora@example.net"), "Dora <dora@example.net>").text("Which plug? There are two.");
    site.support(&reply.header("Message-ID", "<dora@example.net>").bytes());
    mails.extend(site.run_outbox());
    mails.retain(|mail| mail.envelope_to == "carla@example.net");
    check("correspond-where-staff-is-not-named", &mails);
}

#[test]
fn correspond_with_files() {
    let site = site();
    open(&site);
    let file = |name: &str, size| Upload { name: name.into(), content_type: "image/png".into(), octets: vec![b'x'; size] };
    let writing = Writing { files: vec![file("plug.png", 9), file("film.png", 3_000_000)], ..answer("See the picture.") };
    Desk::of(&site, "anna").with_attachments(1_000_000).update(1, &[], Some(writing));
    check("correspond-with-files", &site.run_outbox());
}

#[test]
fn comment() {
    let site = site();
    let mails = open(&site);
    let comment = Reply::to(only_to(&mails, "anna@example.org"), ANNA).readdressed("support-comment@example.org");
    site.support_comment(&comment.text("He smokes.").header("Message-ID", "<comment@example.org>").bytes());
    check("comment", &site.run_outbox());
}

#[test]
fn resolve() {
    let site = site();
    answered(&site);
    Desk::of(&site, "anna").update(1, &["status=resolved"], None);
    check("resolve", &site.run_outbox());
}

#[test]
fn resolve_with_an_answer() {
    let site = site();
    open(&site);
    Desk::of(&site, "anna").update(1, &["status=resolved", "owner=anna"], Some(answer("The fire is out.")));
    check("resolve-with-an-answer", &site.run_outbox());
}

#[test]
fn owner() {
    let site = site();
    open(&site);
    Desk::of(&site, "ben").update(1, &["owner=anna", "due=2026-12-01", "cc+=fritz@example.net"], None);
    check("owner", &site.run_outbox());
}

#[test]
fn moved() {
    let site = site();
    open(&site);
    Desk::of(&site, "anna").update(1, &["queue=noc"], None);
    check("moved", &site.run_outbox());
}

#[test]
fn status() {
    let site = site();
    open(&site);
    Desk::of(&site, "anna").update(1, &["owner=anna"], None);
    Desk::of(&site, "ben").update(1, &["status=stalled"], None);
    check("status", &site.run_outbox());
}

#[test]
fn undelivered() {
    let site = site();
    let mails = open(&site);
    let reply = Reply::to(only_to(&mails, "anna@example.org"), ANNA).text("Pull the plug, please.");
    site.support(&reply.header("Message-ID", "<answer@example.org>").bytes());
    refused(&site, "carla@example.net", "550 5.1.1 there is no such user");
    let mut mails = site.run_outbox();
    mails.retain(|mail| mail.text().contains("did not reach"));
    check("undelivered", &mails);
}

#[test]
fn forward() {
    let site = site();
    open(&site);
    let to = vec!["expert@vendor.example".to_owned()];
    Desk::of(&site, "anna").act(Deed::Forward { ticket: 1, entry: None, to: to.clone() }, &[], Some(answer("Is this known?")));
    Desk::of(&site, "ben").act(Deed::Forward { ticket: 1, entry: None, to }, &[], None);
    check("forward", &site.run_outbox());
}

#[test]
fn german() {
    let site = site();
    let mail = Eml::new("Jürgen Groß <juergen@example.net>", "hilfe@example.org").subject("Der Drucker brennt");
    let options = ["--queue", "hilfe", "--action", "correspond"];
    site.arrive(&mail.text("Es raucht.\n").header("Message-ID", "<frage@example.net>").bytes(), &options);
    let mut mails = site.run_outbox();
    let reply = Reply::to(only_to(&mails, "ben@example.org"), BEN).text("Ziehen Sie bitte den Stecker.");
    site.arrive(&reply.header("Message-ID", "<antwort@example.org>").bytes(), &options);
    mails.extend(site.run_outbox());
    Desk::of(&site, "ben").update(1, &["status=resolved"], None);
    mails.extend(site.run_outbox());
    check("german", &mails);
}

/// The program's own letters: to Anna, who is named by mail that nothing proves and repeats a comment, and to Olga, a German
/// administrator, who is warned.
#[test]
fn letters() {
    let olga =
        "\n[[person]]\nlogin = \"olga\"\nname = \"Olga\"\nemail = [\"olga@example.org\"]\nrole = \"admin\"\nlanguage = \"de\"\n";
    let site = Site::with(&format!("{SITE}{olga}"), "directory:outgoing");
    let mails = open(&site);
    for who in [ANNA, "Olga <olga@example.org>"] {
        let forged = Eml::new(who, "support@example.org").subject("Re: [example.org #1] The printer is on fire");
        site.support(&forged.header("Message-ID", "<forged@example.org>").text(&format!("Close it. {who}\n")).bytes());
    }
    let mut letters = site.run_outbox();
    let no = Reply::to(only_to(&letters, "anna@example.org"), ANNA).text("no");
    site.support(&no.header("Message-ID", "<no@example.org>").bytes());
    letters.extend(site.run_outbox());
    Desk::of(&site, "ben").update(1, &[], Some(Writing { internal: true, ..answer("Her key is Tr0ub4dor-and-3-horses.") }));
    site.run_outbox();
    let leak = Reply::to(only_to(&mails, "anna@example.org"), ANNA).text("Please use Tr0ub4dor-and-3-horses.");
    site.support(&leak.header("Message-ID", "<leak@example.org>").bytes());
    letters.extend(site.run_outbox().into_iter().filter(|mail| mail.envelope_to == "anna@example.org"));
    check("letters", &letters);
}

/// Compares mails with those that were kept, in the order of their entries and recipients.
#[track_caller]
fn check(name: &str, mails: &[Mail]) {
    assert!(!mails.is_empty(), "nobody was mailed");
    let mut shown: Vec<(String, String)> = mails.iter().map(|mail| (order(mail), show(mail))).collect();
    shown.sort();
    let made = shown.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("\n==========\n\n");
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("snapshots").join(format!("{name}.txt"));
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let (review, body) = parts(&kept);
    if std::env::var_os(RENEW).is_some() {
        if body != made {
            std::fs::write(&path, format!("{UNREAD}\n\n{made}")).unwrap();
        }
        return;
    }
    let difference = difference(body, &made);
    assert!(body == made, "{} is not what leaves now; {RENEW}=1 renews it\n{difference}", path.display());
    let read = review.starts_with("# ") && !review.contains(UNREAD);
    assert!(read, "{} does not say in its first lines why it is right", path.display());
}

/// By entry, then by recipient: mails of one run have file names in no order that can be relied on.
fn order(mail: &Mail) -> String {
    let id = mail.must("Message-ID");
    // Letters are about a row of the ledger.
    let is_letter = id.starts_with("<confirm.") || id.starts_with("<letter.");
    let number = id.split('.').nth(if is_letter { 1 } else { 2 });
    let number = number.and_then(|number| number.trim_start_matches(['c', 's']).parse::<u64>().ok());
    format!("{:06} {}", number.expect("a Message-ID of ours"), mail.envelope_to)
}

/// What a reader said of a snapshot, and the snapshot.
fn parts(kept: &str) -> (&str, &str) {
    let end = kept.split_inclusive('\n').take_while(|line| line.starts_with('#')).map(str::len).sum();
    let (review, body) = kept.split_at(end);
    (review, body.strip_prefix('\n').unwrap_or(body))
}

/// Lines that were kept and are there no more, and lines that are new: what is not in the longest common part.
fn difference(kept: &str, made: &str) -> String {
    let (kept, made): (Vec<&str>, Vec<&str>) = (kept.lines().collect(), made.lines().collect());
    let mut common = vec![vec![0_u32; made.len() + 1]; kept.len() + 1];
    for (i, k) in kept.iter().enumerate().rev() {
        for (j, m) in made.iter().enumerate().rev() {
            common[i][j] = if k == m { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut shown) = (0, 0, String::new());
    while i < kept.len() || j < made.len() {
        if i < kept.len() && j < made.len() && kept[i] == made[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == made.len() || (i < kept.len() && common[i + 1][j] >= common[i][j + 1]) {
            writeln!(shown, "- {}", kept[i]).unwrap();
            i += 1;
        } else {
            writeln!(shown, "+ {}", made[j]).unwrap();
            j += 1;
        }
    }
    shown
}

#[test]
fn a_difference_is_told_by_lines() {
    assert_eq!(difference("a\nb\nc\nd\n", "a\nx\nc\nd\ne\n"), "- b\n+ x\n+ e\n");
    assert_eq!(difference("", "a\n"), "+ a\n");
}

/// A mail as text: its decoded header fields, its text, the names of its files.
fn show(mail: &Mail) -> String {
    let parsed = parse_mail(&mail.raw).unwrap();
    let mut shown = String::new();
    for header in &parsed.headers {
        // How the octets are packed is the courier's matter.
        if header.get_key().starts_with("Content-") || header.get_key() == "MIME-Version" {
            continue;
        }
        writeln!(shown, "{}: {}", header.get_key(), header.get_value()).unwrap();
    }
    writeln!(shown, "\n{}", mail.text()).unwrap();
    files(&parsed, &mut shown);
    mask(&format!("{}\n", shown.trim_end_matches('\n')))
}

fn files(part: &ParsedMail<'_>, shown: &mut String) {
    let disposition = part.get_content_disposition();
    if disposition.disposition == DispositionType::Attachment {
        let name = disposition.params.get("filename").cloned().unwrap_or_default();
        let size = part.get_body_raw().unwrap().len();
        writeln!(shown, "[file {name}: {}, {size} octets]", part.ctype.mimetype).unwrap();
    }
    part.subparts.iter().for_each(|part| files(part, shown));
}

/// Hides what differs from run to run.
fn mask(text: &str) -> String {
    let mut masked = String::new();
    for line in text.split_inclusive('\n') {
        let line = if line.starts_with("Date: ") { "Date: DATE\n" } else { line };
        masked.push_str(&masked_times(&masked_words(line)));
    }
    masked
}

/// `2026-11-21 16:00 UTC`, wherever it stands.
fn masked_times(line: &str) -> String {
    const SHAPE: &str = "dddd-dd-dd dd:dd UTC";
    let fits = |at: usize| {
        let found = line.get(at..at + SHAPE.len());
        found.is_some_and(|found| {
            found.bytes().zip(SHAPE.bytes()).all(|(c, s)| if s == b'd' { c.is_ascii_digit() } else { c == s })
        })
    };
    match (0..line.len()).find(|at| fits(*at)) {
        Some(at) => format!("{}TIME{}", &line[..at], &line[at + SHAPE.len()..]),
        None => line.to_owned(),
    }
}

/// Keys and signatures in our Message-IDs and tokens.
fn masked_words(line: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || ".@-_".contains(c);
    let mut masked = String::new();
    let mut rest = line;
    while let Some(start) = rest.find(is_word) {
        let end = start + rest[start..].find(|c| !is_word(c)).unwrap_or(rest.len() - start);
        masked.push_str(&rest[..start]);
        masked.push_str(&masked_word(&rest[start..end]));
        rest = &rest[end..];
    }
    masked + rest
}

fn masked_word(word: &str) -> String {
    let (local, domain) = word.split_once('@').unwrap_or((word, ""));
    let fields: Vec<&str> = local.split('.').collect();
    let signed = |mac: &str| mac.len() == 16 && mac.bytes().all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b));
    match fields[..] {
        [_, ticket, entry, audience, mac] if signed(mac) => format!("KEY.{ticket}.{entry}.{audience}.SIGNATURE@{domain}"),
        [purpose, _, mac] if signed(mac) => format!("{purpose}.KEY.SIGNATURE"),
        ["confirm", purpose, _, mac] if signed(mac) => format!("confirm.{purpose}.KEY.SIGNATURE@{domain}"),
        ["letter", delivery, number, _] => format!("letter.{delivery}.{number}.TIME@{domain}"),
        _ => word.to_owned(),
    }
}
