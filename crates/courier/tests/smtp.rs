//! The SMTP courier against a server that behaves, and against servers that do not.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod sink;

use postern_core::config::{Credentials, Secret};
use postern_courier::{Courier, Outcome, Security, SmtpCourier};
use sink::{Answer, Sink};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

const MAIL: &str = "Subject: x\r\nMessage-ID: <1@example.org>\r\n\r\nHello\r\n.\r\n..\r\nBye\r\n";

fn courier(sink: &Sink) -> SmtpCourier {
    SmtpCourier::new("127.0.0.1", sink.port, Security::Plain, None)
}

fn send(courier: &SmtpCourier) -> Outcome {
    courier.send(Some("bounce@example.org"), "anna@example.net", MAIL.as_bytes())
}

fn with_login(sink: &Sink, security: Security) -> SmtpCourier {
    let credentials = Credentials { user: "anna".into(), secret: Secret::Password("secret".into()) };
    SmtpCourier::new("127.0.0.1", sink.port, security, Some(credentials))
}

#[test]
fn mails_share_a_connection_and_arrive_as_they_were() {
    let sink = Sink::start(|_, _| None);
    let courier = courier(&sink);
    assert_eq!(send(&courier), Outcome::Sent { reply: "250 2.0.0 taken".into() });
    assert!(matches!(courier.send(None, "a..b@docomo.example", MAIL.as_bytes()), Outcome::Sent { .. }));
    let mails = sink.mails();
    assert_eq!((mails[0].from.as_str(), mails[0].to.as_str()), ("<bounce@example.org>", "<anna@example.net>"));
    assert_eq!((mails[1].from.as_str(), mails[1].to.as_str()), ("<>", "<a..b@docomo.example>"));
    assert!(mails.iter().all(|mail| mail.data == MAIL), "{mails:?}");
    assert_eq!(sink.record().connections, 1);
    drop(courier);
    let goodbye = || sink.commands().last().is_some_and(|last| last == "QUIT");
    assert!((0..100).any(|_| goodbye() || {
        std::thread::sleep(Duration::from_millis(10));
        false
    }));
}

#[test]
fn extensions_are_used_when_needed_only() {
    let sink = Sink::start(|_, _| None);
    let courier = courier(&sink);
    courier.send(None, "ännä@bücher.example", MAIL.as_bytes());
    courier.send(None, "anna@bücher.example", "Subject: x\r\n\r\nGrüße\r\n".as_bytes());
    let mails = sink.mails();
    assert_eq!((mails[0].from.as_str(), mails[0].to.as_str()), ("<> SMTPUTF8", "<ännä@xn--bcher-kva.example>"));
    assert_eq!((mails[1].from.as_str(), mails[1].to.as_str()), ("<> BODY=8BITMIME", "<anna@xn--bcher-kva.example>"));
}

#[test]
fn an_address_that_needs_smtputf8_fails_where_it_is_not_known() {
    let sink = Sink::start(|line, _| line.starts_with("EHLO").then_some(Answer::Say("250 sink.example\r\n")));
    let courier = courier(&sink);
    assert!(matches!(courier.send(None, "ännä@example.net", MAIL.as_bytes()), Outcome::Failed { .. }));
    assert!(matches!(send(&courier), Outcome::Sent { .. }));
}

#[test]
fn a_server_that_insists_on_grammar_gets_the_quoted_form() {
    let sink =
        Sink::start(|line, _| (line == "RCPT TO:<a..b@docomo.example>").then_some(Answer::Say("501 5.1.3 bad syntax\r\n")));
    assert!(matches!(courier(&sink).send(None, "a..b@docomo.example", MAIL.as_bytes()), Outcome::Sent { .. }));
    assert_eq!(sink.mails()[0].to, "<\"a..b\"@docomo.example>");
}

