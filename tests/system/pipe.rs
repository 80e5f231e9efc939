//! postern-mailgate as an MTA sees it: exit statuses, options, envelope, and input of every kind.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::client::Reply;
use harness::eml::Eml;
use harness::process::{Outcome, run};
use harness::random::Random;
use harness::site::{ANNA, CARLA, Site, only_to};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// The MTA keeps the mail and tries again; it may copy what we say into a bounce, so that is one short line without secrets.
#[track_caller]
fn assert_put_off(outcome: &Outcome, site: &Site) {
    outcome.expect_code(75);
    assert_eq!(outcome.out, "");
    assert_eq!(outcome.err.lines().count(), 1, "one line is owed: {:?}", outcome.err);
    assert!(outcome.err.len() < 200, "a short line is owed: {:?}", outcome.err);
    let lower = outcome.err.to_lowercase();
    for secret in [site.directory().to_str().unwrap(), "select ", "insert ", "sqlite", "panicked"] {
        assert!(!lower.contains(&secret.to_lowercase()), "{secret:?} must not leave: {:?}", outcome.err);
    }
}

fn mail() -> Vec<u8> {
    Eml::new(CARLA, "support@example.org").bytes()
}

#[test]
fn empty_input_is_put_off() {
    let site = Site::new();
    for input in ["", "\n", " \r\n\t\n"] {
        assert_put_off(&site.pipe(input.as_bytes(), &["--queue", "support"]), &site);
    }
    assert!(site.ledger().is_empty());
}

#[test]
fn wrong_options_and_names_are_put_off() {
    let site = Site::new();
    let wrong: [&[&str]; 6] = [
        &["--queue", "support", "--no-such-option"],
        &["--queue"],
        &["--queue", "suport"],
        &["--queue", "support", "--action", "corespond"],
        &["--queue", "support", "--ticket", "many"],
        &["--queue", "support", "stray"],
    ];
    for options in wrong {
        assert_put_off(&site.pipe(&mail(), options), &site);
    }
    assert!(site.ledger().is_empty());
}

#[test]
fn help_and_version_fail_on_purpose() {
    let site = Site::new();
    for option in ["--help", "--version"] {
        site.pipe(&mail(), &[option]).expect_code(75);
    }
    assert!(site.ledger().is_empty());
}

#[test]
fn a_missing_or_broken_configuration_is_put_off() {
    let site = Site::new();
    let config = site.config();
    std::fs::write(&config, "[database\nurl = 3").unwrap();
    assert_put_off(&site.pipe(&mail(), &["--queue", "support"]), &site);
    std::fs::remove_file(&config).unwrap();
    assert_put_off(&site.pipe(&mail(), &["--queue", "support"]), &site);
}

#[test]
fn a_missing_database_is_put_off_and_not_made() {
    let site = Site::new();
    std::fs::remove_dir_all(site.path("data")).unwrap();
    std::fs::create_dir(site.path("data")).unwrap();
    assert_put_off(&site.pipe(&mail(), &["--queue", "support"]), &site);
    assert!(!site.path("data/postern.db").exists(), "a typing error in the path must not make an empty database");
}

#[test]
fn a_file_that_is_no_database_is_put_off_and_left_alone() {
    let site = Site::new();
    std::fs::remove_dir_all(site.path("data")).unwrap();
    std::fs::create_dir(site.path("data")).unwrap();
    let rubbish = b"this is no database, but it is long enough to be read as one".repeat(40);
    std::fs::write(site.path("data/postern.db"), &rubbish).unwrap();
    assert_put_off(&site.pipe(&mail(), &["--queue", "support"]), &site);
    assert_eq!(std::fs::read(site.path("data/postern.db")).unwrap(), rubbish);
}

