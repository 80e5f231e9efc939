//! The couriers against the real thing: a Postfix that wants TLS and a login (checked by Dovecot), certificates good and bad,
//! Postfix's `sendmail`, and a directory.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::certificates::{Authority, Certificate};
use harness::dovecot::Dovecot;
use harness::eml::Eml;
use harness::mail::{Mail, read_maildir};
use harness::outbox::{assert_all, assert_arrived_once, assert_waiting, retry_all, run_once, words};
use harness::postfix::{Postfix, free_port};
use harness::process::wait_until;
use harness::programs::not_run;
use harness::site::{CARLA, Site, TWO_QUEUES, recipients};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(30);
/// As it stands in a URL.
const PASSWORD: &str = "p%40ss%2Fword%25";
const DECODED: &str = "p@ss/word%";

/// A relay with one port for each thing that a relay may be. All ports know the same people.
struct Relay {
    postfix: Postfix,
    authority: Authority,
    /// STARTTLS with a good certificate for localhost, and nothing without a login.
    submission: u16,
    /// The same with TLS from the first octet.
    wrapped: u16,
    /// STARTTLS with a good certificate, no login offered.
    no_login: u16,
    /// STARTTLS with certificates that are no good: by which authority, for whom, until when. None wants a login.
    self_signed: u16,
    other_name: u16,
    expired: u16,
    /// STARTTLS, login wanted, and the certificate for another name.
    submission_other_name: u16,
    // Ends after Postfix does.
    _dovecot: Dovecot,
}

fn missing() -> Option<String> {
    Postfix::missing().or_else(Dovecot::missing).or_else(Authority::missing)
}

impl Relay {
    fn new() -> Self {
        let plain = free_port();
        let postfix = Postfix::new(plain);
        let authority = Authority::new();
        postfix.set("smtpd_sasl_type", "dovecot");
        postfix.set("smtpd_sasl_path", "private/auth");
        postfix.set("smtpd_sasl_authenticated_header", "yes");
        postfix.set("smtpd_tls_received_header", "yes");
        postfix.set("smtpd_tls_auth_only", "yes");
        let good = authority.good("localhost");
        let other = authority.good("mx.elsewhere.example");
        let login = ["smtpd_sasl_auth_enable=yes", "smtpd_recipient_restrictions=permit_sasl_authenticated,reject"];
        let listen = |certificate: &Certificate, more: &[&str]| {
            let port = free_port();
            let files = [
                format!("smtpd_tls_cert_file={}", certificate.certificate.display()),
                format!("smtpd_tls_key_file={}", certificate.key.display()),
            ];
            let files: Vec<&str> = files.iter().map(String::as_str).collect();
            postfix.listen_at(port, &[&files[..], more].concat());
            port
        };
        let encrypted = ["smtpd_tls_security_level=encrypt"];
        let submission = listen(&good, &[&encrypted[..], &login].concat());
        let wrapped = listen(&good, &[&["smtpd_tls_wrappermode=yes"], &login[..]].concat());
        let submission_other_name = listen(&other, &[&encrypted[..], &login].concat());
        let may = ["smtpd_tls_security_level=may"];
        let no_login = listen(&good, &may);
        let self_signed = listen(&authority.self_signed("localhost"), &may);
        let other_name = listen(&other, &may);
        let expired = listen(&authority.expired("localhost"), &may);
        let mail = postfix.path("mail");
        postfix.write_aliases(&format!("anna: {mail}/anna/\nben: {mail}/ben/\n", mail = mail.display()));
        let dovecot = Dovecot::start(&postfix.private_sockets().join("auth"), "postern@example.org", DECODED);
        postfix.start();
        Relay {
            postfix,
            authority,
            submission,
            wrapped,
            no_login,
            self_signed,
            other_name,
            expired,
            submission_other_name,
            _dovecot: dovecot,
        }
    }

    /// A site that trusts the relay's authority and nobody else, with three mails due.
    fn site(&self) -> Site {
        let site = Site::new();
        site.set_environment("SSL_CERT_FILE", self.authority.roots().to_str().unwrap());
        file_a_mail(&site);
        site
    }

    /// What Carla, Anna and Ben have, when each has so many.
    #[track_caller]
    fn arrived(&self, each: usize) -> Vec<Mail> {
        let arrived = || ["carla", "anna", "ben"].map(|person| read_maildir(&self.postfix.maildir(person))).concat();
        wait_until(&format!("{each} mails for each person"), PATIENCE, || arrived().len() >= 3 * each);
        arrived()
    }

