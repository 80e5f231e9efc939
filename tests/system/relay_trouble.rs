//! Mail servers that are down, slow, suspicious, rude or broken: what the outbox says meanwhile, in the remote's words, and that
//! everything arrives once when the trouble is over - but for SMTP's own window, from the final dot to its answer.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::eml::Eml;
use harness::mail::Mail;
use harness::nasty::{Answer, Moment, Nasty};
use harness::outbox::{assert_all, assert_arrived_once, assert_waiting, copies, retry_all, row_to, run_once, words};
use harness::postfix::free_port;
use harness::process::{run, wait_until};
use harness::programs::{faketime, not_run};
use harness::site::{CARLA, Site, TWO_QUEUES};
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(30);

/// A site whose mail goes to the server, with mails to Carla, Anna and Ben due.
fn site(server: &Nasty) -> Site {
    site_at(&server.courier())
}

fn site_at(courier: &str) -> Site {
    let site = Site::with(TWO_QUEUES, courier);
    site.support(&Eml::new(CARLA, "support@example.org").bytes());
    assert_eq!(site.outbox().len(), 3, "{:#?}", site.outbox());
    site
}

/// A server that behaves.
fn usual(_: &Moment<'_>) -> Option<Answer> {
    None
}

/// Everything that waits is tried again at a server that behaves now, and has arrived once afterwards.
#[track_caller]
fn assert_recovers(site: &Site, server: &Nasty) {
    server.behave(usual);
    retry_all(site);
    run_once(site);
    assert_arrived_once(site, &server.taken());
    site.assert_sound();
}

/// What a person may be shown: one line, not endless.
#[track_caller]
fn assert_readable(row: &Value) {
    let words = words(row);
    assert!(!words.is_empty() || row["attempts"] == 0, "{row}");
    assert!(words.chars().count() <= 2000, "{} characters: {row}", words.chars().count());
    assert!(!words.chars().any(char::is_control), "{row}");
}

#[test]
fn a_relay_that_is_down_is_waited_for() {
    let port = free_port();
    let site = site_at(&format!("smtp://127.0.0.1:{port}"));
    run_once(&site);
    assert_waiting(&site, "Connection refused");
    assert_waiting(&site, &format!("127.0.0.1:{port}"));
    let server = Nasty::at(port, usual);
    run_once(&site);
    assert_eq!(server.connections(), 0, "nothing is due before its time");
    assert_recovers(&site, &server);
}

#[test]
fn the_daemon_sends_what_waited_for_a_relay_that_came_back() {
    let port = free_port();
    let site = site_at(&format!("smtp://127.0.0.1:{port}"));
    let served = site.serve();
    wait_until("the mails to be put off", PATIENCE, || site.outbox().iter().any(|row| row["state"] == "deferred"));
    let server = Nasty::at(port, |moment| moment.is("MAIL").then_some(Answer::Slowly(Duration::from_millis(50))));
    retry_all(&site);
    wait_until("the mails to be sent", PATIENCE, || {
        // A daemon that found nobody leaves the server alone for some seconds; to ask again is harmless.
        std::thread::sleep(Duration::from_secs(1));
        retry_all(&site);
        site.outbox().iter().all(|row| row["state"] == "sent")
    });
    site.support(&Eml::new("Dora <dora@example.net>", "support@example.org").bytes());
    wait_until("the next mails to be sent", PATIENCE, || site.outbox().iter().all(|row| row["state"] == "sent"));
    served.end();
    assert_arrived_once(&site, &server.taken());
}

#[test]
fn a_daemon_that_is_asked_to_end_hears_the_answer_to_its_mail_first() {
    let server = Nasty::new(|moment| (moment.line == ".").then_some(Answer::Slowly(Duration::from_secs(2))));
    let site = site(&server);
    let served = site.serve();
    wait_until("a mail to be on its way", PATIENCE, || server.count(".") > 0);
    served.end();
    let sent = site.outbox().iter().filter(|row| row["state"] == "sent").count();
    assert_eq!(sent, server.taken().len(), "what was answered is written down: {:#?}", site.outbox());
    assert!(sent > 0);
    assert_recovers(&site, &server);
}

