//! What readings of mail leave in the database: folds of entries, texts that are read again.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod mail_support;

use mail_support::{NOW, Site, queue, staff, to};
use postern_core::act;
use postern_core::intake::{self, Setting};
use postern_core::model::{Act, Actor, Deed, KnownTexts, SENT_OCTETS, SENT_TEXTS, Trust, Verdict, Writing};
use postern_core::reread::{self, Reread, RereadError, Wish};
use postern_core::store::engine::StoreError;
use postern_core::store::{content, entry};
use postern_core::values;
use postern_core::view::{self, Entry, Ticket};
use std::time::Duration;

const SECOND: i64 = 1_000_000;

/// A site with the queue support, which anna looks after, and noc, which ben does.
fn site() -> Site {
    let queues = queue("support", "admincc = [\"anna\"]") + &queue("noc", "admincc = [\"ben\"]");
    Site::with(&(queues + &staff("ben", "") + &staff("anna", "")))
}

impl Site {
    fn answer(&mut self, text: &str, quiet: bool, now: i64) {
        self.write(text, false, quiet, now);
    }

    fn write(&mut self, text: &str, internal: bool, quiet: bool, now: i64) {
        let writing = Some(Writing { internal, text: text.to_owned(), files: vec![] });
        let deed = Deed::Update { ticket: 1 };
        let act = Act { by: Actor::System, trust: Trust::Authenticated, now, deed, writing, orders: vec![], once: vec![], quiet };
        act::act(&mut self.engine, &Setting::of(&self.config), &act).unwrap();
    }

    fn ticket(&self) -> Ticket {
        self.engine.read(|tx| view::ticket::show(tx, 1)).unwrap().unwrap()
    }

    fn entry(&self, position: usize) -> Entry {
        self.ticket().history.remove(position)
    }

    fn reread(&mut self, id: i64, charset: Option<&str>, dry_run: bool) -> Result<Reread, RereadError> {
        let wish = Wish { id, charset, by: Actor::System, now: NOW + 9 * SECOND, dry_run };
        reread::reread(&mut self.engine, &Setting::of(&self.config), &wish)
    }

    fn run(&mut self, sql: &str) {
        self.engine
            .write(Duration::from_secs(9), |tx| tx.execute(sql, values![]).map(|_| ()))
            .unwrap_or_else(|e: StoreError| panic!("{e}"));
    }

    fn sent(&self, before: i64) -> Vec<String> {
        self.known(before, "carla@customer.example").sent
    }

    fn known(&self, before: i64, reader: &str) -> KnownTexts {
        self.engine.read(|tx| entry::known_texts(tx, 1, before, reader)).unwrap()
    }
}

fn mail(id: &str, more: &str, text: &str) -> Vec<u8> {
    let head =
        format!("From: Carla <carla@customer.example>\nTo: support@example.org\nMessage-ID: <{id}@customer.example>\n{more}");
    format!("{head}\n\n{text}").into_bytes()
}

#[test]
fn a130_who_says_their_own_words_again_is_heard() {
    let mut site = site();
    let words = "The printer in room seventeen has burned since this morning and nobody came to look at it.\nPlease send somebody before noon.";
    site.one(&mail("a", "Subject: x", words), NOW);
    let again = format!("Dear all, my second mail:\n{words}\n");
    site.one(&mail("b", "In-Reply-To: <a@customer.example>", &again), NOW + SECOND);
    assert_eq!(site.entry(1).reply.as_deref(), Some(again.trim_end()), "staff were sent these words, the customer was not");
}

#[test]
fn a129_folds_are_kept_and_old_entries_are_told_apart_when_they_are_shown() {
    let mut site = site();
    site.one(&mail("a", "Subject: x", "It burns.\n"), NOW);
    let text = "Yes.\n\nIt does.\n-- \nCarla\n\nOn 21 Nov 2026 Anna wrote:\n> It burns.\n";
    site.one(&mail("b", "In-Reply-To: <a@customer.example>", text), NOW + SECOND);
    let answer = site.entry(1);
    assert_eq!(answer.text.as_deref(), Some(text), "nothing is ever deleted");
    assert!(answer.folds.as_ref().is_some_and(|folds| !folds.is_empty()), "{answer:?}");
    assert_eq!(answer.reply.as_deref(), Some("Yes.\n\nIt does."));
    assert_eq!(site.entry(0).folds, Some(vec![]), "all of it is new");
    site.run("UPDATE entry SET folds = NULL");
    let old = site.entry(1);
    assert_eq!((old.folds, old.reply), (None, answer.reply), "written before there were folds");
    site.run("UPDATE entry SET folds = 'rubbish'");
    assert_eq!(site.entry(1).reply.as_deref(), Some("Yes.\n\nIt does."));
    site.run("UPDATE entry SET folds = '[[3,1],[4000,5000]]'");
    assert!(site.entry(1).reply.is_some_and(|reply| reply.contains("> It burns.")), "ranges that fit nothing hide nothing");
}

