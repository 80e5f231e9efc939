//! Erasing a person, on a real database that was filled by intake, acts, digests and bounces: what is gone is looked for in the octets
//! of the files.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod mail_support;

use data_encoding::BASE64;
use mail_support::{NOW, Site, queue, staff, to};
use postern_core::act;
use postern_core::intake::{self, Setting};
use postern_core::model::{Act, Actor, Deed, Trust, Upload, Verdict, Writing};
use postern_core::outbox::{self, OutgoingMail, Settlement};
use postern_core::site::{self, Addressing, EditError, Erased, Erasure};
use postern_core::store::engine::{Engine, StoreError};
use postern_core::store::person;
use postern_core::store::search::index;
use postern_core::view::counts;
use postern_core::{digest, values, view};
use std::time::Duration;

const WAIT: Duration = Duration::from_secs(20);
const DAY: i64 = 86_400_000_000;
const MINUTE: i64 = 60_000_000;
const CARLA: &str = "Carla.Customer@customer.example";
/// What Carla says, in lines of her own.
const SAID: &str =
    "The zygomorphic printer on the third floor prints nothing but quaggas.\nPlease mend it before the xylophone concert.";
const SUBJECT: &str = "Quagga stripes on paper";
/// What stays: Anna's words, and Emil's.
const ANNAS: &str = "I have ordered another fuser for you.";
const EMILS: &str = "My umbrella is lost, can you find the umbrella?";

impl Site {
    fn sql(&mut self, sql: &str) {
        self.engine.write(WAIT, |tx| tx.execute(sql, &[])).unwrap();
    }

    fn say(&mut self, ticket: u64, text: &str, files: Vec<Upload>, now: i64) {
        let anna = self.engine.read(|tx| person::by_login(tx, "anna")).unwrap().unwrap();
        let writing = Some(Writing { internal: false, text: text.into(), files });
        let (deed, by) = (Deed::Update { ticket }, Actor::Person(anna));
        let act = Act { by, now, deed, writing, orders: vec![], once: vec![], quiet: false, trust: Trust::Authenticated };
        act::act(&mut self.engine, &Setting::of(&self.config), &act).unwrap();
    }

    fn send(&mut self, now: i64) -> Vec<OutgoingMail> {
        let setting = Setting::of(&self.config);
        let leased = outbox::lease(&mut self.engine, &setting, now, 100, Duration::from_secs(60)).unwrap();
        let mails: Vec<_> = leased.into_iter().map(|leased| leased.mail).collect();
        let reply = |mail: &OutgoingMail| Settlement::Sent {
            reply: format!("250 ok <{0}> takes it, as /var/spool/{0}-17", mail.envelope_to),
        };
        let settled: Vec<_> = mails.iter().map(|mail| (mail.id, reply(mail))).collect();
        outbox::settle(&mut self.engine, &setting, &settled, now).unwrap();
        mails
    }

    fn erase(&mut self, who: &str) -> Erased {
        let erasure = self.try_erase(who, &mut || Ok(())).unwrap();
        let Erasure::Done(erased) = erasure else { panic!("{erasure:?}") };
        erased
    }

    fn try_erase(&mut self, who: &str, between: &mut dyn FnMut() -> Result<(), StoreError>) -> Result<Erasure, EditError> {
        site::erase(&mut self.engine, WAIT, who, ("anna", NOW + DAY * 9), between)
    }

    /// All octets of the database's files.
    fn octets(&self) -> Vec<u8> {
        let mut all = Vec::new();
        for end in ["", "-wal", "-shm"] {
            let mut name = self.config.database.as_os_str().to_owned();
            name.push(end);
            all.extend(std::fs::read(name).unwrap_or_default());
        }
        all.to_ascii_lowercase()
    }

    fn shown(&self, ticket: u64) -> String {
        serde_json::to_string(&self.engine.read(|tx| view::ticket::show(tx, ticket)).unwrap().unwrap()).unwrap()
    }
}

fn stands(octets: &[u8], word: &[u8]) -> bool {
    let word = word.to_ascii_lowercase();
    octets.windows(word.len()).any(|window| window == word)
}

