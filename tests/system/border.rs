//! What real mail filters write about senders, and what of it is believed: OpenDKIM with OpenDMARC, and rspamd, each as
//! docs/install-border.md sets it up.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use harness::border::{AUTHSERV_ID, BAD_HOST, Border, Filters, GOOD_HOST};
use harness::eml::Eml;
use harness::process::run;
use harness::programs::not_run;
use harness::site::CARLA;
use harness::smtp::Client;
use postern_mail::authentication::{Alignment, Authentication, CheckResult};
use std::process::Command;

/// A border, and where what it writes stands.
struct Seen {
    border: Border,
    received_above: usize,
}

fn to_support(from: &str) -> Vec<u8> {
    Eml::new(from, "support@example.org").bytes()
}

impl Seen {
    /// Hands it a mail; returns what came through, and what it says of it.
    #[track_caller]
    fn hand(&self, client: Client, from: &str, mail: &[u8]) -> (Vec<u8>, Authentication) {
        let row = self.border.take(client, from, mail);
        let raw = self.border.raw(&row);
        let said = postern_mail::authentication(&postern_mail::parse(&raw), &[AUTHSERV_ID.to_owned()]);
        let said = said.unwrap_or_else(|| panic!("it wrote nothing:\n{}", String::from_utf8_lossy(&raw)));
        assert_eq!(said.received_above, self.received_above, "{}", String::from_utf8_lossy(&raw));
        (raw, said)
    }

    /// Hands it a mail; returns how well From is proven. What the topmost field says is the whole of it.
    #[track_caller]
    fn proves(&self, client: Client, from: &str, mail: &[u8]) -> Alignment {
        let (raw, said) = self.hand(client, from, mail);
        assert!(said.topmost_suffices || !said.verified(), "{said:#?}\n{}", String::from_utf8_lossy(&raw));
        said.alignment
    }

    fn tells_good_from_forged(&self) {
        let signed = |domain: &str| self.border.key.sign(domain, &to_support(&format!("Carla <carla@{domain}>")));
        for domain in ["example.net", "example.com"] {
            let from = format!("carla@{domain}");
            assert_eq!(self.proves(GOOD_HOST, &from, &signed(domain)), Alignment::Dmarc);
            assert_eq!(self.proves(GOOD_HOST, &from, &to_support(&from)), Alignment::Dmarc, "by SPF alone");
            assert_eq!(self.proves(BAD_HOST, "list@example.edu", &signed(domain)), Alignment::Dmarc, "passed on by another host");
            for envelope in [from.as_str(), "mallory@example.edu", ""] {
                let (_, said) = self.hand(BAD_HOST, envelope, &to_support(&from));
                assert_eq!(said.dmarc.as_ref().map(|check| check.result), Some(CheckResult::Fail), "{said:#?}");
                assert!(!said.verified() && !said.unchecked, "{said:#?}");
            }
        }
        let (_, said) = self.hand(BAD_HOST, "x@example.edu", &[&signed("example.net")[..], b"One more line.\n"].concat());
        assert!(!said.verified(), "changed on the way: {said:#?}");
        let other = self.border.key.sign("nodmarc.example", &to_support(CARLA));
        assert!(!self.hand(GOOD_HOST, "x@nodmarc.example", &other).1.verified(), "another domain's signature");

        let from = "Dora <dora@nodmarc.example>";
        let dora = |mail: &[u8]| self.hand(BAD_HOST, "x@example.edu", mail).1.alignment;
        assert_eq!(dora(&self.border.key.sign("nodmarc.example", &to_support(from))), Alignment::Dkim);
        assert_eq!(dora(&to_support(from)), Alignment::Unproven);
    }

    /// This machine itself hands in a mail with forged results; what came through.
    fn hand_from_here(&self, by_sendmail: bool) -> (Vec<u8>, Option<Authentication>) {
        let wired = &self.border.wired;
        let before = wired.site.ledger().len();
        let mail = [forged().concat().into_bytes(), to_support(CARLA)].concat();
        if by_sendmail {
            let arguments = ["-f", "carla@example.net", "support@example.org"];
            run(Command::new(wired.postfix.sendmail()).args(arguments), &mail).expect_code(0);
        } else {
            wired.postfix.send("carla@example.net", &["support@example.org"], &mail);
        }
        let raw = self.border.raw(&wired.row_after(before));
        let said = postern_mail::authentication(&postern_mail::parse(&raw), &[AUTHSERV_ID.to_owned()]);
        (raw, said)
    }

    /// Of such a mail nobody asks what From is worth, and forged results are removed all the same.
    fn believes_nothing_of_this_machine(&self, that_stay: &[&str]) {
        for by_sendmail in [false, true] {
            let (raw, said) = self.hand_from_here(by_sendmail);
            assert_eq!(marks(&stay(&forged(), &raw)), that_stay, "by sendmail: {by_sendmail}");
            let said = said.unwrap();
            assert!(said.dmarc.is_none() && said.alignment == Alignment::Unproven, "{said:#?}");
            assert_eq!(said.received_above, self.received_above, "{}", String::from_utf8_lossy(&raw));
        }
    }