#[test]
fn refusals_and_the_mail_after_them() {
    for (at, words, expected) in [
        ("RCPT", "450 4.2.0 greylisted\r\n", Outcome::Deferred { reply: "450 4.2.0 greylisted".into() }),
        ("RCPT", "550-5.1.1 no\r\n550 5.1.1 such user\r\n", Outcome::Failed { reply: "550 5.1.1 no such user".into() }),
        ("MAIL", "553 5.7.1 not you\r\n", Outcome::Failed { reply: "553 5.7.1 not you".into() }),
        (
            "MAIL",
            "530 5.7.0 authentication required\r\n",
            Outcome::Unreachable { reply: "530 5.7.0 authentication required".into() },
        ),
        ("DATA", "554 5.5.1 no\r\n", Outcome::Failed { reply: "554 5.5.1 no".into() }),
        (".", "554 5.6.0 spam\r\n", Outcome::Failed { reply: "554 5.6.0 spam".into() }),
        (".", "452 4.3.1 disk full\r\n", Outcome::Deferred { reply: "452 4.3.1 disk full".into() }),
    ] {
        let sink = Sink::start(move |line, before| (line.starts_with(at) && before == 0).then_some(Answer::Say(words)));
        let courier = courier(&sink);
        assert_eq!(send(&courier), expected, "{at} {words}");
        assert_eq!(send(&courier), Outcome::Sent { reply: "250 2.0.0 taken".into() }, "after {at} {words}");
        assert_eq!(sink.record().connections, 1, "{at} {words}");
    }
}

#[test]
fn a_connection_closed_after_the_dot_is_deferred_and_not_repeated() {
    let sink = Sink::start(|line, before| (line == "." && before == 1).then_some(Answer::Close));
    let courier = courier(&sink);
    assert!(matches!(send(&courier), Outcome::Sent { .. }));
    let Outcome::Deferred { reply } = send(&courier) else { panic!() };
    assert_eq!(reply, "after the mail: the connection was closed");
    assert_eq!(sink.mails().len(), 2);
    assert!(matches!(send(&courier), Outcome::Sent { .. }));
}

#[test]
fn a_server_that_closed_a_waiting_connection_is_asked_anew() {
    for farewell in [Answer::SayAndClose("421 4.4.2 idle for too long\r\n"), Answer::Close] {
        let farewell = std::sync::Mutex::new(Some(farewell));
        let sink = Sink::start(move |line, before| {
            (line.starts_with("MAIL") && before == 1).then(|| farewell.lock().unwrap().take()).flatten()
        });
        let courier = courier(&sink);
        assert!(matches!(send(&courier), Outcome::Sent { .. }));
        assert!(matches!(send(&courier), Outcome::Sent { .. }));
        assert_eq!(sink.record().connections, 2);
        assert_eq!(sink.mails().len(), 2);
    }
}

#[test]
fn a_session_that_cannot_be_opened_is_the_configurations_trouble() {
    let sink = Sink::start(|line, _| (line == "greeting").then_some(Answer::SayAndClose("554 5.7.1 you are on a list\r\n")));
    let courier = courier(&sink);
    for _ in 0..3 {
        let Outcome::Unreachable { reply } = send(&courier) else { panic!() };
        assert!(reply.contains("554 5.7.1 you are on a list"), "{reply}");
    }
    assert_eq!(sink.record().connections, 1, "a server that is down is not asked for every mail");
}

#[test]
fn nobody_listening_is_temporary() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let courier = SmtpCourier::new("127.0.0.1", port, Security::Plain, None);
    let Outcome::Unreachable { reply } = send(&courier) else { panic!() };
    assert!(reply.starts_with(&format!("cannot talk to 127.0.0.1:{port}: Connection refused")), "{reply}");
    assert!(courier.probe().is_err());
}

#[test]
fn slow_is_not_broken() {
    let sink = Sink::start(|_, _| Some(Answer::Slowly(Duration::from_millis(60))));
    assert!(matches!(send(&courier(&sink)), Outcome::Sent { .. }));
}

#[test]
fn login_plain_and_refused() {
    let offer = |line: &str| line.starts_with("EHLO").then_some(Answer::Say("250-sink\r\n250 AUTH PLAIN LOGIN\r\n"));
    let sink = Sink::start(move |line, _| offer(line));
    let courier = with_login(&sink, Security::Plain);
    assert!(matches!(send(&courier), Outcome::Sent { .. }));
    assert!(sink.commands().contains(&"AUTH PLAIN AGFubmEAc2VjcmV0".to_owned()), "{:?}", sink.commands());
    assert!(courier.probe().unwrap().contains("user anna is let in"));

    let sink = Sink::start(move |line, _| offer(line).or(line.starts_with("AUTH").then_some(Answer::Say("535 5.7.8 wrong\r\n"))));
    let courier = with_login(&sink, Security::Plain);
    let Outcome::Unreachable { reply } = send(&courier) else { panic!() };
    assert!(reply.contains("does not let user anna in: 535 5.7.8 wrong"), "{reply}");
    assert!(courier.probe().unwrap_err().contains("535"));
}

