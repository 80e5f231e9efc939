//! How long an attempt may take, with limits of seconds in place of minutes.

use super::*;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

const SHORT: Duration = Duration::from_secs(1);

/// A server for one connection that lets `after` go on from where the mail begins.
fn server(after: impl FnOnce(BufReader<TcpStream>) + Send + 'static) -> (SmtpCourier, std::thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut courier = SmtpCourier::new("127.0.0.1", listener.local_addr().unwrap().port(), Security::Plain, None);
    courier.whole = SHORT;
    let server = std::thread::spawn(move || {
        let mut stream = BufReader::with_capacity(64, listener.accept().unwrap().0);
        stream.get_mut().write_all(b"220 sink\r\n").unwrap();
        for reply in ["250 sink\r\n", "250 ok\r\n", "250 ok\r\n", "354 go on\r\n"] {
            stream.read_line(&mut String::new()).unwrap();
            stream.get_mut().write_all(reply.as_bytes()).unwrap();
        }
        after(stream);
    });
    (courier, server)
}

fn sent_in_time(courier: &SmtpCourier, octets: usize) -> Outcome {
    let mail = format!("Subject: x\r\n\r\n{}", "A line.\r\n".repeat(octets / 9));
    let begun = Instant::now();
    let outcome = courier.send(None, "anna@example.net", mail.as_bytes());
    assert!(begun.elapsed() >= SHORT && begun.elapsed() < SHORT * 10, "{:?}", begun.elapsed());
    outcome
}

#[test]
fn a_mail_that_is_read_a_few_octets_a_second_is_given_up() {
    let (courier, server) = server(|stream| {
        let mut stream = stream.into_inner();
        for _ in 0..20 {
            stream.read_exact(&mut [0; 8]).unwrap();
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    let outcome = sent_in_time(&courier, 40_000_000);
    assert_eq!(outcome, Outcome::Deferred { reply: "after the mail: no answer in time".into() });
    server.join().unwrap();
}

#[test]
fn an_answer_to_the_mail_that_drips_for_ever_is_given_up() {
    let (courier, server) = server(|mut stream| {
        let mut line = String::new();
        while line != ".\r\n" {
            line.clear();
            stream.read_line(&mut line).unwrap();
        }
        let mut stream = stream.into_inner();
        while stream.write_all(b"5").is_ok() {
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    let outcome = sent_in_time(&courier, 9);
    assert_eq!(outcome, Outcome::Deferred { reply: "after the mail: no answer in time".into() });
    drop(courier);
    server.join().unwrap();
}

#[test]
fn a_turn_that_does_not_come_is_this_mails_trouble_only() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut courier = SmtpCourier::new("127.0.0.1", port, Security::Plain, None);
    courier.turn_patience = Duration::from_millis(100);
    hold(&courier.sessions).busy = 1;
    let outcome = courier.send(None, "anna@example.net", b"Subject: x\r\n\r\n");
    assert!(
        matches!(&outcome, Outcome::Deferred { reply } if reply.starts_with("no connection came free in time")),
        "{outcome:?}"
    );
    assert!(hold(&courier.trouble).is_none());
}