/// Carla's file: large enough to be kept once for all who send it, and long enough to be found in any form.
fn file() -> Vec<u8> {
    (0..6_000).flat_map(|line| format!("nightjar {} {line}\n", line * 7919 % 10_007).into_bytes()).collect()
}

fn base64_lines(octets: &[u8]) -> String {
    let text = BASE64.encode(octets);
    text.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line) + "\n").collect()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A mail of two forms of text and a file.
fn letter(head: &str, text: &str, html: &str, (name, octets): (&str, &[u8])) -> String {
    format!(
        "{head}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/alternative; boundary=b\n\n\
         --b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n--b\n\
         Content-Type: text/html; charset=utf-16le\nContent-Transfer-Encoding: base64\n\n{}--b--\n--a\n\
         Content-Type: application/octet-stream; name=\"{name}\"\nContent-Disposition: attachment; filename=\"{name}\"\n\
         Content-Transfer-Encoding: base64\n\n{}--a--\n",
        base64_lines(&utf16(html)),
        base64_lines(octets)
    )
}

fn quoted(text: &str) -> String {
    text.lines().map(|line| format!("> {line}\n")).collect()
}

/// A site on which Carla asked, and others answered, in many ways.
fn filled() -> Site {
    let support =
        queue("support", "comment_address = \"support-comment@example.org\"\nadmincc = [\"anna\", \"ben\"]\nquote = true");
    let mut site = Site::with(&(support + &staff("anna", "") + &staff("ben", "digest = \"daily\"")));
    let html = format!("<p>{}</p>", SAID.replace('\n', "</p><p>"));
    let head = format!(
        "From: \"Carla Customer\" <{CARLA}>\nTo: support@example.org, Dora <dora@friend.example>\nMessage-ID: <a@customer.example>\nSubject: {SUBJECT}\n"
    );
    let mail = letter(&head, SAID, &html, ("nightjars-of-carla.bin", &file()));
    assert_eq!(site.one(&mail, NOW).ticket, Some(1));
    let told = site.send(NOW);
    // The file comes back, and words with it.
    let back = Upload { name: "scan.bin".into(), content_type: "application/octet-stream".into(), octets: file() };
    let answer = format!("Dear Carla Customer,\n\n{ANNAS}\n\nYou wrote:\n{}", quoted(SAID));
    site.say(1, &answer, vec![back], NOW + MINUTE);
    let answers = site.send(NOW + MINUTE);
    assert!(answers.iter().any(|mail| mail.envelope_to.eq_ignore_ascii_case(CARLA)), "{answers:#?}");
    // Anna answers by mail, in all forms and with a file of her own.
    let notice = told.iter().find(|mail| mail.envelope_to == "anna@example.org").unwrap();
    let head = format!(
        "From: Anna <anna@example.org>\nTo: support@example.org\nMessage-ID: <b@example.org>\nIn-Reply-To: <{}>\nSubject: Re: {SUBJECT}\n",
        notice.headers.message_id
    );
    let text = format!("It comes on Monday.\n\nOn Monday {CARLA} wrote:\n{}", quoted(SAID));
    let mail = letter(&head, &text, &html, ("manual-of-fusers.txt", b"Turn the fuser to the left."));
    assert_eq!(site.one(&mail, NOW + 2 * MINUTE).verdict, Verdict::Corresponded);
    // Dora passes Carla's mail on as a file, in quoted-printable.
    let inner = format!("From: {CARLA}\nSubject: {SUBJECT}\n\n{}\n", SAID.replace("quaggas", "qua=\ngg=61s"));
    let inner = inner.replacen("\n\n", "\nMIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\n\n", 1);
    let mail = format!(
        "From: Dora <dora@friend.example>\nTo: support@example.org\nMessage-ID: <c@friend.example>\nIn-Reply-To: <a@customer.example>\n\
         Subject: my view\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nI can hear the printer from here.\n--x\n\
         Content-Type: message/rfc822\n\n{inner}\n--x--\n"
    );
    assert_eq!(site.one(&mail, NOW + 3 * MINUTE).verdict, Verdict::Corresponded);
    // A bounce of a mail to Carla.
    let lost = answers.iter().find(|mail| mail.envelope_to.eq_ignore_ascii_case(CARLA)).unwrap();
    let bounce = format!(
        "From: MAILER-DAEMON@mx.example\nTo: support@example.org\nMessage-ID: <d@mx.example>\nSubject: Undelivered\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=r\n\n--r\n\nNo room for {CARLA}.\n--r\n\
         Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {CARLA}\nAction: failed\n\
         Status: 5.2.2\nDiagnostic-Code: smtp; 552 <{CARLA}>: mailbox full\n--r\nContent-Type: text/rfc822-headers\n\n\
         Message-ID: <{}>\nTo: {CARLA}\n--r--\n",
        lost.headers.message_id
    );
    site.one(&bounce, NOW + 4 * MINUTE);
    // One of Carla's mails is held, and one of Anna's that names Carla.
    let loops = "Received: from x by y; Mon, 1 Jan 2024 00:00:00 +0000\n".repeat(60);
    let held = format!(
        "{loops}From: {CARLA}\nTo: support@example.org\nMessage-ID: <e@customer.example>\nSubject: More about quokkas\n\nThe quokka in the loop.\n"
    );
    assert_eq!(site.one(&held, NOW + 5 * MINUTE).verdict, Verdict::Quarantined);
    let forged = format!(
        "From: Anna <anna@example.org>\nTo: support@example.org\nCc: {CARLA}\nMessage-ID: <f@example.org>\nSubject: Re: [example.org #1] x\n\nTake it.\n"
    );
    assert_eq!(site.one(&forged, NOW + 6 * MINUTE).verdict, Verdict::Quarantined);
    site.send(NOW + 7 * MINUTE);
    // Ben's digest, and a second ticket of which nothing has left.
    digest::collect(&mut site.engine, &Setting::of(&site.config), NOW + DAY).unwrap();
    assert!(site.send(NOW + DAY).iter().any(|mail| mail.envelope_to == "ben@example.org" && mail.text.contains(SUBJECT)));
    let again = format!(
        "From: {CARLA}\nTo: support@example.org\nMessage-ID: <g@customer.example>\nSubject: The vuvuzela is broken\n\nVuvuzelas in the corridor.\n"
    );
    assert_eq!(site.one(&again, NOW + DAY + MINUTE).ticket, Some(2));
    // Emil has nothing to do with all this, and sent the same file.
    let emil = letter(
        "From: Emil <emil@else.example>\nTo: support@example.org\nMessage-ID: <h@else.example>\nSubject: Umbrella\n",
        EMILS,
        "<p>Umbrella</p>",
        ("birds.bin", &file()),
    );
    assert_eq!(site.one(&emil, NOW + DAY + 2 * MINUTE).ticket, Some(3));
    site.send(NOW + DAY + 3 * MINUTE);
    site.say(2, "We look at it.", vec![], NOW + DAY + 4 * MINUTE);
    site.one(&again.replace("<g@", "<i@").replace("Vuvuzelas in", "Vuvuzelas were in"), NOW + DAY + 5 * MINUTE);
    // All words are in the full-text index as well.
    index::catch_up(&mut site.engine, WAIT, &mut |_, _| ()).unwrap();
    site
}

