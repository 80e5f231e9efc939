//! From results to one answer: whether the domain in From is proven.

use super::results::{Field, Outcome};
use super::{Alignment, Authentication, Check, CheckResult, DkimCheck, Run, domains, shown};
use crate::message::Message;
use crate::parse::limits;

/// Defects that leave in doubt which From the border looked at: two programs may see two.
const DOUBTS: [&str; 5] = ["several-from", "junk-in-header", "no-empty-line", "header-starts-with-space", "too-many-headers"];

/// What the fields of a run come to.
pub(super) fn of(message: &Message, run: &Run) -> Authentication {
    let mut found = gather(run, &run.fields);
    let (alignment, conclusion) = conclude(message, run, &found);
    let topmost = gather(run, run.fields.get(..1).unwrap_or_default());
    found.topmost_suffices = conclude(message, run, &topmost).0 >= alignment;
    found.alignment = alignment;
    let results = found.dmarc.iter().chain(&found.spf).map(|c| c.result).chain(found.dkim.iter().map(|d| d.result));
    let disowned = found.dmarc.as_ref().is_some_and(|dmarc| dmarc.result == CheckResult::Fail);
    found.unchecked = !found.verified() && !disowned && results.into_iter().any(|r| r == CheckResult::TempError);
    let outcomes = run.fields.iter().flat_map(|field| &field.outcomes);
    found.evidence = outcomes.take(limits::AUTHENTICATION_EVIDENCE).map(|o| told(&run.id, o)).collect();
    if run.below > 0 {
        let fields = if run.below == 1 { "1 more field".to_owned() } else { format!("{} more fields", run.below) };
        found.evidence.push(format!("{fields} with our name below: not believed"));
    }
    found.evidence.push(shown(&conclusion));
    found
}

/// What some fields say of each method.
fn gather(run: &Run, fields: &[Field]) -> Authentication {
    let of_method = |method: &'static str| fields.iter().flat_map(|f| &f.outcomes).filter(move |o| o.method == method);
    // Where only the HELO name was checked, nothing is known of the envelope sender.
    let envelope = |o: &&Outcome| !o.names("smtp.helo") || o.names("smtp.mailfrom") || o.names("smtp.mail");
    Authentication {
        authserv_id: shown(&run.id),
        received_above: run.received_above,
        spf: sceptical(of_method("spf").filter(envelope).map(check)),
        dkim: of_method("dkim").map(signature).collect(),
        dmarc: sceptical(of_method("dmarc").map(check)),
        arc: sceptical(of_method("arc").map(check)),
        sasl: sceptical(of_method("auth").map(check)),
        alignment: Alignment::Unproven,
        topmost_suffices: true,
        unchecked: false,
        evidence: Vec::new(),
    }
}

/// A result in a line.
fn told(id: &str, outcome: &Outcome) -> String {
    let about = domain_of(outcome).map(|domain| format!(" for {domain}")).unwrap_or_default();
    shown(&format!("{id}: {}={}{about}", outcome.method, outcome.result))
}

/// What a result names, by its method. The empty name is none, nor is one that no address can be: cut, it would be another's.
fn identity_of(outcome: &Outcome) -> Option<&str> {
    let names: &[&str] = match outcome.method.as_str() {
        "spf" => &["smtp.mailfrom", "smtp.mail"],
        "dkim" => &["header.i"],
        "dmarc" => &["header.from"],
        "auth" => &["smtp.auth"],
        _ => &[],
    };
    let name = names.iter().find(|name| outcome.names(name))?;
    outcome.property(name).filter(|identity| (1..=limits::ADDRESS_OCTETS).contains(&identity.len()))
}

/// The domain that a result is about.
pub(super) fn domain_of(outcome: &Outcome) -> Option<String> {
    match outcome.method.as_str() {
        "dkim" => signature(outcome).domain,
        _ => identity_of(outcome).and_then(domains::of),
    }
}

fn check(outcome: &Outcome) -> Check {
    let identity = identity_of(outcome);
    Check {
        result: CheckResult::from_word(&outcome.result),
        domain: identity.and_then(domains::of),
        identity: identity.map(str::to_owned),
    }
}

fn signature(outcome: &Outcome) -> DkimCheck {
    let identity = identity_of(outcome);
    let of_identity = identity.and_then(domains::of);
    let domain = match (outcome.names("header.d"), outcome.names("header.i")) {
        // The identity is of the domain or below it (RFC 6376); one that is not was not in the signature.
        (true, named) => outcome
            .property("header.d")
            .and_then(domains::key)
            .filter(|d| !named || of_identity.as_ref().is_some_and(|i| domains::covers(d, i))),
        (false, _) => of_identity,
    };
    let selector = outcome.property("header.s").map(shown);
    DkimCheck { result: CheckResult::from_word(&outcome.result), domain, selector, identity: identity.map(str::to_owned) }
}