#[test]
fn a130_what_was_sent_is_found_newest_first_and_each_text_once() {
    let mut site = site();
    site.one(&mail("a", "Subject: x\nCc: dora@customer.example", "It burns.\n"), NOW);
    site.answer("First answer.", false, NOW + SECOND);
    site.answer("Said to nobody.", true, NOW + 2 * SECOND);
    let sent = site.sent(NOW + 3 * SECOND);
    assert_eq!(sent[0], "Said to nobody.");
    let mails =
        site.engine.read(|tx| tx.query_opt("SELECT count(*) FROM outbox", values![], |row| row.get::<i64>(0))).unwrap().unwrap();
    let with = sent.iter().filter(|text| text.contains("First answer.")).count();
    assert!((1..=3).contains(&with) && sent.len() < 2 + usize::try_from(mails).unwrap() + 1, "{sent:#?}");
    let mut once = sent.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), sent.len(), "{sent:#?}");
    assert!(sent.iter().all(|text| !text.contains("It burns.")), "that was sent to staff, and not to Carla: {sent:#?}");
    let before = site.sent(NOW + SECOND);
    assert!(before.iter().all(|text| !text.contains("First answer.")), "not yet sent: {before:#?}");
    assert_eq!(site.sent(NOW), Vec::<String>::new());
}

#[test]
fn a130_what_went_to_any_address_of_a_person_was_sent_to_them() {
    let mut site = site();
    site.one(&mail("a", "Subject: x\nCc: dora@customer.example", "It burns.\n"), NOW);
    site.answer("Please pull the plug of the printer at once.", false, NOW + SECOND);
    site.run(
        "INSERT INTO person_address (address, person_id, position)
         SELECT 'carla@home.example', person_id, 1 FROM person_address WHERE address = 'carla@customer.example'",
    );
    let sent = |reader: &str| {
        let texts = site.known(NOW + 9 * SECOND, reader).sent;
        texts.iter().any(|text| text.contains("Please pull the plug") && text.contains("just answer this mail"))
    };
    assert!(sent("carla@customer.example") && sent("carla@home.example") && sent("dora@customer.example"));
    assert!(!sent("emil@other.example"), "who got no mail knows no more than what was written");
}

#[test]
fn a130_a_comment_was_sent_to_no_customer() {
    let mut site = site();
    site.one(&mail("a", "Subject: x", "It burns.\n"), NOW);
    let words = "She says on the telephone that the printer in room seventeen has burned since this morning.";
    site.write(words, true, true, NOW + SECOND);
    let kinds = |reader: &str| {
        let known = site.known(NOW + 9 * SECOND, reader);
        [known.sent, known.heard].map(|texts| texts.iter().any(|text| text == words))
    };
    assert_eq!(kinds("carla@customer.example"), [false, true]);
    assert_eq!(kinds("anna@example.org"), [true, false]);
    site.one(&mail("b", "In-Reply-To: <a@customer.example>", &format!("As I said:\n{words}\n")), NOW + 9 * SECOND);
    assert!(site.entry(2).reply.unwrap().contains("room seventeen"), "her words may be in a note of ours");
}

#[test]
fn a130_what_was_sent_is_bounded() {
    let mut site = site();
    site.one(&mail("a", "Subject: x", "It burns.\n"), NOW);
    for n in 0..30 {
        site.answer(&format!("Answer {n}."), true, NOW + n * SECOND);
    }
    let sent = site.sent(i64::MAX);
    assert_eq!((sent.len(), sent[0].as_str(), sent[19].as_str()), (SENT_TEXTS, "Answer 29.", "Answer 10."));
    for n in 0..4 {
        site.answer(&format!("{n} {}", "long ".repeat(SENT_OCTETS / 15)), true, NOW + (100 + n) * SECOND);
    }
    site.answer(&"x".repeat(SENT_OCTETS + 1), true, NOW + 200 * SECOND);
    let sent = site.sent(i64::MAX);
    assert!(sent.iter().map(String::len).sum::<usize>() <= SENT_OCTETS);
    let begin: Vec<&str> = sent.iter().map(|text| &text[..1]).collect();
    assert_eq!((begin.len(), &begin[..3]), (SENT_TEXTS, &["3", "2", "A"][..]), "what is too long hides no other");
}

