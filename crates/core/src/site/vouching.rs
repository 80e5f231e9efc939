//! What `postern check` says of how sure the site can be of senders, and what that is worth.

use postern_model::site::{Role, SiteDefinition};
use postern_model::{Border, Trust};

use super::check::Finding;
use super::users::command;
use crate::config::Config;

/// Whether staff are known by more than what their mail claims.
pub(super) fn look(config: &Config, site: &SiteDefinition, border: Option<&Border>) -> Vec<Finding> {
    let trust = &site.trust;
    let mut findings = Vec::new();
    let names = trust.authserv_id.join(", ");
    let probe = command(config, "check --probe");
    match border {
        _ if trust.authserv_id.is_empty() => findings.extend(unverified(site)),
        Some(border) if border.authserv_id == trust.authserv_id => {
            findings.push(Finding::ok(format!("senders: verified by {names}, as a probe showed; staff need {}", needed(site))));
        }
        _ => {
            let text = format!(
                "senders: nothing that {names} writes is believed, because no probe has shown that forged results are removed: mail of \
                 staff is held, and they are asked whether they sent it"
            );
            findings.push(Finding::warning(text, format!("run {probe}; docs/security.md tells how to set the mail server up")));
        }
    }
    if !trust.authserv_id.is_empty() && trust.needed(Role::Staff).min(trust.needed(Role::Admin)) < Trust::Authenticated {
        let text =
            "senders: staff need no more than a mail that answers one of theirs, though a border mail server could verify them";
        findings.push(Finding::warning(text, "take staff and admin out of [trust] in site.toml"));
    }
    findings
}

/// A site without a way to verify senders, as every site on its first day. Who wrote `staff = "token"` knows.
fn unverified(site: &SiteDefinition) -> Option<Finding> {
    let lowest = site.trust.needed(Role::Staff).min(site.trust.needed(Role::Admin));
    let worth = "a mail counts as a technician's when it answers one that went to staff alone: show such mails to nobody else";
    match (lowest, site.trust.staff) {
        (Trust::Token, None) => {
            let cure = "[trust] in site.toml: authserv_id = \"...\" (docs/security.md), or staff = \"token\" if that will do";
            Some(Finding::warning(format!("senders: not verified; {worth}"), cure))
        }
        (Trust::Token, Some(_)) => Some(Finding::ok(format!("senders: not verified, as site.toml says; {worth}"))),
        _ => {
            let text = format!("senders: staff need {}, and nothing verifies anybody: all their mail is held", needed(site));
            let cure = "name your mail server in [trust] authserv_id, or let a pipe vouch with --authenticated";
            Some(Finding::warning(text, cure))
        }
    }
}

fn needed(site: &SiteDefinition) -> &'static str {
    site.trust.needed(Role::Staff).as_str()
}