#[test]
fn login_in_steps_where_plain_is_not_offered() {
    let (user, password) = ("YW5uYQ==", "c2VjcmV0");
    for (after_the_password, let_in) in [("235 2.7.0 welcome\r\n", true), ("334 UGxlYXNlPw==\r\n", false)] {
        let sink = Sink::start(move |line, _| match line {
            "AUTH LOGIN" | "YW5uYQ==" => Some(Answer::Say("334\r\n")),
            "c2VjcmV0" => Some(Answer::Say(after_the_password)),
            "*" => Some(Answer::Say("501 5.7.0 given up\r\n")),
            line if line.starts_with("EHLO") => Some(Answer::Say("250-sink\r\n250-auth=login\r\n250 auth CRAM-MD5 login\r\n")),
            _ => None,
        });
        assert_eq!(matches!(send(&with_login(&sink, Security::Plain)), Outcome::Sent { .. }), let_in);
        let commands = sink.commands();
        let login = commands.iter().skip_while(|line| *line != "AUTH LOGIN").skip(1).take(3);
        let expected = if let_in { [user, password, "MAIL FROM:<bounce@example.org>"] } else { [user, password, "*"] };
        assert_eq!(login.collect::<Vec<_>>(), expected, "{commands:?}");
    }
}

#[test]
fn no_login_is_tried_that_is_not_offered() {
    for (offer, expected) in
        [("250-sink\r\n250 SIZE\r\n", "offers no authentication"), ("250-sink\r\n250 AUTH CRAM-MD5\r\n", "CRAM-MD5")]
    {
        let sink = Sink::start(move |line, _| line.starts_with("EHLO").then_some(Answer::Say(offer)));
        let Outcome::Unreachable { reply } = send(&with_login(&sink, Security::Plain)) else { panic!() };
        assert!(reply.contains(expected), "{reply}");
        assert!(sink.commands().iter().all(|line| !line.starts_with("AUTH")));
    }
}

#[test]
fn a_server_that_does_not_know_ehlo_is_greeted_the_old_way() {
    let sink = Sink::start(|line, _| match line {
        line if line.starts_with("EHLO") => Some(Answer::Say("502 what?\r\n")),
        line if line.starts_with("HELO") => Some(Answer::Say("250 old.example at your service\r\n")),
        _ => None,
    });
    let courier = courier(&sink);
    assert!(matches!(send(&courier), Outcome::Sent { .. }));
    assert!(courier.probe().unwrap().contains("(old.example)"));
    let sink = Sink::start(|line, _| line.starts_with("EHLO").then_some(Answer::SayAndClose("554 5.7.1 not you\r\n")));
    let Outcome::Unreachable { reply } = send(&self::courier(&sink)) else { panic!() };
    assert!(reply.contains("554 5.7.1 not you"), "{reply}");
}

/// A server that is out of step with us must not end up having taken a mail that it has not.
#[test]
fn replies_out_of_turn_and_of_the_wrong_kind_take_no_mail() {
    for (at, words) in [
        ("RCPT", "250 ok\r\n250 ok\r\n"),
        ("RCPT", "250 ok\r\n550 no\r\n"),
        ("RCPT", "354 go on\r\n"),
        ("DATA", "250 ok\r\n"),
        ("DATA", "354 go on\r\n250 ok\r\n"),
        (".", "354 go on\r\n"),
    ] {
        let sink = Sink::start(move |line, _| line.starts_with(at).then_some(Answer::Say(words)));
        let Outcome::Deferred { reply } = send(&courier(&sink)) else { panic!("{at} {words}") };
        assert!(reply.contains("a reply that makes no sense here"), "{reply}");
    }
}

#[test]
fn a_goodbye_that_comes_with_another_answer_is_heard() {
    let sink = Sink::start(|line, before| {
        (line == "." && before == 0).then_some(Answer::SayAndClose("250 2.0.0 taken\r\n421 4.3.2 going down\r\n"))
    });
    let courier = courier(&sink);
    assert_eq!(send(&courier), Outcome::Sent { reply: "250 2.0.0 taken".into() });
    assert_eq!(send(&courier), Outcome::Sent { reply: "250 2.0.0 taken".into() });
    assert_eq!(sink.mails().len(), 2);
    assert_eq!(sink.record().connections, 2);
}