/// A Turkish mail that says it is Latin-1: nothing in the octets contradicts.
fn mislabelled() -> Vec<u8> {
    let turkish = |text: &str| encoding_rs::WINDOWS_1254.encode(text).0.into_owned();
    let mut mail = b"From: ".to_vec();
    mail.extend(turkish("Işıl"));
    mail.extend(b" <carla@customer.example>\nTo: support@example.org\nMessage-ID: <r@customer.example>\nSubject: ");
    mail.extend(turkish("Yazıcı yanıyor"));
    mail.extend(b"\nMIME-Version: 1.0\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\n");
    mail.extend(turkish("Yazıcıdan duman çıkıyor.\n-- \nIşıl\n"));
    mail
}

#[test]
fn a_mislabelled_mail_is_repaired_and_goes_back() {
    let mut site = site();
    let filed = site.one(&mislabelled(), NOW);
    let (garbled, subject) = (site.entry(0).text.unwrap(), site.ticket().summary.subject);
    assert!(!garbled.contains("çıkıyor") && !subject.contains("yanıyor"), "{subject}: {garbled}");

    let tried = site.reread(filed.delivery, Some("iso-8859-9"), true).unwrap();
    assert_eq!((tried.decision.verdict, tried.charset), (Verdict::Commanded, Some("windows-1254")));
    assert!(tried.message.text.contains("çıkıyor"));
    assert_eq!(site.entry(0).text.as_ref(), Some(&garbled), "a dry run changes nothing");

    let outbox = "SELECT count(*) FROM outbox";
    let mails = |site: &Site| site.engine.read(|tx| tx.query_opt(outbox, values![], |row| row.get::<i64>(0))).unwrap();
    let before = mails(&site);
    site.reread(filed.delivery, Some("iso-8859-9"), false).unwrap();
    let ticket = site.ticket();
    assert_eq!(ticket.summary.subject, "Yazıcı yanıyor");
    assert_eq!(ticket.history[0].text.as_deref(), Some("Yazıcıdan duman çıkıyor.\n-- \nIşıl\n"));
    assert_eq!(ticket.history[0].reply.as_deref(), Some("Yazıcıdan duman çıkıyor."), "folded anew");
    assert_eq!(mails(&site), before, "nobody is mailed");
    let note = ticket.history.last().unwrap();
    assert_eq!((note.kind.as_str(), note.internal), ("note", true));
    assert!(note.text.as_ref().unwrap().contains("--charset auto"), "{note:?}");
    let shown = site.engine.read(|tx| view::mail::show(tx, filed.delivery)).unwrap().unwrap();
    assert_eq!((shown.mail.subject.as_str(), shown.charset.as_deref()), ("Yazıcı yanıyor", Some("windows-1254")));
    let name =
        "SELECT p.name FROM person p JOIN person_address a ON a.person_id = p.id WHERE a.address = 'carla@customer.example'";
    let name: String = site.engine.read(|tx| tx.query_opt(name, values![], |row| row.get(0))).unwrap().unwrap();
    assert_eq!(name, "Işıl");

    let same = site.reread(filed.delivery, Some("latin5"), false).unwrap();
    assert_eq!(same.decision.verdict, Verdict::Joined, "{}", same.decision.reason);
    site.reread(filed.delivery, None, false).unwrap();
    assert_eq!((site.entry(0).text.unwrap(), site.ticket().summary.subject), (garbled, subject));
    let shown = site.engine.read(|tx| view::mail::show(tx, filed.delivery)).unwrap().unwrap();
    assert_eq!(shown.charset, None);
}