#[test]
fn slow_is_not_broken() {
    let server = Nasty::new(|moment| match moment.line {
        "greeting" => Some(Answer::Slowly(Duration::from_secs(2))),
        "DATA" => Some(Answer::Slowly(Duration::from_millis(300))),
        "." => Some(Answer::Trickle("250-2.0.0 I have\r\n250 2.0.0 taken it\r\n".to_owned(), Duration::from_millis(15))),
        _ => None,
    });
    let site = site(&server);
    run_once(&site);
    assert_all(&site, "sent", "250 2.0.0 I have taken it");
    assert_arrived_once(&site, &server.taken());
}

#[test]
fn greylisting_is_believed_and_answered_by_coming_back() {
    let server = Nasty::new(|moment| {
        (moment.is("RCPT") && moment.before == 0)
            .then(|| Answer::Say(format!("451 4.7.1 <{}>: Greylisted, come back in a minute", moment.to)))
    });
    let site = site(&server);
    run_once(&site);
    assert_all(&site, "deferred", "451 4.7.1");
    for address in ["carla@example.net", "anna@example.org", "ben@example.org"] {
        assert!(words(&row_to(&site, address)).contains(&format!("<{address}>: Greylisted")), "{:#?}", site.outbox());
    }
    assert!(server.taken().is_empty());
    retry_all(&site);
    run_once(&site);
    assert_all(&site, "sent", "250 2.0.0 taken");
    assert_arrived_once(&site, &server.taken());
    assert_eq!(server.count("RCPT"), 6);
}

#[test]
fn one_refused_recipient_of_three_stops_nobody_else() {
    let server = Nasty::new(|moment| {
        let refused = moment.is("RCPT") && moment.to == "ben@example.org";
        refused.then(|| Answer::Say("550-5.1.1 <ben@example.org>: there is no\r\n550 5.1.1 such person here".to_owned()))
    });
    let site = site(&server);
    run_once(&site);
    let refused = row_to(&site, "ben@example.org");
    assert_eq!(refused["state"], "failed", "{refused}");
    for said in ["550 5.1.1", "<ben@example.org>: there is no", "such person here"] {
        assert!(words(&refused).contains(said), "no {said:?} in {refused}");
    }
    for other in ["carla@example.net", "anna@example.org"] {
        assert_eq!(row_to(&site, other)["state"], "sent");
        let first = server.taken().iter().filter(|mail| mail.envelope_to == other && mail.text().contains("Smoke")).count();
        assert!(first <= 1, "{other} has the mail {first} times");
    }
    let taken = server.taken();
    assert!(copies(&taken).values().all(|count| *count == 1), "{taken:#?}");
    run_once(&site);
    assert_eq!(row_to(&site, "ben@example.org")["attempts"], 1, "what was refused for good is not offered again");
    assert!(server.taken().iter().all(|mail| mail.envelope_to != "ben@example.org"));
}

#[test]
fn a_connection_closed_at_any_moment_before_the_end_costs_nothing() {
    for line in ["greeting", "EHLO", "MAIL", "RCPT", "DATA", "after 354"] {
        let server = Nasty::new(move |moment| match line {
            "after 354" => moment.is("DATA").then(|| Answer::SayAndClose("354 go on".to_owned())),
            _ => (moment.line == line || moment.is(line)).then_some(Answer::Close),
        });
        let site = site(&server);
        run_once(&site);
        assert_waiting(&site, "");
        site.outbox().iter().for_each(assert_readable);
        assert!(server.taken().is_empty(), "{line}");
        assert_recovers(&site, &server);
    }
}

#[test]
fn a_mail_whose_final_dot_was_not_answered_is_sent_again_with_its_message_id() {
    for taken_in_silence in [true, false] {
        let server = Nasty::new(move |moment| {
            let silent = if taken_in_silence { Answer::TakeAndClose } else { Answer::Close };
            (moment.line == "." && moment.to == "carla@example.net").then_some(silent)
        });
        let site = site(&server);
        run_once(&site);
        let carla = row_to(&site, "carla@example.net");
        assert_eq!(carla["state"], "deferred", "{carla}");
        assert_readable(&carla);
        assert!(words(&carla).contains("closed"), "{carla}");
        server.behave(usual);
        retry_all(&site);
        run_once(&site);
        assert_all(&site, "sent", "250 2.0.0 taken");
        let copies = copies(&server.taken());
        assert_eq!(copies.len(), 3, "the same Message-ID both times: {copies:#?}");
        for ((message, to), count) in &copies {
            let expected = if taken_in_silence && to == "carla@example.net" { 2 } else { 1 };
            assert_eq!(*count, expected, "{message} to {to}");
        }
    }
}