#[test]
fn a_database_that_cannot_be_written_is_put_off() {
    let site = Site::new();
    site.support(&mail());
    let programs = harness::programs::copy_into(&site.path("bin"));
    let mode = |path: &str, mode| std::fs::set_permissions(site.path(path), PermissionsExt::from_mode(mode)).unwrap();
    for path in ["", "data", "bin"] {
        mode(path, 0o555);
    }
    for entry in std::fs::read_dir(site.path("data")).unwrap() {
        std::fs::set_permissions(entry.unwrap().path(), PermissionsExt::from_mode(0o444)).unwrap();
    }
    let mut command = Command::new(programs.join("postern-mailgate"));
    command.arg("--config").arg(site.config()).args(["--queue", "support"]);
    if run(Command::new("id").arg("-u"), b"").out.trim() == "0" {
        command.uid(65534).gid(65534);
    }
    let outcome = run(&mut command, &mail());
    mode("", 0o755);
    mode("data", 0o755);
    assert_put_off(&outcome, &site);
    assert_eq!(site.tickets().len(), 1);
}

#[test]
fn without_a_queue_or_a_known_recipient_a_site_of_two_queues_puts_off() {
    let site = Site::new();
    assert_put_off(&site.pipe(&mail(), &[]), &site);
    assert_put_off(&site.pipe(&mail(), &["--recipient", "nobody@example.org"]), &site);
}

#[test]
fn the_options_of_rt_mailgate_are_accepted() {
    let site = Site::new();
    let options = ["--queue", "support", "--action", "correspond", "--url", "https://rt.example.org/", "--timeout", "60"];
    let more = ["--ca-file", "/etc/ssl/ca.pem", "--no-verify-ssl", "--verify-ssl", "--jar", "/tmp/jar"];
    assert_eq!(site.arrive(&mail(), &[options.as_slice(), &more].concat())["verdict"], "created");
}

#[test]
fn success_is_silent_and_debug_speaks_on_standard_error_only() {
    let site = Site::new();
    site.pipe(&mail(), &["--queue", "support"]).expect_silent_success();
    let outcome = site.pipe(&mail(), &["--queue", "support", "--debug"]);
    outcome.expect_code(0);
    assert_eq!(outcome.out, "");
    assert_ne!(outcome.err, "");
}

#[test]
fn the_envelope_comes_from_the_environment_of_each_mta() {
    let postfix = [("SENDER", "env@example.com"), ("RECIPIENT", "noc@example.org"), ("ORIGINAL_RECIPIENT", "noc@example.org")];
    let exim = [("SENDER", "env@example.com"), ("LOCAL_PART", "noc"), ("DOMAIN", "example.org")];
    let qmail = [("SENDER", "env@example.com"), ("RECIPIENT", "noc@example.org"), ("EXT", "")];
    for (mta, environment) in [("Postfix", postfix), ("Exim", exim), ("qmail", qmail)] {
        let site = Site::new();
        run(site.mailgate().envs(environment), &mail()).expect_silent_success();
        site.arrived(1);
        assert_eq!(site.tickets()[0]["queue"], "noc", "{mta}: the recipient chooses the queue");
        assert_eq!(site.ledger()[0]["sender"], "env@example.com", "{mta}");
        site.assert_sound();
    }
}

#[test]
fn options_beat_the_environment() {
    let site = Site::new();
    let mut command = site.mailgate();
    command.env("SENDER", "env@example.com").args(["--queue", "support", "--sender", "option@example.com"]);
    run(&mut command, &mail()).expect_silent_success();
    assert_eq!(site.ledger()[0]["sender"], "option@example.com");
}

#[test]
fn the_extension_names_queue_action_or_ticket() {
    let site = Site::new();
    let with = |mail: &[u8], extension: &str, options: &[&str]| {
        run(site.mailgate().env("EXTENSION", extension).args(options), mail).expect_silent_success();
        site.arrived(1);
        site.ledger().into_iter().max_by_key(|row| row["id"].as_i64()).unwrap()
    };
    let row = with(&mail(), "noc", &["--extension", "queue"]);
    let number = row["ticket"].as_u64().unwrap();
    assert_eq!(site.ticket(number)["queue"], "noc");
    let row = with(&mail(), &number.to_string(), &["--queue", "support", "--extension", "ticket"]);
    assert_eq!((&row["verdict"], row["ticket"].as_u64()), (&"corresponded".into(), Some(number)), "{row}");
    let mails = site.run_outbox();
    let to_anna = mails.iter().find(|mail| mail.envelope_to == "anna@example.org").unwrap();
    let comment = Reply::to(to_anna, ANNA).text("Internal.").bytes();
    assert_eq!(with(&comment, "comment", &["--queue", "noc", "--extension", "action"])["verdict"], "commented");
    site.assert_sound();
}