/// What must stand nowhere afterwards.
fn secrets() -> Vec<Vec<u8>> {
    let mut secrets: Vec<Vec<u8>> = [
        CARLA,
        "carla.customer",
        "Carla Customer",
        "zygomorphic",
        "quaggas",
        "qua=",
        "xylophone concert",
        "Quagga stripes",
        "nightjars-of-carla",
        "quokka",
        "vuvuzela",
    ]
    .iter()
    .map(|word| word.as_bytes().to_vec())
    .collect();
    secrets.push(utf16("zygomorphic"));
    let html = base64_lines(&utf16(&format!("<p>{}</p>", SAID.replace('\n', "</p><p>"))));
    secrets.extend(html.lines().take(3).map(|line| line.as_bytes().to_vec()));
    secrets
}

#[test]
fn nothing_of_whoever_was_erased_stands_in_the_files() {
    let mut site = filled();
    let before = site.octets();
    for secret in secrets().iter().filter(|secret| **secret != utf16("zygomorphic")) {
        assert!(stands(&before, secret), "{:?} is looked for in vain", String::from_utf8_lossy(secret));
    }
    let tables = ["ticket", "entry", "message", "delivery", "outbox", "attachment", "entry_file"];
    let rows: Vec<i64> = tables.iter().map(|table| site.count(table)).collect();
    let preview = site.engine.read(|tx| site::erasable(tx, CARLA)).unwrap();
    let erased = site.erase(CARLA);
    assert_eq!(preview, Erasure::Done(erased.clone()), "a dry run says what is done");
    assert!(erased.discarded > 0, "{erased:?}");
    site.engine.scrub(WAIT).unwrap();
    let after = site.octets();
    let found: Vec<String> = secrets()
        .iter()
        .filter(|secret| stands(&after, secret))
        .map(|secret| String::from_utf8_lossy(secret).into_owned())
        .collect();
    assert_eq!(found, Vec::<String>::new());
    // The record is whole.
    assert_eq!(tables.iter().map(|table| site.count(table)).collect::<Vec<_>>(), rows);
    let counts = site.engine.read(|tx| counts::counts(tx, None, None)).unwrap();
    assert!(counts.balanced, "{}", counts.line());
    let sound: String = site.engine.read(|tx| tx.query_opt("PRAGMA integrity_check", &[], |row| row.get(0))).unwrap().unwrap();
    assert_eq!(sound, "ok");
    assert_eq!(site.count("pragma_foreign_key_check"), 0);
    // What others wrote is still there, and what others sent.
    let shown = site.shown(1);
    for kept in [ANNAS, "It comes on Monday.", "I can hear the printer", "manual-of-fusers.txt", &erased.person, "[erased]"] {
        assert!(shown.contains(kept), "{kept} in {shown}");
    }
    assert!(site.shown(2).contains("We look at it."));
    assert!(site.shown(3).contains(EMILS));
    let manual = (1..=site.engine.read(|tx| view::ticket::attachments(tx, 1)).unwrap().len() as u64)
        .filter_map(|number| site.engine.read(|tx| view::ticket::attachment(tx, 1, number)).unwrap())
        .find(|file| file.attachment.name == "manual-of-fusers.txt");
    assert_eq!(manual.unwrap().octets, b"Turn the fuser to the left.");
    let birds = site.engine.read(|tx| view::ticket::attachment(tx, 3, 1)).unwrap().unwrap();
    assert_eq!(birds.octets, file(), "the same file of somebody else stays");
}