    /// The fields of results that came in with a mail and are still there.
    #[track_caller]
    fn forged_that_stay(&self, fields: &[String]) -> Vec<String> {
        let mail = [fields.concat().into_bytes(), to_support(CARLA)].concat();
        let (raw, said) = self.hand(BAD_HOST, "mallory@example.edu", &mail);
        assert!(!said.verified(), "{said:#?}\n{}", String::from_utf8_lossy(&raw));
        stay(fields, &raw)
    }
}

/// Those that are in a mail.
fn stay(fields: &[String], raw: &[u8]) -> Vec<String> {
    let raw = String::from_utf8_lossy(raw);
    let stays = |field: &&String| raw.contains(field.trim_end().rsplit(' ').next().unwrap());
    fields.iter().filter(stays).cloned().collect()
}

/// Each has a mark of its own at its end, by which it is known.
fn forged() -> Vec<String> {
    let field =
        |start: &str, mark: &str| format!("{start}; dkim=pass header.d=example.net; dmarc=pass header.from={mark}.example.net\n");
    vec![
        field("Authentication-Results: mx.example.org", "one"),
        field("Authentication-Results: MX.Example.ORG", "case"),
        field("authentication-results: mx.example.org", "name"),
        field("Authentication-Results:mx.example.org", "bare"),
        field("Authentication-Results: mx.example.org 1", "version"),
        field("Authentication-Results: (here) mx.example.org", "comment"),
        field("Authentication-Results: \"mx.example.org\"", "quoted"),
        field("Authentication-Results:\n mx.example.org", "folded"),
        field("Authentication-Results: mx.example.org.", "dot"),
        field("Authentication-Results: mx.elsewhere.example", "elsewhere"),
        "Authentication-Results: mx.example.org; dmarc=pass header.from=alone.example.net\n".to_owned(),
        "Authentication-Results: mx.example.org; auth=pass smtp.auth=login.example.net\n".to_owned(),
        field("Authentication-Results: mx.example.org", "last"),
    ]
}

fn marks(fields: &[String]) -> Vec<&str> {
    fields.iter().map(|field| field.trim_end().rsplit('=').next().unwrap().split('.').next().unwrap()).collect()
}

#[test]
fn a98_opendkim_and_opendmarc_prove_senders_and_remove_what_is_forged() {
    if let Some(why) = Border::missing(Filters::OpenDkim) {
        return not_run("border: OpenDKIM", &why);
    }
    let seen = Seen { border: Border::start(Filters::OpenDkim), received_above: 0 };
    seen.tells_good_from_forged();
    seen.believes_nothing_of_this_machine(&["dot", "elsewhere"]);
    assert!(seen.forged_that_stay(&forged()[..1]).is_empty(), "one alone");
    assert_eq!(marks(&seen.forged_that_stay(&forged())), ["dot", "elsewhere"]);
}

#[test]
fn a98_opendkim_leaves_forged_results_of_other_methods_unless_told() {
    if let Some(why) = Border::missing(Filters::OpenDkim) {
        return not_run("border: OpenDKIM, RemoveARAll", &why);
    }
    let seen = Seen { border: Border::start_without(Filters::OpenDkim, &["RemoveARAll"]), received_above: 0 };
    assert_eq!(marks(&seen.forged_that_stay(&forged())), ["dot", "elsewhere", "alone", "login"]);
}

#[test]
fn a98_rspamd_proves_senders_and_removes_what_is_forged() {
    if let Some(why) = Border::missing(Filters::Rspamd) {
        return not_run("border: rspamd", &why);
    }
    let seen = Seen { border: Border::start(Filters::Rspamd), received_above: 1 };
    seen.tells_good_from_forged();
    seen.believes_nothing_of_this_machine(&[]);
    assert!(seen.forged_that_stay(&forged()).is_empty());
}

/// Then the topmost field in our name is a forged one. It stands below the Received, where the border's never do.
#[test]
fn a98_where_a_border_wrote_nothing_the_place_tells_the_forged_field() {
    if let Some(why) = Border::missing(Filters::OpenDkim) {
        return not_run("border: OpenDKIM, AlwaysAddARHeader", &why);
    }
    let left_out = ["RemoveARAll", "AlwaysAddARHeader"];
    let seen = Seen { border: Border::start_without(Filters::OpenDkim, &left_out), received_above: 0 };
    let (_, said) = seen.hand(BAD_HOST, "mallory@example.edu", &[forged().concat().into_bytes(), to_support(CARLA)].concat());
    assert!(!said.verified(), "{said:#?}");
    let (raw, said) = seen.hand_from_here(false);
    assert_eq!(marks(&stay(&forged(), &raw)), ["dot", "elsewhere", "alone", "login"]);
    assert_eq!(said.unwrap().received_above, 1);
}

#[test]
fn a98_rspamd_leaves_mail_of_this_machine_alone_unless_told() {
    if let Some(why) = Border::missing(Filters::Rspamd) {
        return not_run("border: rspamd, skip_local", &why);
    }
    let seen = Seen { border: Border::start_without(Filters::Rspamd, &["skip_local"]), received_above: 1 };
    assert!(seen.forged_that_stay(&forged()).is_empty(), "of mail from outside it removes them");
    let (raw, _) = seen.hand_from_here(false);
    assert_eq!(stay(&forged(), &raw), forged());
}