    fn nothing_arrived(&self) {
        assert_eq!(self.postfix.waiting(), 0);
        for person in ["carla", "anna", "ben"] {
            assert!(read_maildir(&self.postfix.maildir(person)).is_empty(), "{person} has mail");
        }
    }

    /// How many sessions said a command, by Postfix's own summary of each session that ended.
    fn sessions_with(&self, command: &str) -> usize {
        let summary = format!(" {command}=");
        self.postfix.log().lines().filter(|line| line.contains("disconnect from") && line.contains(&summary)).count()
    }
}

fn file_a_mail(site: &Site) {
    site.support(&Eml::new(CARLA, "support@example.org").text("Smoke.\n.\n..\nGrüße\n").bytes());
    assert_eq!(site.outbox().len(), 3, "{:#?}", site.outbox());
}

/// The Received field that the relay wrote; the topmost.
fn received(mail: &Mail) -> String {
    mail.must("Received")
}

#[test]
fn mail_goes_over_tls_with_a_login_to_a_real_relay() {
    if let Some(why) = missing() {
        return not_run("relay: TLS and login", &why);
    }
    let relay = Relay::new();
    let site = relay.site();
    let urls = [
        format!("smtp://postern%40example.org:{PASSWORD}@localhost:{}?tls=required", relay.submission),
        format!("smtps://postern%40example.org:{PASSWORD}@localhost:{}", relay.wrapped),
    ];
    for (round, url) in urls.iter().enumerate() {
        site.send_by(url, "");
        if round > 0 {
            site.support(&Eml::new("Carla <carla@example.net>", "support@example.org").subject("Another fire").bytes());
        }
        run_once(&site);
        assert_all(&site, "sent", "250 2.0.0 Ok: queued as");
        let mails = relay.arrived(round + 1);
        assert_eq!(recipients(&mails).len(), 3 * (round + 1));
        assert_arrived_once(&site, &mails);
        for mail in &mails {
            assert!(received(mail).contains("using TLS"), "{mail:?}");
            assert!(received(mail).contains("Authenticated sender: postern@example.org"), "{mail:?}");
        }
    }
    let mails = relay.arrived(2);
    let first = |mail: &Mail| !mail.must("Subject").contains("Another");
    let of = |person: &str| mails.iter().find(|mail| mail.envelope_to.starts_with(person) && first(mail)).unwrap();
    assert_eq!(of("carla").envelope_from, "<>", "acknowledgements leave with the null sender");
    assert_eq!(of("anna").envelope_from, "<bounces@example.org>");
    let all = of("anna").text();
    assert!(all.contains("\n.\n..\nGrüße"), "dots and umlauts come through: {all}");
    site.assert_sound();
}

#[test]
fn a_wrong_password_loses_nothing_and_the_password_file_is_read_anew() {
    if let Some(why) = missing() {
        return not_run("relay: wrong password", &why);
    }
    let relay = Relay::new();
    let site = relay.site();
    let courier = format!("smtp://postern%40example.org@localhost:{}?tls=required", relay.submission);
    site.send_by(&courier, "password_file = \"relay.password\"");
    let trouble = |expected: &str, hidden: &str| {
        run_once(&site);
        assert_waiting(&site, expected);
        assert!(!site.outbox().iter().any(|row| words(row).contains(hidden)), "{:#?}", site.outbox());
        relay.nothing_arrived();
        retry_all(&site);
    };
    trouble("password file", DECODED);
    std::fs::write(site.path("relay.password"), "not the word\n").unwrap();
    trouble("535 5.7.8 Error: authentication failed", "not the word");
    std::fs::write(site.path("relay.password"), format!("{DECODED}\n")).unwrap();
    run_once(&site);
    assert_arrived_once(&site, &relay.arrived(1));
}

#[test]
fn a_relay_that_offers_no_login_or_wants_tls_is_told_of_and_waited_for() {
    if let Some(why) = missing() {
        return not_run("relay: no login offered", &why);
    }
    let relay = Relay::new();
    let site = relay.site();
    for (courier, expected) in [
        (format!("smtp://postern:{PASSWORD}@localhost:{}?tls=required", relay.no_login), "authentication"),
        (format!("smtp://localhost:{}?tls=none", relay.submission), "530 5.7.0 Must issue a STARTTLS command first"),
        (format!("smtp://localhost:{}?tls=required", relay.postfix.port()), "offers no STARTTLS"),
        (format!("smtp://postern:{PASSWORD}@localhost:{}?tls=opportunistic", relay.postfix.port()), "offers no TLS"),
    ] {
        site.send_by(&courier, "");
        run_once(&site);
        assert_waiting(&site, expected);
        relay.nothing_arrived();
        retry_all(&site);
    }
    assert_eq!(relay.sessions_with("auth"), 0, "no password was told to anybody");
    site.send_by(&format!("smtp://localhost:{}?tls=required", relay.no_login), "");
    run_once(&site);
    assert_arrived_once(&site, &relay.arrived(1));
}