#[test]
fn what_was_erased_stays_erased() {
    let mut site = filled();
    let erased = site.erase(CARLA);
    assert_eq!(erased.person, erased.person.to_lowercase());
    // The MTA delivers a mail of hers again.
    let again = format!(
        "From: {CARLA}\nTo: support@example.org\nMessage-ID: <g@customer.example>\nSubject: The vuvuzela is broken\n\nVuvuzelas in the corridor.\n"
    );
    let outcome = site.one(&again, NOW + 3 * DAY);
    assert_eq!((outcome.verdict, outcome.ticket), (Verdict::Duplicate, Some(2)));
    // A new mail is a stranger's; one in the name that she has now gets no part in hers.
    let new = format!(
        "From: {CARLA}\nTo: support@example.org\nMessage-ID: <n@customer.example>\nIn-Reply-To: <g@customer.example>\nSubject: Re: [example.org #2]\n\nAgain.\n"
    );
    let outcome = site.one(&new, NOW + 4 * DAY);
    assert_eq!((outcome.verdict, outcome.ticket), (Verdict::Created, Some(5)));
    let forged = format!(
        "From: {}@erased.invalid\nTo: support@example.org\nMessage-ID: <o@customer.example>\nSubject: Re: [example.org #1]\n\nMe.\n",
        erased.person
    );
    assert_eq!(site.one(&forged, NOW + 4 * DAY).ticket, Some(6));
    // Nothing is ever sent to her.
    site.say(1, "It is mended.", vec![], NOW + 5 * DAY);
    let sent = site.send(NOW + 5 * DAY);
    assert!(sent.iter().all(|mail| !mail.envelope_to.contains("erased")), "{sent:#?}");
    // Once more: there is nothing to do, and it is no mistake.
    assert_eq!(site.try_erase(&erased.person, &mut || Ok(())).unwrap(), Erasure::DoneBefore(erased.person));
}