#[test]
fn e14_a_repaired_mail_is_read_so_at_another_address_too() {
    let mut site = site();
    let filed = site.one(&mislabelled(), NOW);
    site.reread(filed.delivery, Some("windows-1254"), false).unwrap();
    let setting = Setting::of(&site.config);
    let noc = to(&["noc@example.org"], NOW + SECOND);
    let explained = intake::explain(&mut site.engine, &setting, &mislabelled(), &noc).unwrap().remove(0);
    assert_eq!((explained.verdict, explained.mails.len()), ("joined", 1), "{explained:?}");
    let again = intake::deliver(&mut site.engine, &setting, &mislabelled(), &noc).unwrap().remove(0);
    assert_eq!((again.verdict, again.ticket), (Verdict::Joined, filed.ticket));
    let sql = "SELECT text_id FROM outbox WHERE address = 'ben@example.org'";
    let told = site.engine.read(|tx| {
        let text = tx.query_opt(sql, values![], |row| row.get::<i64>(0))?.unwrap();
        content::get_text(tx, text)
    });
    assert!(told.unwrap().contains("Yazıcıdan duman çıkıyor."), "the octets say Latin-1; a person said otherwise");
    let (_, read) = site.engine.read(|tx| reread::stored(tx, again.delivery)).unwrap();
    assert_eq!(read.subject, "Yazıcı yanıyor");
}

#[test]
fn every_text_has_one_row_and_none_is_left_behind() {
    let mut site = site();
    let filed = site.one(&mislabelled(), NOW);
    let orphans = "SELECT count(*) FROM content WHERE id NOT IN (SELECT raw_id FROM message UNION SELECT text_id FROM outbox
                   UNION SELECT text_id FROM entry WHERE text_id IS NOT NULL UNION SELECT content_id FROM attachment
                   WHERE content_id IS NOT NULL)";
    for charset in [Some("windows-1254"), Some("IBM866"), None] {
        site.reread(filed.delivery, charset, false).unwrap();
        let left: i64 = site.engine.read(|tx| tx.query_opt(orphans, values![], |row| row.get(0))).unwrap().unwrap();
        assert_eq!(left, 0, "{charset:?}");
    }
}

#[test]
fn a_text_that_others_share_stays_theirs() {
    let mut site = site();
    let long = "x".repeat(70_000);
    let ids = site.engine.write(Duration::from_secs(9), |tx| {
        let shared = content::put(tx, long.as_bytes())?;
        let own = content::put(tx, b"own")?;
        Ok::<_, StoreError>([
            (shared, content::replace(tx, shared, b"new")?),
            (own, content::replace(tx, own, b"new")?),
            (own, content::replace(tx, own, long.as_bytes())?),
        ])
    });
    let [(shared, new), (own, same), (_, longer)] = ids.unwrap();
    assert!(new != shared && same == own && longer == shared);
    assert_eq!(site.engine.read(|tx| content::get_text(tx, shared)).unwrap(), long);
    assert_eq!(site.engine.read(|tx| content::get_text(tx, own)).unwrap(), "new");
}

#[test]
fn a_held_mail_is_let_in_as_it_was_read_last() {
    let mut site = site();
    let mail = [b"Received: from a by b\n".repeat(60), mislabelled()].concat();
    let filed = site.one(&mail, NOW);
    assert_eq!(filed.verdict, Verdict::Quarantined, "{}", filed.reason);
    site.reread(filed.delivery, Some("windows-1254"), false).unwrap();
    intake::release(&mut site.engine, &Setting::of(&site.config), filed.delivery, "anna").unwrap();
    assert_eq!(site.ticket().summary.subject, "Yazıcı yanıyor");
    assert!(site.entry(0).text.unwrap().contains("çıkıyor"));
}

#[test]
fn what_cannot_be_read_again_is_refused_with_what_to_do() {
    let mut site = site();
    let filed = site.one(&mislabelled(), NOW);
    for (id, charset, said) in [
        (77, Some("KOI8-R"), "the ledger has no mail 77; `postern mail list`"),
        (filed.delivery, Some("KOI8R"), "there is no charset \"KOI8R\"; did you mean KOI8-R?"),
        (filed.delivery, Some("windows-125l"), "did you mean windows-125"),
        (filed.delivery, Some("klingon"), "there is no charset \"klingon\"; known are UTF-8, "),
        (filed.delivery, Some(""), "known are UTF-8, "),
        (filed.delivery, Some(""), " others; auto: what the program finds"),
    ] {
        let error = site.reread(id, charset, false).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
    assert_eq!(site.ticket().history.len(), 1);
}