#[test]
fn an_extension_that_means_nothing_is_kept_all_the_same() {
    let site = Site::new();
    let mail = mail();
    let gate =
        |options: &[&str]| run(site.mailgate().env("EXTENSION", "Blue-7").args(["--queue", "support"]).args(options), &mail);
    gate(&["--action", "correspond"]).expect_silent_success();
    gate(&["--action", "comment", "--extension", "colour"]).expect_silent_success();
    for row in site.ledger() {
        let id = row["id"].to_string();
        let explained = site.postern(&["mail", "explain", &id]);
        explained.expect_code(0);
        assert!(explained.out.contains("extension 'Blue-7'"), "{explained:?}");
    }
    site.arrived(2);
    site.assert_sound();
}

#[test]
fn a_dry_run_explains_and_writes_nothing() {
    let site = Site::new();
    let outcome = run(site.mailgate().args(["--queue", "support", "--dry-run", "--explain"]), &mail());
    outcome.expect_code(0);
    for word in ["created", "carla@example.net", "anna@example.org", "support"] {
        assert!(outcome.out.contains(word), "no {word:?} in {}", outcome.out);
    }
    assert!(site.ledger().is_empty() && site.tickets().is_empty() && site.outbox().is_empty());
}

#[test]
fn thirty_megabytes_are_filed_in_bounded_memory() {
    let site = Site::new();
    let line = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3\n";
    let mail = format!(
        "From: {CARLA}\nTo: support@example.org\nMessage-ID: <big@example.net>\nSubject: big\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee the file.\n\
         --b\nContent-Type: application/octet-stream; name=big.bin\nContent-Transfer-Encoding: base64\n\n{}\n--b--\n",
        line.repeat(30 * 1024 * 1024 / line.len())
    );
    let gate = site.mailgate();
    let memory = site.path("memory");
    let mut command = Command::new("/usr/bin/time");
    command.args(["-f", "%M", "-o"]).arg(&memory).arg(gate.get_program()).args(gate.get_args()).args(["--queue", "support"]);
    run(&mut command, mail.as_bytes()).expect_silent_success();
    site.arrived(1);
    let kilobytes: usize = std::fs::read_to_string(memory).unwrap().trim().parse().unwrap();
    assert!(kilobytes < 100 * 1024, "{kilobytes} kB for a mail of 30 MB");
    let number = site.ledger()[0]["ticket"].as_u64().unwrap();
    assert!(site.history(number)[0]["text"].as_str().unwrap().contains("See the file."));
    assert_eq!(shown_raw(&site, 0), mail.as_bytes());
    site.assert_sound();
}

#[test]
fn a_mail_without_headers_or_sender_is_a_ticket_that_nobody_is_answered_about() {
    let site = Site::new();
    for mail in [
        "no header at all, just words\n",
        "\nonly a body\n",
        "Subject: no sender\n\nbody\n",
        "From: \nSubject: empty sender\n\nx\n",
    ] {
        let row = site.support(mail.as_bytes());
        assert_eq!(row["verdict"], "created", "{mail:?}: {row}");
    }
    assert!(site.run_outbox().iter().all(|mail| mail.envelope_to.ends_with("@example.org")));
    site.assert_sound();
}

#[test]
fn rubbish_is_filed_and_kept_octet_for_octet() {
    let site = Site::new();
    let mut random = Random::seeded();
    let mut inputs: Vec<Vec<u8>> = vec![
        b"\0\0\0\0".to_vec(),
        b"From: a@b\0c\nSubject: \xff\xfe\n\n\0\xc3\x28".to_vec(),
        b"Content-Type: multipart/mixed; boundary=\"\"\n\n--\n--\n----\n".to_vec(),
        b"Content-Type: multipart/mixed; boundary=x\n\n"
            .iter()
            .chain(b"--x\nContent-Type: multipart/mixed; boundary=x\n\n".repeat(2000).iter())
            .copied()
            .collect(),
        b"X: y\n".repeat(50_000),
        [b"From: ".to_vec(), vec![b'<'; 200_000], b"\n\nx".to_vec()].concat(),
        [b"Subject: ".to_vec(), b"=?utf-8?B?".repeat(20_000), b"\n\nx".to_vec()].concat(),
        vec![b'a'; 5_000_000],
        vec![0xff; 100_000],
    ];
    inputs.extend((0..20).map(|_| (0..2 + random.below(20_000)).map(|_| u8::try_from(random.below(256)).unwrap()).collect()));
    for (index, input) in inputs.iter().enumerate() {
        site.pipe(input, &["--queue", "support"]).expect_silent_success();
        assert!(shown_raw(&site, index) == *input, "input {index} is not kept as it came");
    }
    site.assert_sound();
}