#[test]
fn a_bad_certificate_stops_mail_that_must_be_safe_and_no_other() {
    if let Some(why) = missing() {
        return not_run("relay: bad certificates", &why);
    }
    let relay = Relay::new();
    let site = relay.site();
    for (port, why) in [
        (relay.self_signed, "is self-signed"),
        (relay.other_name, "is not valid for name localhost, but for mx.elsewhere.example"),
        (relay.expired, "has expired"),
    ] {
        site.send_by(&format!("smtp://localhost:{port}?tls=required"), "");
        run_once(&site);
        assert_waiting(&site, "certificate");
        assert_waiting(&site, why);
        retry_all(&site);
    }
    let login = |tls: &str| format!("smtp://postern%40example.org:{PASSWORD}@localhost:{}{tls}", relay.submission_other_name);
    for courier in [login("?tls=required"), login("?tls=opportunistic")] {
        site.send_by(&courier, "");
        run_once(&site);
        assert_waiting(&site, "not valid for name");
        retry_all(&site);
    }
    relay.nothing_arrived();
    let offered: Vec<usize> = ["mail", "auth"].map(|command| relay.sessions_with(command)).into();
    assert_eq!(offered, [0, 0], "neither a mail nor a password was offered: {}", relay.postfix.log());
    // A certificate is asked for and not looked at: better than in the clear (RFC 7435).
    for (round, port) in [relay.self_signed, relay.other_name, relay.expired].into_iter().enumerate() {
        site.send_by(&format!("smtp://localhost:{port}?tls=opportunistic"), "");
        if round > 0 {
            site.support(&Eml::new(CARLA, "support@example.org").subject(&format!("Fire {round}")).bytes());
        }
        run_once(&site);
        let mails = relay.arrived(round + 1);
        assert_arrived_once(&site, &mails);
        assert!(mails.iter().all(|mail| received(mail).contains("using TLS")), "{mails:#?}");
    }
}

#[test]
fn mail_goes_through_postfixs_sendmail_as_it_was() {
    if let Some(why) = Postfix::missing() {
        return not_run("relay: sendmail", &why);
    }
    let postfix = Postfix::new(free_port());
    let mail = postfix.path("mail");
    postfix.write_aliases(&format!("anna: {mail}/anna/\nben: {mail}/ben/\n", mail = mail.display()));
    let site = Site::with(TWO_QUEUES, &format!("sendmail:{}", postfix.sendmail().display()));
    file_a_mail(&site);
    // The program cannot read its configuration: its own words stand in the outbox, and nothing is lost.
    let (here, away) = (postfix.path("etc/main.cf"), postfix.path("etc/away.cf"));
    std::fs::rename(&here, &away).unwrap();
    run_once(&site);
    assert_waiting(&site, "main.cf");
    std::fs::rename(&away, &here).unwrap();
    postfix.start();
    retry_all(&site);
    run_once(&site);
    let arrived = || ["carla", "anna", "ben"].map(|person| read_maildir(&postfix.maildir(person))).concat();
    wait_until("the mails to arrive", PATIENCE, || arrived().len() == 3);
    let mails = arrived();
    assert_arrived_once(&site, &mails);
    let of = |person: &str| mails.iter().find(|mail| mail.envelope_to.starts_with(person)).unwrap();
    assert_eq!(of("carla").envelope_from, "<>");
    assert_eq!(of("anna").envelope_from, "<bounces@example.org>");
    assert!(of("anna").text().contains("\n.\n..\nGrüße"), "{}", of("anna").text());
}

#[test]
fn a_directory_that_cannot_be_written_is_waited_for() {
    let site = Site::new();
    file_a_mail(&site);
    std::fs::remove_dir(site.path("outgoing")).ok();
    std::fs::write(site.path("outgoing"), "a file where the directory should be").unwrap();
    run_once(&site);
    assert_waiting(&site, "cannot write");
    assert_waiting(&site, site.path("outgoing").to_str().unwrap());
    std::fs::remove_file(site.path("outgoing")).unwrap();
    retry_all(&site);
    let mails = site.run_outbox();
    assert_arrived_once(&site, &mails);
    assert_eq!(recipients(&mails), ["anna@example.org", "ben@example.org", "carla@example.net"]);
    site.assert_sound();
}