#[test]
fn every_refusal_is_shown_in_the_servers_words_and_means_what_its_code_says() {
    // Where, what is said, and what becomes of the mail.
    const REFUSALS: [(&str, &str, &str); 8] = [
        ("MAIL", "450 4.7.1 sender is being looked at", "deferred"),
        ("MAIL", "553 5.7.1 you may not be this sender", "failed"),
        ("RCPT", "452 4.2.2 mailbox is full today", "deferred"),
        ("RCPT", "550 5.1.1 nobody of that name", "failed"),
        ("DATA", "451 4.3.0 not just now", "deferred"),
        ("DATA", "554 5.5.1 no valid anything", "failed"),
        (".", "452 4.3.1 the disk is full", "deferred"),
        (".", "554 5.6.0 this is spam, I think", "failed"),
    ];
    for (line, said, state) in REFUSALS {
        let server = Nasty::new(move |moment| (moment.line == line || moment.is(line)).then(|| Answer::Say(said.to_owned())));
        let site = site(&server);
        run_once(&site);
        for address in ["carla@example.net", "anna@example.org", "ben@example.org"] {
            let row = row_to(&site, address);
            assert_eq!(row["state"], state, "{line}: {row}");
            assert!(words(&row).contains(said), "{line}: no {said:?} in {row}");
        }
        assert!(server.taken().is_empty(), "{line} {said}");
        if state == "deferred" {
            assert_recovers(&site, &server);
        }
    }
}

#[test]
fn a_server_that_does_not_want_us_now_is_waited_for_whatever_it_says() {
    for greeting in ["421 4.3.2 shutting down for maintenance", "554 5.7.1 you are on a list", "450 4.7.0 who are you?"] {
        let server = Nasty::new(move |moment| (moment.line == "greeting").then(|| Answer::SayAndClose(greeting.to_owned())));
        let site = site(&server);
        run_once(&site);
        assert_waiting(&site, greeting);
        assert_recovers(&site, &server);
    }
}

#[test]
fn a_mail_at_which_the_server_hangs_up_every_time_does_not_hold_up_the_others() {
    for farewell in [Answer::Close, Answer::SayAndClose("421 4.7.0 not with me".to_owned())] {
        let said = farewell.clone();
        let server = Nasty::new(move |moment| (moment.is("RCPT") && moment.to == "carla@example.net").then(|| said.clone()));
        let site = site(&server);
        for _ in 0..3 {
            run_once(&site);
            retry_all(&site);
        }
        run_once(&site);
        for address in ["anna@example.org", "ben@example.org"] {
            assert_eq!(row_to(&site, address)["state"], "sent", "{farewell:?}: {:#?}", site.outbox());
        }
        assert_eq!(row_to(&site, "carla@example.net")["state"], "deferred");
        if let Answer::SayAndClose(said) = farewell {
            assert!(words(&row_to(&site, "carla@example.net")).contains(&said), "{:#?}", site.outbox());
        }
        assert_recovers(&site, &server);
    }
}

#[test]
fn a_connection_that_a_server_ends_in_the_middle_of_its_mails_is_made_anew() {
    // Two mails each connection, then goodbye.
    let server = Nasty::new(|moment| {
        let over = moment.is("MAIL") && moment.before > 0 && moment.before % 2 == 0 && moment.connection < 3;
        over.then(|| Answer::SayAndClose("421 4.7.0 that is enough for one connection".to_owned()))
    });
    let site = site(&server);
    for number in 0..4 {
        site.support(&Eml::new(&format!("c{number}@example.net"), "support@example.org").bytes());
    }
    for _ in 0..5 {
        run_once(&site);
        retry_all(&site);
    }
    assert_arrived_once(&site, &server.taken());
}