#[test]
fn a_reader_who_keeps_the_log_is_told_and_the_next_run_finishes() {
    let mut site = filled();
    let path = site.config.database.clone();
    let reader = postern_core::store::engine::Engine::open(&path).unwrap();
    reader
        .read(|tx| {
            tx.query("SELECT count(*) FROM ticket", &[], |row| row.get::<i64>(0))?;
            site.erase(CARLA);
            assert!(matches!(site.engine.scrub(WAIT), Err(StoreError::Busy { .. })));
            Ok::<_, StoreError>(())
        })
        .unwrap();
    assert!(stands(&site.octets(), b"zygomorphic"), "it is still there");
    let again = site.try_erase(CARLA, &mut || Ok(())).unwrap();
    assert_eq!(again, Erasure::DoneBefore(CARLA.to_owned()));
    site.engine.scrub(WAIT).unwrap();
    site.engine.write(WAIT, site::scrubbed).unwrap();
    for secret in secrets() {
        assert!(!stands(&site.octets(), &secret), "{:?}", String::from_utf8_lossy(&secret));
    }
    assert!(site.engine.read(|tx| site::erasable(tx, CARLA)).is_err(), "nobody has that address now");
}

#[test]
fn others_write_while_somebody_is_erased_and_new_mail_of_theirs_is_a_strangers() {
    let mut site = filled();
    let (config, mut slices, mut other) = (site.config.clone(), 0, Engine::open(&site.config.database).unwrap());
    let mut between = || {
        slices += 1;
        // Carla writes again, in her name and to her old ticket; Dora quotes her there; Emil asks something else.
        let mails = [
            format!(
                "From: \"Carla Customer\" <{CARLA}>\nTo: support@example.org\nMessage-ID: <new-{slices}@customer.example>\n\
                 In-Reply-To: <a@customer.example>\nSubject: Wombat {slices}\n\nThe wombat is new, number {slices}.\n"
            ),
            format!(
                "From: Dora <dora@friend.example>\nTo: support@example.org\nMessage-ID: <q-{slices}@friend.example>\n\
                 In-Reply-To: <c@friend.example>\nSubject: mine\n\nSee number {slices}:\n{}",
                quoted(SAID)
            ),
            format!(
                "From: emil@else.example\nTo: support@example.org\nMessage-ID: <e-{slices}@else.example>\nSubject: Kite\n\nA kite.\n"
            ),
        ];
        for mail in mails {
            let setting = Setting::of(&config);
            let found = intake::deliver(&mut other, &setting, mail.as_bytes(), &to(&["support@example.org"], NOW + DAY * 9));
            assert!(found.is_ok(), "{found:?}");
        }
        Ok(())
    };
    site.try_erase(CARLA, &mut between).unwrap();
    assert!(slices > 8, "{slices} slices");
    // All of it went into the database; Carla's are a stranger's, and stay.
    assert_eq!(site.count("message WHERE message_id LIKE '%new-%@customer.example' AND from_email LIKE 'carla.%'"), slices);
    assert_eq!(site.count("message WHERE message_id LIKE 'e-%@else.example'"), slices);
    assert_eq!(site.count("ticket WHERE subject LIKE 'Wombat%'"), slices);
    assert!(site.engine.read(|tx| site::find_person(tx, CARLA)).is_ok());
    // What Dora quoted is gone where it came in before the last look, as what others wrote always is.
    assert!(site.shown(1).contains("See number 1:"));
    for word in [SUBJECT, "zygomorphic", "xylophone"] {
        let early = format!(
            "entry e JOIN message m ON m.id = e.message JOIN content c ON c.id IN (e.text_id, m.raw_id)
             WHERE m.message_id IN ('q-1@friend.example', 'q-2@friend.example') AND instr(c.data, CAST('{word}' AS BLOB)) > 0"
        );
        assert_eq!(site.count(&early), 0, "{word}");
    }
}

