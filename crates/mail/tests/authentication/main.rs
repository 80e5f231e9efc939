//! What is believed of what servers say about a sender: tables of headers, as servers write them and as forgers do, each with
//! how well From is proven and a part of the reason; and any octets at all.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod forgeries;
mod servers;
mod spam;

use postern_mail::authentication::{Alignment, CheckResult, claims};
use postern_mail::{Authentication, Message, authentication, parse};
use proptest::prelude::*;

/// A header, how well its From is proven (`None`: no field counts), and a part of the reason.
pub(crate) type Case = (&'static str, &'static str, Option<Alignment>, &'static str);

/// The name of our border.
const BORDER: &str = "mx.example.org";

fn read(header: &str) -> Message {
    let from = if header.to_ascii_lowercase().contains("from:") { "" } else { "From: Anna <anna@example.com>\n" };
    parse(format!("{header}{from}To: support@example.org\nSubject: x\n\nHello.\n").as_bytes())
}

fn ask(message: &Message) -> Option<Authentication> {
    authentication(message, &[BORDER.to_owned()])
}

/// Reads every case and compares.
pub(crate) fn check(cases: &[Case]) {
    let mut wrong = Vec::new();
    for (name, header, expected, why) in cases {
        let found = ask(&read(header));
        let alignment = found.as_ref().map(|f| f.alignment);
        let reason = found.iter().flat_map(|f| &f.evidence).any(|line| line.contains(why));
        if alignment != *expected || found.is_some() && !reason {
            wrong.push(format!("{name}: expected {expected:?} ({why})\n  found {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a98_the_tables_are_worth_their_name() {
    assert!(servers::CASES.len() >= 25 && servers::CASES.len() + forgeries::CASES.len() >= 80);
}

#[test]
fn a99_everything_that_was_said_is_kept() {
    let message = read(
        "Received: from mx.example.org by store.example.org\n\
         Authentication-Results: mx.example.org; spf=softfail smtp.mailfrom=bounce@News.example.net;\n\
         \tdkim=pass header.d=example.com header.s=k1 header.i=@mail.example.com; dkim=temperror header.d=example.net header.s=k2;\n\
         \tdmarc=pass header.from=example.com; arc=none; auth=pass (plain) smtp.auth=carl\n",
    );
    let found = ask(&message).unwrap();
    assert_eq!((found.authserv_id.as_str(), found.received_above), (BORDER, 1));
    let spf = found.spf.as_ref().unwrap();
    assert_eq!((spf.result, spf.domain.as_deref()), (CheckResult::SoftFail, Some("news.example.net")));
    assert_eq!(spf.identity.as_deref(), Some("bounce@News.example.net"));
    let [first, second] = found.dkim.as_slice() else { panic!("{:?}", found.dkim) };
    assert_eq!((first.domain.as_deref(), first.selector.as_deref()), (Some("example.com"), Some("k1")));
    assert_eq!(first.identity.as_deref(), Some("@mail.example.com"));
    assert_eq!((second.result, second.result.as_str()), (CheckResult::TempError, "temperror"));
    assert_eq!(found.arc.as_ref().unwrap().result, CheckResult::Nothing);
    assert_eq!(found.sasl.as_ref().unwrap().identity.as_deref(), Some("carl"));
    assert!(found.verified() && !found.unchecked);
    assert_eq!(found.evidence.first().unwrap(), "mx.example.org: spf=softfail for news.example.net");
    assert_eq!(found.evidence.last().unwrap(), "proven: example.com by DMARC");
    let json = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<Authentication>(&json).unwrap(), found);
}

#[test]
fn a99_spf_alone_is_told_apart() {
    let found = ask(&read("Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=anna@example.com\n")).unwrap();
    assert_eq!((found.alignment, found.verified()), (Alignment::Spf, false));
}

/// A field that was forged beside ours is told from it by nothing; so it is told whether one was needed.
#[test]
fn a98_whether_the_topmost_field_suffices() {
    let field = |results: &str| format!("Authentication-Results: mx.example.org; {results}\n");
    let (dmarc, dkim) = (field("dmarc=pass header.from=example.com"), field("dkim=pass header.d=example.com"));
    for (header, alignment, suffices) in [
        (format!("{dmarc}{dkim}"), Alignment::Dmarc, true),
        (format!("{dkim}{dmarc}"), Alignment::Dmarc, false),
        (format!("{}{dkim}", field("dmarc=none")), Alignment::Dkim, false),
        (format!("{dkim}{}", field("dmarc=none")), Alignment::Dkim, true),
        (format!("{dmarc}{}", field("dmarc=fail header.from=example.com")), Alignment::Unproven, true),
        (format!("{}{dmarc}", field("none")), Alignment::Dmarc, false),
    ] {
        let found = ask(&read(&header)).unwrap();
        assert_eq!((found.alignment, found.topmost_suffices), (alignment, suffices), "{header}");
    }
}

/// Nothing is cut and then compared.
#[test]
fn a99_a_long_name_is_nobody_elses() {
    for length in [20, 280, 300, 480, 500, 600] {
        let anna = format!("{}@example.com", "a".repeat(length - 12));
        let header = |who: &str| format!("Authentication-Results: mx.example.org; auth=pass smtp.auth={who}\nFrom: {anna}\n");
        let alignment = |who: &str| ask(&read(&header(who))).unwrap().alignment;
        let whole = if length <= 500 { Alignment::Submission } else { Alignment::Unproven };
        assert_eq!(alignment(&anna), whole, "{length}");
        assert_eq!(alignment(&format!("{anna}.evil.example")), Alignment::Unproven, "{length}");
    }
}

#[test]
fn a99_what_could_not_be_checked_is_told_apart() {
    for (results, unchecked) in [
        ("dmarc=temperror header.from=example.com", true),
        ("dkim=temperror header.d=example.com", true),
        ("spf=error smtp.mailfrom=example.com", true),
        ("dkim=temperror header.d=example.net; dmarc=pass header.from=example.com", false),
        ("dkim=temperror header.d=example.net; dmarc=fail header.from=example.com", false),
        ("dkim=permerror header.d=example.com", false),
    ] {
        let found = ask(&read(&format!("Authentication-Results: mx.example.org; {results}\n"))).unwrap();
        assert_eq!(found.unchecked, unchecked, "{results}");
    }
}

#[test]
fn a98_which_names_are_ours() {
    let message = read("Authentication-Results: MX.Example.ORG; dmarc=pass header.from=example.com\n");
    for (ids, ours) in [
        (vec!["mx.example.org"], true),
        (vec!["mx.example.org."], false),
        (vec!["other.example", " Mx.Example.Org "], true),
        (vec!["example.org"], false),
        (vec![""], false),
        (vec!["."], false),
        (vec![], false),
    ] {
        let ids: Vec<String> = ids.into_iter().map(str::to_owned).collect();
        assert_eq!(authentication(&message, &ids).is_some(), ours, "{ids:?}");
    }
}

#[test]
fn a98_claims_are_told_without_belief() {
    let message = read(
        "Authentication-Results: spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=a@b.example;compauth=pass reason=100\n\
         Authentication-Results: anybody.example; dmarc=pass header.from=Bank.example; x-new=yes\n",
    );
    let found: Vec<String> = claims(&message)
        .into_iter()
        .map(|c| format!("{:?} {}={} {:?}", c.authserv_id.as_deref(), c.method, c.result, c.domain.as_deref()))
        .collect();
    let anybody = "Some(\"anybody.example\")";
    assert_eq!(
        found,
        [
            "None spf=pass Some(\"b.example\")".to_owned(),
            "None compauth=pass None".to_owned(),
            format!("{anybody} dmarc=pass Some(\"bank.example\")"),
            format!("{anybody} x-new=yes None"),
        ]
    );
}

/// However large: read once, within bounds, and what lies beyond them proves nothing.
#[test]
fn a98_large_fields_and_many_fields() {
    let proof = "dmarc=pass header.from=example.com";
    for (value, why) in [
        (format!("({}); {proof}", "x".repeat(100_000)), "longer"),
        (format!("; {proof}; {}", "(".repeat(100_000)), "longer"),
        (format!("; {proof} {}", "(".repeat(10_000)), "no end"),
        (format!("; {proof}; x=\"{}", "\\\"".repeat(4_000)), "form"),
        (format!("; {proof}; {}", "dkim=pass;".repeat(1_000)), "more results"),
        (format!("; {proof} {}", "a.b=c ".repeat(1_000)), "more properties"),
        (format!("; {proof} {}", "\u{e9}=".repeat(3_000)), "no place"),
    ] {
        let found = ask(&read(&format!("Authentication-Results: mx.example.org{value}\n"))).unwrap();
        assert_eq!(found.alignment, Alignment::Unproven, "{why}");
        assert!(found.evidence.last().unwrap().contains(why), "{why}: {:?}", found.evidence.last());
        assert!(found.evidence.len() < 50 && found.evidence.iter().all(|line| line.len() <= 300));
    }
    let field = format!("Authentication-Results: mx.example.org; {proof}\n");
    let many = ask(&read(&field.repeat(5_000))).unwrap();
    assert_eq!(many.alignment, Alignment::Unproven);
    assert_eq!(ask(&read(&field.repeat(20))).unwrap().alignment, Alignment::Dmarc);
    let below = ask(&read(&format!("{field}Received: by x\n{}", field.repeat(500)))).unwrap();
    assert_eq!(below.alignment, Alignment::Dmarc);
    assert!(below.evidence.iter().any(|line| line == "500 more fields with our name below: not believed"));
    assert!(claims(&read(&field.repeat(1_900))).len() <= 100);
}

/// Pieces of which fields are made, so that what is drawn comes close to the grammar.
fn piece() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "mx.example.org",
        ";",
        "; ",
        "=",
        " ",
        "dmarc=pass",
        "dmarc=fail",
        "dkim=pass",
        "spf=pass",
        "auth=pass",
        "header.from=",
        "header.d=",
        "smtp.mailfrom=",
        "smtp.auth=",
        "example.com",
        "anna@example.com",
        "(",
        ")",
        "\"",
        "\\",
        "/1",
        "none",
        "\n\t",
        "\r\n ",
        "\u{e9}",
        "=?utf-8?q?=29?=",
        "@",
        ".",
        "\nAuthentication-Results: ",
        "\nReceived: by x",
        "\nX-Spam-Flag: ",
        "YES",
    ];
    prop_oneof![proptest::sample::select(PIECES).prop_map(str::to_owned), ".{0,4}"]
}

proptest! {
    #[test]
    fn a98_any_fields_come_to_an_answer(pieces in proptest::collection::vec(piece(), 0..60)) {
        let header = format!("Authentication-Results: mx.example.org;{}\n", pieces.concat());
        let message = read(&header);
        let found = ask(&message);
        prop_assert_eq!(&found, &ask(&message));
        if let Some(found) = found {
            let lines = found.evidence.iter().chain([&found.authserv_id]);
            prop_assert!(lines.into_iter().all(|line| !line.contains(char::is_control) && line.len() <= 300));
            let failed = found.dmarc.as_ref().is_some_and(|d| d.result == CheckResult::Fail);
            prop_assert!(!(failed && found.alignment > Alignment::Unproven));
        }
        claims(&message);
    }

    #[test]
    fn a98_whatever_stands_beside_a_failure_proves_nothing(pieces in proptest::collection::vec(piece(), 0..30)) {
        let rest = pieces.concat().replace(['\n', '\r'], " ");
        let fields = [format!("mx.example.org; dmarc=fail header.from=example.com; {rest}"), format!("mx.example.org; {rest}")];
        let header = format!("Authentication-Results: {}\nAuthentication-Results: {}\n", fields[0], fields[1]);
        prop_assert_eq!(ask(&read(&header)).unwrap().alignment, Alignment::Unproven);
    }

    #[test]
    fn a98_any_octets_are_read(octets in proptest::collection::vec(any::<u8>(), 0..400)) {
        let message = parse(&[b"Authentication-Results: ", &octets[..], b"\nFrom: anna@example.com\n\nx"].concat());
        ask(&message);
        claims(&message);
    }
}

#[test]
fn a98_a_name_with_octets_that_no_server_writes_is_nobodys() {
    let ids = ["mx.example.org".to_owned()];
    for start in [
        &b"Authentication-Results: mx.exa\0mple.org; "[..],
        b"Authentication-Results: \x0bmx.example.org; ",
        b"Authentication-Results: \xc2\xa0mx.example.org; ",
        b"Authentication-Results : mx.example.org; ",
        b"Authentication-Results\t: mx.example.org; ",
    ] {
        let raw = [start, b"dmarc=pass header.from=example.com\nFrom: a@example.com\n\nx\n"].concat();
        assert_eq!(authentication(&postern_mail::parse(&raw), &ids), None, "{}", String::from_utf8_lossy(start));
    }
    let raw = "Authentication-Results: mx.example.org; spf=none smtp.mailfrom=b\u{fc}ro@example.com; dmarc=fail header.from=example.com\n\
               From: a@example.com\n\nx\n";
    let found = authentication(&postern_mail::parse(raw.as_bytes()), &ids);
    assert!(found.is_some_and(|found| found.dmarc.is_some()), "what follows the name may hold what a sender wrote");
}