/// RFC 5321 section 4.2: a reply may be its code alone. Who does not understand that after the final dot sends the mail again.
#[test]
fn bare_replies_are_replies() {
    for line in [".", "MAIL", "RCPT", "DATA", "greeting"] {
        let server = Nasty::new(move |moment| {
            let code = match line {
                "greeting" => "220",
                "DATA" => "354",
                _ => "250",
            };
            (moment.line == line || moment.is(line)).then(|| Answer::Say(code.to_owned()))
        });
        let site = site(&server);
        run_once(&site);
        assert_eq!(server.taken().len(), 3, "a bare reply to {line}: {:#?}", site.outbox());
        assert_all(&site, "sent", "250");
        assert_arrived_once(&site, &server.taken());
    }
}

/// Some servers speak their administrator's language in their administrator's character set. The code is what counts.
#[test]
fn replies_in_another_character_set_are_replies() {
    // "taken over, thank you" and "recipient unknown", in Latin-1.
    let (taken, refused) = (b"250 2.0.0 \xfcbernommen, danke\r\n", b"550 5.1.1 Empf\xe4nger unbekannt\r\n");
    let server = Nasty::new(move |moment| match moment.line {
        "." => Some(Answer::Octets(taken.to_vec())),
        _ if moment.is("RCPT") && moment.to == "ben@example.org" => Some(Answer::Octets(refused.to_vec())),
        _ => None,
    });
    let site = site(&server);
    run_once(&site);
    for (address, state, said) in [
        ("carla@example.net", "sent", "bernommen, danke"),
        ("anna@example.org", "sent", "bernommen, danke"),
        ("ben@example.org", "failed", "nger unbekannt"),
    ] {
        let row = row_to(&site, address);
        assert_eq!(row["state"], state, "{row}");
        assert!(words(&row).contains(said), "{row}");
    }
}

#[test]
fn long_replies_of_many_lines_are_kept_readable() {
    let long = |code: &str| {
        let lines = (0..60).map(|line| format!("{code}-{line} {}\r\n", "words and words and words ".repeat(15)));
        lines.collect::<String>() + &format!("{code} the end")
    };
    let (hello, taken, refused) = (long("250"), long("250"), long("550"));
    let server = Nasty::new(move |moment| {
        let refuses = moment.is("RCPT") && moment.to == "ben@example.org";
        match moment.line {
            "." => Answer::say(&taken),
            _ if moment.is("EHLO") => Answer::say(&hello),
            _ if refuses => Answer::say(&refused),
            _ => None,
        }
    });
    let site = site(&server);
    run_once(&site);
    for (address, state, code) in
        [("carla@example.net", "sent", "250"), ("anna@example.org", "sent", "250"), ("ben@example.org", "failed", "550")]
    {
        let row = row_to(&site, address);
        assert_eq!(row["state"], state, "{row}");
        assert!(words(&row).starts_with(&format!("{code} 0 words and words")), "{row}");
        assert_readable(&row);
    }
    let to = |address: &str| server.taken().iter().filter(|mail| mail.envelope_to == address).count();
    assert_eq!((to("carla@example.net"), to("ben@example.org")), (1, 0));
}

#[test]
fn what_is_no_mail_server_at_all_is_told_of_and_waited_for() {
    let garbage: [&[u8]; 4] = [
        b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
        b"\x00\xff\xfe\x1b[31m\x07 garbage \x80\r\n",
        b"220\xa0caf\xe9 \x1b]0;title\x07 not in any encoding\r\n",
        b"SSH-2.0-OpenSSH_9.2p1\r\n",
    ];
    for octets in garbage {
        let server = Nasty::new(move |moment| (moment.line == "greeting").then(|| Answer::Octets(octets.to_vec())));
        let site = site(&server);
        run_once(&site);
        assert_waiting(&site, &format!("127.0.0.1:{}", server.port()));
        site.outbox().iter().for_each(assert_readable);
        assert_recovers(&site, &server);
    }
}