/// It does not wait for the end of what it will not have.
#[test]
fn a_server_that_refuses_a_mail_while_it_comes_is_heard() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let courier = SmtpCourier::new("127.0.0.1", listener.local_addr().unwrap().port(), Security::Plain, None);
    let server = std::thread::spawn(move || {
        let mut stream = BufReader::new(listener.accept().unwrap().0);
        stream.get_mut().write_all(b"220 sink\r\n").unwrap();
        for reply in ["250 sink\r\n", "250 ok\r\n", "250 ok\r\n", "354 go on\r\n"] {
            stream.read_line(&mut String::new()).unwrap();
            stream.get_mut().write_all(reply.as_bytes()).unwrap();
        }
        stream.read_line(&mut String::new()).unwrap();
        stream.get_mut().write_all(b"552 5.3.4 too big\r\n").unwrap();
    });
    let mail = format!("Subject: x\r\n\r\n{}", "A line.\r\n".repeat(5_000_000));
    assert_eq!(courier.send(None, "anna@example.net", mail.as_bytes()), Outcome::Failed { reply: "552 5.3.4 too big".into() });
    server.join().unwrap();
}

#[test]
fn what_was_said_in_the_clear_is_not_believed_under_tls() {
    let sink = Sink::start(|line, _| match line {
        "STARTTLS" => Some(Answer::Say("220 go on\r\n250-sink\r\n250 AUTH PLAIN\r\n")),
        line if line.starts_with("EHLO") => Some(Answer::Say("250-sink\r\n250 STARTTLS\r\n")),
        _ => None,
    });
    let Outcome::Unreachable { reply } = send(&with_login(&sink, Security::StartTls)) else { panic!() };
    assert!(reply.contains("in the clear where TLS should begin"), "{reply}");
    assert!(sink.commands().iter().all(|line| !line.starts_with("AUTH")), "{:?}", sink.commands());
}

#[test]
fn a_server_in_the_clear_where_tls_is_wanted_is_told_apart() {
    let sink = Sink::start(|_, _| None);
    let Outcome::Unreachable { reply } = send(&SmtpCourier::new("127.0.0.1", sink.port, Security::Tls, None)) else { panic!() };
    assert!(reply.ends_with("what it speaks there is not TLS"), "{reply}");
}

#[test]
fn what_must_be_encrypted_is_never_sent_in_the_clear() {
    for (courier, sink) in [Security::StartTls, Security::StartTlsIfOffered].map(|security| {
        let sink = Sink::start(|_, _| None);
        (with_login(&sink, security), sink)
    }) {
        let Outcome::Unreachable { reply } = send(&courier) else { panic!() };
        assert!(reply.contains("TLS"), "{reply}");
        assert!(sink.commands().iter().all(|line| !line.starts_with("AUTH") && !line.starts_with("MAIL")));
    }
}

/// A server with STARTTLS and AUTH, and a certificate for 127.0.0.1 that nobody signed.
fn encrypting() -> Sink {
    Sink::start(|line, _| match line {
        "STARTTLS" => Some(Answer::Encrypt),
        line if line.starts_with("EHLO") => Some(Answer::Say("250-sink\r\n250-STARTTLS\r\n250 AUTH LOGIN PLAIN\r\n")),
        _ => None,
    })
}

fn encrypting_at_once() -> Sink {
    Sink::start(|line, _| (line == "greeting").then_some(Answer::Encrypt))
}

#[test]
fn opportunistic_tls_takes_any_certificate() {
    let sink = encrypting();
    let courier = SmtpCourier::new("127.0.0.1", sink.port, Security::StartTlsIfOffered, None);
    assert!(matches!(send(&courier), Outcome::Sent { .. }));
    assert!(sink.commands().contains(&"STARTTLS".to_owned()));
    assert_eq!(sink.mails()[0].data, MAIL);
    assert!(courier.probe().unwrap().ends_with("answers over TLS"));
}

#[test]
fn a_large_mail_comes_through_tls_whole() {
    let sink = encrypting();
    let courier = SmtpCourier::new("127.0.0.1", sink.port, Security::StartTlsIfOffered, None);
    let lines: String = (0..300_000).map(|line| format!(".{line}\r\n")).collect();
    let mail = format!("Subject: x\r\n\r\n{lines}");
    assert!(matches!(courier.send(None, "anna@example.net", mail.as_bytes()), Outcome::Sent { .. }));
    assert!(sink.mails()[0].data == mail, "changed on its way");
}