#[test]
fn an_erasure_that_is_killed_is_finished_by_the_next() {
    let told = filled().engine.read(|tx| site::erasable(tx, CARLA)).unwrap();
    let mut stop_at = 1;
    loop {
        let mut site = filled();
        let mut slices = 0;
        let mut between = || {
            slices += 1;
            if slices == stop_at { Err(StoreError::Other("killed".into())) } else { Ok(()) }
        };
        if let Ok(whole) = site.try_erase(CARLA, &mut between) {
            assert_eq!(whole, told);
            break;
        }
        let marker = site.engine.read(site::half_erased).unwrap().expect("it is known to be half done");
        // By the old address, by what they are called since, or by erasing somebody else: it is finished.
        let again = match stop_at % 3 {
            0 => site.try_erase(CARLA, &mut || Ok(())),
            1 => site.try_erase(&marker, &mut || Ok(())),
            _ => site.try_erase("nobody", &mut || Ok(())).or_else(|_| Ok::<_, EditError>(told.clone())),
        };
        assert_eq!(again.unwrap(), told, "killed after {stop_at} slices");
        assert_eq!(site.engine.read(site::half_erased).unwrap(), None);
        site.engine.scrub(WAIT).unwrap();
        let after = site.octets();
        for secret in secrets() {
            assert!(!stands(&after, &secret), "killed after {stop_at} slices: {:?}", String::from_utf8_lossy(&secret));
        }
        let sound: String =
            site.engine.read(|tx| tx.query_opt("PRAGMA integrity_check", &[], |row| row.get(0))).unwrap().unwrap();
        assert_eq!((sound.as_str(), site.count("pragma_foreign_key_check")), ("ok", 0));
        stop_at += 4;
    }
}

#[test]
fn who_works_here_or_is_named_by_the_site_is_not_erased() {
    let more =
        queue("support", "cc = [\"carla@customer.example\"]\nadmincc = [\"anna\"]") + &staff("anna", "") + &staff("ben", "");
    let mut site = Site::with(&more);
    let refused = |site: &mut Site, who: &str| site.engine.read(|tx| site::erasable(tx, who)).unwrap_err().to_string();
    assert!(refused(&mut site, "anna").contains("anna has a login and works here; take them out of site.toml"));
    assert!(refused(&mut site, "carla@customer.example").contains("the site names carla@customer.example; take them out"));
    assert!(refused(&mut site, "x@y.example").contains("nobody has the address"));
    site.sql("UPDATE person SET disabled = 1 WHERE login = 'ben'");
    site.erase("ben");
    assert_eq!(site.count("person WHERE login = 'ben' OR name = 'ben'"), 0);
    site.one("From: dora@x.example\nTo: support@example.org\nMessage-ID: <a@x>\n\nHi\n", NOW);
    site.sql("UPDATE outbox SET state = 'sending' WHERE address = 'dora@x.example'");
    assert!(refused(&mut site, "dora@x.example").contains("is being sent at this moment; try again"));
}