#[test]
fn a_server_that_talks_without_end_costs_little_memory() {
    const SAID: usize = 100_000_000;
    let server = Nasty::new(|moment| {
        let endless = || [b"220 ".as_slice(), &b"x".repeat(SAID)].concat();
        (moment.line == "greeting").then(|| Answer::OctetsAndClose(endless()))
    });
    let site = site(&server);
    let peak = site.path("peak");
    // GNU time tells the peak of the resident memory, in kilobytes.
    let plain = site.postern_command(&["outbox", "run", "--once"]);
    let mut measured = Command::new("/usr/bin/time");
    measured.args(["-f", "%M", "-o"]).arg(&peak).arg(plain.get_program()).args(plain.get_args());
    run(&mut measured, b"").expect_code(0);
    let kilobytes: usize = std::fs::read_to_string(peak).unwrap().trim().parse().unwrap();
    assert_waiting(&site, "");
    site.outbox().iter().for_each(assert_readable);
    assert!(kilobytes * 1000 < SAID / 2, "a greeting of {SAID} octets took {kilobytes} kB of memory");
    assert_recovers(&site, &server);
}

/// Files a mail of a customer about a ticket; the ticket's number.
fn write(site: &Site, ticket: Option<u64>, customer: usize, number: usize) -> u64 {
    let mail =
        Eml::new(&format!("customer{customer}@example.net"), "support@example.org").text(&format!("This is word {number}.\n"));
    let subject = ticket.map_or("The printer is on fire".to_owned(), |ticket| format!("Re: [example.org #{ticket}] The printer"));
    let row = site.support(&mail.subject(&subject).bytes());
    let verdict = if ticket.is_some() { "corresponded" } else { "created" };
    assert_eq!(row["verdict"], verdict, "{row}");
    row["ticket"].as_u64().unwrap()
}

/// The events of each ticket as they came to each recipient: the number that a subject tag has, and what follows.
fn arrival_order(mails: &[Mail], rows: &[Value]) -> BTreeMap<(u64, String), Vec<u64>> {
    let mut order: BTreeMap<(u64, String), Vec<u64>> = BTreeMap::new();
    for mail in mails {
        let message = mail.must("Message-ID").trim_matches(['<', '>']).to_owned();
        let is_row = |row: &&Value| row["message_id"] == message.as_str() && row["to"] == mail.envelope_to.as_str();
        let row = rows.iter().find(is_row).unwrap_or_else(|| panic!("{message} to {} is no row of the outbox", mail.envelope_to));
        let key = (row["ticket"].as_u64().unwrap(), mail.envelope_to.clone());
        order.entry(key).or_default().push(row["id"].as_u64().unwrap());
    }
    order
}

#[test]
fn after_a_day_of_outage_everything_arrives_once_and_in_order() {
    let Some(faketime) = faketime() else {
        return not_run("relay: a day of outage", "Debian's package faketime is not installed");
    };
    let port = free_port();
    let site = Site::with(TWO_QUEUES, &format!("smtp://127.0.0.1:{port}"));
    let tickets: Vec<u64> = (0..5).map(|customer| write(&site, None, customer, 0)).collect();
    let mut written = tickets.len();
    for hour in 0..24 {
        site.set_clock(&faketime, hour * 60);
        run_once(&site);
        // Life goes on meanwhile: 25 more mails until the evening, in no order of tickets.
        for number in 0..2 {
            let customer = (written * 3 + number) % tickets.len();
            if written < 30 {
                write(&site, Some(tickets[customer]), customer, written);
                written += 1;
            }
        }
    }
    assert_eq!(written, 30);
    let rows = site.outbox();
    assert!(rows.len() > 60, "{} mails wait", rows.len());
    assert!(rows.iter().all(|row| row["state"] == "deferred" || row["state"] == "queued"), "{rows:#?}");
    let server = Nasty::at(port, usual);
    let mut hours = 0;
    while site.outbox().iter().any(|row| row["state"] != "sent") {
        assert!(hours < 8, "eight hours after the relay came back mails still wait: {:#?}", site.outbox());
        site.set_clock(&faketime, (24 + hours) * 60);
        run_once(&site);
        hours += 1;
    }
    eprintln!("{} mails had waited; all had arrived after {hours} hourly runs", rows.len());
    let taken = server.taken();
    assert_arrived_once(&site, &taken);
    for ((ticket, to), order) in arrival_order(&taken, &site.outbox()) {
        assert!(order.is_sorted(), "ticket {ticket}: {to} got the mails of the outbox in the order {order:?}");
    }
    site.assert_sound();
}
