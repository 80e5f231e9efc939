//! Who vouches for senders, through the programs: the probe of the border mail server, and the pipe's own word.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::eml::Eml;
use harness::mail::read_directory;
use harness::site::{ANNA, CARLA, Site, TWO_QUEUES};

const ID: &str = "mx.example.org";

/// A site that names its border mail server.
fn site() -> Site {
    Site::with(&format!("[trust]\nauthserv_id = \"{ID}\"\n{TWO_QUEUES}"), "directory:outgoing")
}

/// What check says of senders, and what to do.
fn senders(site: &Site) -> (String, String) {
    let outcome = site.postern(&["check", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&outcome.out).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let text = |f: &serde_json::Value| f["text"].as_str().unwrap().to_owned();
    let found = findings.iter().find(|f| text(f).starts_with("senders:")).unwrap();
    (found["level"].as_str().unwrap().to_owned(), text(found))
}

/// Sends a probe, and gives it as the mail server would: with its own results on top, and without the forged ones unless it
/// `forgets` so many.
fn probe(site: &Site, forgets: usize) -> Vec<u8> {
    let outcome = site.postern(&["check", "--probe", "--patience", "0"]);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(outcome.out.contains("did not come back"), "{outcome:?}");
    let mails = read_directory(&site.path("outgoing"));
    let probe = mails.into_iter().max_by_key(|mail| mail.header("Message-ID").filter(|id| id.contains("border-probe"))).unwrap();
    std::fs::remove_file(&probe.file).unwrap();
    let text = String::from_utf8(probe.raw).unwrap();
    let (header, body) = text.split_once("\n\n").or_else(|| text.split_once("\r\n\r\n")).unwrap();
    let mut left = forgets;
    let mut fields: Vec<String> = Vec::new();
    for line in header.lines().map(|line| line.trim_end_matches('\r')) {
        match fields.last_mut().filter(|_| line.starts_with([' ', '\t'])) {
            Some(last) => *last = format!("{last}\n{line}"),
            None => fields.push(line.to_owned()),
        }
    }
    let is_forged = |field: &String| field.starts_with("Authentication-Results:");
    assert_eq!(fields.iter().filter(|field| is_forged(field)).count(), 5);
    fields.retain(|field| {
        !is_forged(field) || {
            let stays = left > 0;
            left = left.saturating_sub(1);
            stays
        }
    });
    let received = "Received: from out.example.org by mx.example.org; Sat, 21 Nov 2026 10:00:00 +0000";
    format!("Authentication-Results: {ID}; dmarc=none header.from=example.org\n{received}\n{}\n\n{body}", fields.join("\n"))
        .into_bytes()
}

fn results(dmarc: &str) -> String {
    format!("{ID}; dmarc={dmarc} header.from=example.org")
}

#[test]
fn a98_the_border_is_believed_once_a_probe_came_back_clean() {
    let site = site();
    let (level, text) = senders(&site);
    assert!(level == "warning" && text.contains("nothing that mx.example.org writes is believed"), "{text}");
    let number = site.open_ticket().0;
    let from_anna = |dmarc: &str| {
        Eml::new(ANNA, "support@example.org")
            .subject(&format!("Re: [example.org #{number}] The printer is on fire"))
            .text("On my way.\n")
            .first("Authentication-Results", &results(dmarc))
    };
    assert_eq!(site.support(&from_anna("pass").bytes())["verdict"], "quarantined", "no probe yet");

    let leaky = site.arrive(&probe(&site, 1), &["--queue", "support"]);
    assert!(leaky["reason"].as_str().unwrap().contains("1 forged Authentication-Results"), "{leaky}");
    assert_eq!(senders(&site).0, "warning");
    assert_eq!(site.support(&from_anna("pass").bytes())["verdict"], "quarantined", "the probe showed a hole");

    let clean = site.arrive(&probe(&site, 0), &["--queue", "support"]);
    assert_eq!((clean["verdict"].as_str(), clean["trust"].as_str()), (Some("recorded"), Some("token")));
    let (level, text) = senders(&site);
    assert!(level == "ok" && text.contains("verified by mx.example.org"), "{text}");
    let verified = site.support(&from_anna("pass").bytes());
    assert_eq!(
        (verified["verdict"].as_str(), verified["trust"].as_str()),
        (Some("corresponded"), Some("authenticated")),
        "{verified}"
    );
    assert_eq!(site.support(&from_anna("none").bytes())["verdict"], "quarantined");
    let disowned = site.support(&from_anna("fail").bytes());
    assert_eq!((disowned["verdict"].as_str(), disowned["class"].as_str()), (Some("quarantined"), Some("spam")));
    // What was held is let in when the same mail comes by a way that verifies it.
    let twice = from_anna("none");
    assert_eq!(site.support(&twice.bytes())["verdict"], "quarantined");
    let entries = site.history(number).len();
    let proven = twice.without("Authentication-Results").first("Authentication-Results", &results("pass"));
    assert_eq!(site.support(&proven.bytes())["verdict"], "duplicate");
    assert_eq!(site.history(number).len(), entries + 1);
    let below = from_anna("pass").first("Received", "from evil.example by mx.example.org; Sat, 21 Nov 2026 10:00:00 +0000");
    assert_eq!(site.support(&below.bytes())["verdict"], "quarantined", "its place is not where the probe saw it");

    // A later probe that leaks takes it all back.
    site.arrive(&probe(&site, 5), &["--queue", "support"]);
    assert_eq!(site.support(&from_anna("pass").bytes())["verdict"], "quarantined");
    site.assert_sound();
}

#[test]
fn a99_a_pipe_vouches_for_those_who_logged_in() {
    let site = site();
    let number = site.open_ticket().0;
    let mail = Eml::new(ANNA, "support@example.org").subject(&format!("Re: [#{number}]")).bytes();
    let row = site.arrive(&mail, &["--queue", "support", "--authenticated", "--sender", "anna@example.org"]);
    assert_eq!((row["verdict"].as_str(), row["trust"].as_str()), (Some("corresponded"), Some("authenticated")));
    let other = Eml::new(ANNA, "support@example.org").subject(&format!("Re: [#{number}]")).bytes();
    let forged = site.arrive(&other, &["--queue", "support", "--authenticated", "--sender", "mallory@example.org"]);
    assert_eq!(forged["verdict"], "quarantined", "whoever logged in may write as themselves alone");
    let explained = site.postern(&["mail", "explain", &row["id"].to_string()]).out;
    assert!(explained.contains("the pipe's option vouches for From"), "{explained}");
}

#[test]
fn a_site_without_a_border_is_told_what_that_is_worth() {
    let site = Site::new();
    let (level, text) = senders(&site);
    assert_eq!(level, "warning");
    assert!(text.contains("answers one that went to staff alone"), "{text}");
    let outcome = site.postern(&["check", "--probe"]);
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.err.contains("there is nothing to probe"), "{outcome:?}");
    let carla = site.support(&Eml::new(CARLA, "support@example.org").bytes());
    assert_eq!(carla["trust"], "claimed");
}