#[test]
fn every_column_that_names_a_person_goes_over_in_a_merge() {
    let mut site = filled();
    // Whoever names people by number says so in the table: what is merged is found by that.
    let sql = "SELECT t.name || '.' || c.name FROM pragma_table_list t JOIN pragma_table_info(t.name) c
               WHERE t.schema = 'main' AND t.type = 'table' AND c.type = 'INTEGER'
                 AND (c.name LIKE '%person%' OR c.name LIKE '%actor%' OR c.name LIKE '%owner%' OR c.name LIKE '%author%')
                 AND t.name <> 'search_document' -- Derived, and told of a merge by itself.
                 AND NOT EXISTS (SELECT 1 FROM pragma_foreign_key_list(t.name) f WHERE f.\"from\" = c.name)";
    let unnamed = site.engine.read(|tx| tx.query(sql, &[], |row| row.get::<String>(0))).unwrap();
    assert_eq!(unnamed, Vec::<String>::new(), "columns that may name people without REFERENCES person");
    let places = site.engine.read(|tx| tx.references_to("person")).unwrap();
    assert!(places.len() >= 8, "{places:?}");
    // Both watch ticket 1; Dora's other address is Carla's.
    let id = |site: &Site, address: &str| {
        let sql = "SELECT person_id FROM person_address WHERE address = ?1";
        site.engine.read(|tx| tx.query_opt(sql, values![address], |row| row.get::<i64>(0))).unwrap().unwrap()
    };
    let (carla, dora) = (id(&site, "carla.customer@customer.example"), id(&site, "dora@friend.example"));
    site.sql(&format!("INSERT INTO watcher (ticket_id, role, person_id) VALUES (1, 'requestor', {dora}) ON CONFLICT DO NOTHING"));
    site.sql(&format!("INSERT INTO queue_watcher (queue_id, role, person_id) VALUES (1, 'cc', {carla})"));
    let merged = site.engine.write(WAIT, |tx| site::merge(tx, CARLA, "dora@friend.example", ("anna", NOW))).unwrap();
    assert!(merged.moved.iter().any(|moved| moved.rows.dropped == 1), "{merged:?}");
    for place in &places {
        assert_eq!(site.count(&format!("{} WHERE {} = {carla}", place.table, place.column)), 0, "{place:?}");
    }
    assert_eq!((id(&site, "carla.customer@customer.example"), site.count(&format!("person WHERE id = {carla}"))), (dora, 0));
    let mail = format!(
        "From: {CARLA}\nTo: support@example.org\nMessage-ID: <z@customer.example>\nSubject: Re: [example.org #1]\n\nStill.\n"
    );
    assert_eq!(site.one(&mail, NOW + 2 * DAY).ticket, Some(1));
    assert_eq!(site.count(&format!("entry WHERE actor_id = {dora} AND message = (SELECT max(id) FROM message)")), 1);
    let refused = |site: &mut Site, from: &str, into: &str| {
        site.engine.dry_run(WAIT, |tx| site::merge(tx, from, into, ("anna", NOW))).unwrap_err().to_string()
    };
    assert!(refused(&mut site, CARLA, "dora@friend.example").contains("are one person already"));
    assert!(refused(&mut site, "anna", CARLA).contains("anna has a login, which site.toml gives"));
    assert!(refused(&mut site, CARLA, "nobody@x.example").contains("nobody has the address"));
    let into_anna = site.engine.write(WAIT, |tx| site::merge(tx, CARLA, "anna", ("ben", NOW))).unwrap();
    assert_eq!((into_anna.into.as_str(), into_anna.in_site), ("anna", true));
    assert_eq!(id(&site, "dora@friend.example"), id(&site, "anna@example.org"));
}

#[test]
fn somebody_has_several_addresses_and_each_is_theirs_alone() {
    let mut site = filled();
    let edit = |site: &mut Site, who: &str, address: &str, how| {
        site.engine.write(WAIT, |tx| {
            let edit = site::addressing(tx, who, address, how, &["desk@example.org"])?;
            site::edit(tx, &edit)
        })
    };
    let lines = edit(&mut site, "dora@friend.example", "Dora@Home.example", Addressing::Add).unwrap().lines;
    assert_eq!(lines, ["customer dora@friend.example: email dora@friend.example -> dora@friend.example, dora@home.example"]);
    assert!(edit(&mut site, "dora@home.example", "dora@home.example", Addressing::Add).unwrap().lines.is_empty());
    let lines = edit(&mut site, "dora@home.example", "dora@home.example", Addressing::First).unwrap().lines;
    assert_eq!(
        lines,
        ["customer dora@friend.example: email dora@friend.example, dora@home.example -> dora@home.example, dora@friend.example"]
    );
    for (who, address, how, said) in [
        ("dora@home.example", "support@example.org", Addressing::Add, "is an address of ours; mail to it"),
        ("dora@home.example", "Desk@example.org", Addressing::First, "is an address of ours; mail to it"),
        ("dora@home.example", "anna@example.org", Addressing::Add, "anna, who has a login; an address belongs to one"),
        ("dora@home.example", CARLA, Addressing::Add, "`postern person merge carla.customer@customer.example dora@home.example`"),
        ("anna", CARLA, Addressing::Add, "`postern person merge carla.customer@customer.example anna`"),
        ("dora@home.example", "no address", Addressing::Add, "no address"),
        ("emil@else.example", "emil@else.example", Addressing::Remove, "is the only address of emil@else.example; add another"),
        ("emil@else.example", "x@else.example", Addressing::Remove, "is no address of emil@else.example; they have"),
    ] {
        let error = edit(&mut site, who, address, how).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
    edit(&mut site, "dora@home.example", "dora@friend.example", Addressing::Remove).unwrap();
    edit(&mut site, "anna", "anna@home.example", Addressing::First).unwrap();
    let anna = site.engine.read(|tx| person::by_login(tx, "anna")).unwrap().unwrap();
    assert_eq!(anna.address, "anna@home.example");
}