#[test]
fn line_ends_and_an_mbox_line_change_nothing() {
    let site = Site::new();
    let text = String::from_utf8(mail()).unwrap();
    let forms = [
        ("LF", text.clone()),
        ("CRLF", text.replace('\n', "\r\n")),
        ("CR", text.replace('\n', "\r")),
        ("mbox", format!("From carla@example.net Sat Nov 21 10:00:00 2026\n{text}")),
    ];
    for (index, (form, mail)) in forms.iter().enumerate() {
        let mail = mail.replace("Message-ID: <", &format!("Message-ID: <{index}"));
        let row = site.support(mail.as_bytes());
        assert_eq!((&row["verdict"], &row["subject"]), (&"created".into(), &"The printer is on fire".into()), "{form}");
        assert_eq!(row["from"], "carla@example.net", "{form}");
    }
    site.assert_sound();
}

#[test]
fn shell_and_sql_in_a_mail_are_words() {
    let site = Site::new();
    let subject = "$(touch /tmp/x) `id` '); DROP TABLE ticket; -- {{ 7*7 }} <script>";
    let row =
        site.support(&Eml::new(CARLA, "support@example.org").subject(subject).text("{{ ticket }} {% for x in y %}\n").bytes());
    assert_eq!(site.ticket(row["ticket"].as_u64().unwrap())["subject"], subject);
    let mails = site.run_outbox();
    assert!(only_to(&mails, "anna@example.org").must("Subject").ends_with(subject));
    site.assert_sound();
}

/// GNU time tells the peak of the resident memory, in kilobytes.
#[test]
fn a_mail_of_25_megabytes_takes_less_than_100_of_memory() {
    const SIZE: usize = 25_000_000;
    let site = Site::new();
    let mut mail = format!(
        "From: {CARLA}\nTo: support@example.org\nSubject: Plans\nMessage-ID: <large@example.net>\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nThe plans.\n"
    );
    let line = "JVBERi0xLjQKJcOkw7zDtsOfCjIgMCBvYmoKPDwvTGVuZ3RoIDMgMCBSL0ZpbHRlci9GbGF0ZURl\n";
    while mail.len() < SIZE {
        mail.push_str("--b\nContent-Type: application/pdf; name=plan.pdf\nContent-Transfer-Encoding: base64\n\n");
        mail.push_str(&line.repeat(60_000));
    }
    mail.push_str("--b--\n");
    let peak = site.path("peak");
    let plain = site.mailgate();
    let mut measured = std::process::Command::new("/usr/bin/time");
    measured.args(["-f", "%M", "-o"]).arg(&peak).arg(plain.get_program()).args(plain.get_args()).args(["--queue", "support"]);
    harness::process::run(&mut measured, mail.as_bytes()).expect_code(0);
    site.arrived(1);
    let kilobytes: usize = std::fs::read_to_string(peak).unwrap().trim().parse().unwrap();
    assert!(kilobytes < 100_000, "a mail of {} octets took {kilobytes} kB of memory", mail.len());
    let row = &site.ledger()[0];
    assert_eq!(row["verdict"], "created", "{row}");
    let files = site.json(&["ticket", "attachment", &row["ticket"].to_string()]);
    assert_eq!(files.as_array().unwrap().len(), mail.matches("name=plan.pdf").count());
    site.assert_sound();
}

/// The raw octets of the message that arrived as number `index`, counted from the first.
fn shown_raw(site: &Site, index: usize) -> Vec<u8> {
    let mut rows = site.ledger();
    rows.sort_by_key(|row| row["id"].as_i64());
    let outcome = site.postern(&["mail", "show", &rows[index]["id"].to_string(), "--raw"]);
    outcome.expect_code(0);
    outcome.octets
}
