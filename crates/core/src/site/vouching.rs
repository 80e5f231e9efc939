//! What `postern check` says of how sure the site can be of senders, and what that is worth.

use postern_model::site::{Role, SiteDefinition};
use postern_model::{Border, Trust};

use super::check::Finding;
use super::users::command;
use crate::config::Config;

/// What probes showed of the border mail server.
pub(super) struct Probed {
    /// What good ones showed.
    pub(super) border: Option<Border>,
    /// What was amiss with the last that came back.
    pub(super) hole: Option<String>,
}

/// Whether staff are known by more than what their mail claims, and whether anybody needs what nobody can have.
pub(super) fn look(config: &Config, site: &SiteDefinition, probed: &Probed) -> Vec<Finding> {
    let trust = &site.trust;
    let verified = probed.border.as_ref().is_some_and(|border| border.authserv_id == trust.authserv_id);
    let mut findings = Vec::new();
    match () {
        () if trust.authserv_id.is_empty() => findings.extend(unverified(site)),
        () if verified => findings.extend(verifies(site)),
        () => findings.push(disbelieved(config, site, probed)),
    }
    findings.extend(unreachable(site));
    if !trust.authserv_id.is_empty() && trust.needed(Role::Staff).min(trust.needed(Role::Admin)) < Trust::Authenticated {
        let text =
            "senders: staff need no more than a mail that answers one of theirs, though a border mail server could verify them";
        findings.push(Finding::warning(text, "take staff and admin out of [trust] in site.toml"));
    }
    findings.extend(customers(site));
    findings
}

/// A site without a way to verify senders, as every site on its first day. Who wrote `staff = "token"` knows. Of levels that need
/// more, the others speak.
fn unverified(site: &SiteDefinition) -> Vec<Finding> {
    let worth = "a mail counts as a technician's when it answers one that went to staff alone: show such mails to nobody else";
    let of_token = || match site.trust.staff {
        None => {
            let cure = "[trust] in site.toml: authserv_id = \"...\" (docs/security.md), or staff = \"token\" if that will do";
            Finding::warning(format!("senders: not verified; {worth}"), cure)
        }
        Some(_) => Finding::ok(format!("senders: not verified, as site.toml says; {worth}")),
    };
    let (staff, admin) = (site.trust.needed(Role::Staff), site.trust.needed(Role::Admin));
    let mut findings: Vec<Finding> = (staff.min(admin) <= Trust::Token).then(of_token).into_iter().collect();
    let who = match (staff == Trust::Authenticated, admin == Trust::Authenticated) {
        (true, true) => "staff",
        (true, false) => "staff who are no administrators",
        (false, true) => "administrators",
        (false, false) => return findings,
    };
    let text = format!("senders: {who} need authenticated, and nothing verifies anybody: all their mail is held");
    let cure = "name your mail server in [trust] authserv_id, or let a pipe vouch with --authenticated";
    findings.push(Finding::warning(text, cure));
    findings
}

/// A probe came back clean. A level that nobody reaches gets no praise.
fn verifies(site: &SiteDefinition) -> Option<Finding> {
    let (names, needed) = (site.trust.authserv_id.join(", "), site.trust.needed(Role::Staff));
    (needed < Trust::Signed)
        .then(|| Finding::ok(format!("senders: verified by {names}, as a probe showed; staff need {}", needed.as_str())))
}

/// No probe came back clean, or the last did not.
fn disbelieved(config: &Config, site: &SiteDefinition, probed: &Probed) -> Finding {
    let names = site.trust.authserv_id.join(", ");
    let why = match &probed.hole {
        Some(hole) => format!("the last probe failed: {hole}"),
        None => "no probe has shown that forged results are removed".to_owned(),
    };
    let customers = match site.trust.needed(Role::Guest) {
        Trust::Token | Trust::Authenticated => "; so is what customers write, for [trust] guest wants more than a claim",
        _ => "",
    };
    let text = format!(
        "senders: nothing that {names} writes is believed, because {why}. Mail of staff is held, and they are asked whether they \
         sent it{customers}"
    );
    Finding::warning(
        text,
        format!("run {}; docs/security.md tells how to set the mail server up", command(config, "check --probe")),
    )
}

/// Who needs a signature that nothing here verifies.
fn unreachable(site: &SiteDefinition) -> Option<Finding> {
    let trust = &site.trust;
    let roles = [("staff", Role::Staff), ("administrators", Role::Admin), ("customers", Role::Guest)];
    let who: Vec<&str> =
        roles.into_iter().filter(|(_, role)| trust.needed(*role) == Trust::Signed).map(|(name, _)| name).collect();
    let who = match who.as_slice() {
        [] => return None,
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        all => all.join(""),
    };
    let text = format!("senders: {who} need signed, and no mail reaches that level: all their mail is held");
    let cure = match trust.authserv_id.is_empty() {
        true => "[trust] in site.toml: write token, or authserv_id = \"...\" and authenticated (docs/security.md)",
        false => "write authenticated instead of signed under [trust] in site.toml",
    };
    Some(Finding::warning(text, cure))
}

/// Customers of whom more is wanted than anything here can show. [`unreachable`] speaks of signatures.
fn customers(site: &SiteDefinition) -> Option<Finding> {
    if !site.trust.authserv_id.is_empty() {
        return None;
    }
    let needed = site.trust.needed(Role::Guest);
    let what = match needed {
        Trust::Token => "every mail of theirs is held that answers none of ours, so each one that would open a ticket",
        Trust::Authenticated => "all their mail is held",
        _ => return None,
    };
    let text = format!("senders: customers need {}, and nothing verifies anybody: {what}", needed.as_str());
    Some(Finding::warning(
        text,
        "take guest out of [trust] in site.toml, or name your mail server in authserv_id (docs/security.md)",
    ))
}