#[test]
fn opportunistic_tls_goes_on_in_the_clear_when_it_fails() {
    let sink = Sink::start(|line, before| match line {
        "STARTTLS" => Some(Answer::Say("454 4.7.0 not now\r\n")),
        line if line.starts_with("EHLO") && before == 0 => Some(Answer::Say("250-sink\r\n250 STARTTLS\r\n")),
        _ => None,
    });
    let courier = SmtpCourier::new("127.0.0.1", sink.port, Security::StartTlsIfOffered, None);
    assert!(matches!(send(&courier), Outcome::Sent { .. }));
}

#[test]
fn required_tls_and_a_login_want_a_certificate_that_somebody_signed() {
    let (starttls, tls) = (encrypting(), encrypting_at_once());
    for courier in [
        SmtpCourier::new("127.0.0.1", starttls.port, Security::StartTls, None),
        with_login(&starttls, Security::StartTlsIfOffered),
        SmtpCourier::new("127.0.0.1", tls.port, Security::Tls, None),
    ] {
        let Outcome::Unreachable { reply } = send(&courier) else { panic!() };
        assert!(reply.contains("certificate"), "{reply}");
    }
    assert!(starttls.mails().is_empty() && tls.mails().is_empty());
    assert!(starttls.commands().iter().all(|line| !line.starts_with("AUTH")));
}

/// The system's certificates are named by the environment, so this runs in a process of its own.
#[test]
fn required_tls_with_a_trusted_certificate() {
    let trusted = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sink/certificate.pem");
    let run = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "with_a_trusted_certificate"])
        .env("SSL_CERT_FILE", trusted)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
}

#[test]
#[ignore = "run by the test above, with SSL_CERT_FILE"]
fn with_a_trusted_certificate() {
    if std::env::var_os("SSL_CERT_FILE").is_none() {
        return;
    }
    let (starttls, tls) = (encrypting(), encrypting_at_once());
    let courier = with_login(&starttls, Security::StartTls);
    assert!(matches!(send(&courier), Outcome::Sent { .. }), "{:?}", courier.probe());
    assert!(starttls.commands().iter().any(|line| line.starts_with("AUTH PLAIN")));
    let courier = SmtpCourier::new("127.0.0.1", tls.port, Security::Tls, None);
    assert!(matches!(send(&courier), Outcome::Sent { .. }), "{:?}", courier.probe());
}

#[test]
fn a_probe_sends_nothing() {
    let sink = Sink::start(|_, _| None);
    let found = courier(&sink).probe().unwrap();
    assert_eq!(found, format!("127.0.0.1:{} (sink.example) answers in the clear", sink.port));
    assert!(sink.mails().is_empty());
}

/// Mails that are due at the same time find the one connection still being opened; that must not look like an outage.
#[test]
fn a_server_that_allows_one_connection_and_greets_late_gets_one() {
    let sink = Sink::start(|line, before| match (line, before) {
        ("greeting", 0) => Some(Answer::Slowly(Duration::from_millis(100))),
        ("greeting", _) => Some(Answer::SayAndClose("421 4.7.0 too many connections\r\n")),
        _ => None,
    });
    let courier = courier(&sink);
    let left = std::sync::atomic::AtomicUsize::new(12);
    let one_more =
        || left.fetch_update(std::sync::atomic::Ordering::SeqCst, std::sync::atomic::Ordering::SeqCst, |n| n.checked_sub(1));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while one_more().is_ok() {
                    assert_eq!(send(&courier), Outcome::Sent { reply: "250 2.0.0 taken".into() });
                }
            });
        }
    });
    assert_eq!(sink.mails().len(), 12);
}

/// How fast one connection is; prints and asserts nothing. `cargo test -p postern-courier --test smtp -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn mails_a_second_over_one_connection() {
    let sink = Sink::start(|_, _| None);
    for size in [1_000, 20_000, 200_000] {
        let courier = courier(&sink);
        let mail = format!("Subject: x\r\n\r\n{}", format!("{}\r\n", "x".repeat(70)).repeat(size / 72));
        let begun = Instant::now();
        let count = 300;
        for _ in 0..count {
            assert!(matches!(courier.send(None, "anna@example.net", mail.as_bytes()), Outcome::Sent { .. }));
        }
        println!("{size} octets: {:.0} mails/s", f64::from(count) / begun.elapsed().as_secs_f64());
    }
}