/// Of several results the worst; what they are about, as far as those of that result agree.
fn sceptical(checks: impl Iterator<Item = Check>) -> Option<Check> {
    checks.reduce(|a, b| match a.result.cmp(&b.result) {
        std::cmp::Ordering::Greater => a,
        std::cmp::Ordering::Less => b,
        std::cmp::Ordering::Equal => Check {
            result: a.result,
            domain: a.domain.filter(|domain| b.domain.as_ref() == Some(domain)),
            identity: a.identity.filter(|identity| b.identity.as_ref() == Some(identity)),
        },
    })
}

/// The domain of From, or why nothing can be proven of it.
fn author_domain(message: &Message) -> Result<String, &'static str> {
    if message.defects.iter().any(|d| DOUBTS.contains(&d.code)) {
        return Err("the header is broken, so that programs may differ about its From");
    }
    if message.header("From").is_some_and(is_group) {
        return Err("From is a group");
    }
    let mut authors = message.from.iter().map(|author| domains::key(author.domain()));
    let Some(first) = authors.next() else { return Err("no sender can be read from From") };
    let first = first.ok_or("the domain in From is none that can be proven")?;
    if authors.any(|other| other.as_ref() != Some(&first)) {
        return Err("From names people of several domains");
    }
    Ok(first)
}

/// Whether a From is written as a group (RFC 5322, RFC 6854): `name: a@example.org;`.
fn is_group(from: &str) -> bool {
    let (mut quoted, mut escaped, mut colon) = (false, false, false);
    for c in from.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            ':' if !quoted => colon = true,
            ';' if !quoted && colon => return true,
            _ => {}
        }
    }
    false
}

/// How well From is proven, and why in a sentence.
fn conclude(message: &Message, run: &Run, found: &Authentication) -> (Alignment, String) {
    let unproven = |why: &str| (Alignment::Unproven, format!("not proven: {why}"));
    if let Some(fault) = run.fault {
        return unproven(&format!("a field with our name is not as it should be: {fault}"));
    }
    let author = match author_domain(message) {
        Ok(author) => author,
        Err(why) => return unproven(why),
    };
    let dmarc = found.dmarc.as_ref();
    if dmarc.is_some_and(|d| d.result == CheckResult::Fail) {
        return unproven(&format!("{author} disowns it (dmarc=fail)"));
    }
    if let Some(who) = submitter(message, found) {
        return (Alignment::Submission, format!("proven: sent by {who}, who logged in at our server"));
    }
    match dmarc.map(|d| (d.result, d.domain.as_deref())) {
        Some((CheckResult::Pass, Some(domain))) if domain == author => (Alignment::Dmarc, format!("proven: {author} by DMARC")),
        Some((CheckResult::Pass, Some(domain))) => unproven(&format!("dmarc=pass is about {domain}, and From is of {author}")),
        Some((CheckResult::Pass, None)) => unproven("dmarc=pass does not say for which From"),
        Some((CheckResult::TempError, _)) => unproven("DMARC could not be checked when the mail came"),
        Some((result, _)) if result != CheckResult::Nothing => unproven(&format!("dmarc={}", result.as_str())),
        _ => without_dmarc(&author, found),
    }
}

/// Where the domain has no DMARC: by a signature, else by SPF.
fn without_dmarc(author: &str, found: &Authentication) -> (Alignment, String) {
    let signer = found.dkim.iter().filter(|check| holds(check, &found.dkim)).filter_map(|check| check.domain.as_deref());
    if let Some(domain) = signer.into_iter().find(|domain| domains::covers(domain, author)) {
        return (Alignment::Dkim, format!("proven: {author} by the signature of {domain}"));
    }
    let spf = found.spf.as_ref().filter(|spf| spf.result == CheckResult::Pass).and_then(|spf| spf.domain.as_deref());
    if let Some(domain) = spf.filter(|domain| domains::covers(domain, author)) {
        return (Alignment::Spf, format!("likely: a host that may send for {domain} sent it for {author} (SPF)"));
    }
    (Alignment::Unproven, format!("not proven: nothing that passed is about {author}"))
}

/// Whether a signature passed, and no result says otherwise of what may be the same one.
fn holds(check: &DkimCheck, all: &[DkimCheck]) -> bool {
    let same = |other: &DkimCheck| {
        let key = other.selector.is_none() || check.selector.is_none() || other.selector == check.selector;
        other.domain == check.domain && key
    };
    check.result == CheckResult::Pass && !all.iter().any(|other| other.result != CheckResult::Pass && same(other))
}

/// The one who logged in, if From is that one and nobody else.
fn submitter<'m>(message: &'m Message, found: &Authentication) -> Option<&'m str> {
    let sasl = found.sasl.as_ref().filter(|sasl| sasl.result == CheckResult::Pass)?;
    let identity = crate::address::address_key(sasl.identity.as_deref()?);
    match message.from.as_slice() {
        [author] if sasl.domain.is_some() && author.key() == identity => Some(&author.email),
        _ => None,
    }
}
