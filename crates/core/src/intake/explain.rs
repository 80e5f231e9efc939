//! What would become of a message: the same code, in a transaction that is rolled back.

use super::route::{recipient_key, settled_route};
use super::{Delivery, Filed, IntakeError, Read, Setting, file};
use crate::store::engine::Engine;
use postern_mail::Envelope;
use postern_model::{Route, Step};
use serde::Serialize;

/// What would become of a message: the same code, in a transaction that is rolled back.
///
/// # Errors
/// As for [`deliver`].
pub fn explain(engine: &mut Engine, setting: &Setting<'_>, raw: &[u8], to: &Delivery) -> Result<Vec<Explanation>, IntakeError> {
    let read = Read::new(raw, &to.envelope, setting.site_name);
    engine.dry_run(setting.wait, |tx| {
        let facts = setting.facts(tx)?;
        let explain = |route| {
            let route = settled_route(&facts, route, to);
            let filed = file(tx, &facts, setting, &read, to, &route)?;
            facts.look_again();
            Ok(explanation(&read, to, &route, filed))
        };
        to.routes.iter().map(explain).collect()
    })
}

/// What would become of one delivery.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    /// Envelope sender as it was understood.
    pub envelope: Envelope,
    /// Recipient key.
    pub recipient: String,
    /// Message-ID.
    pub message_id: String,
    /// Class.
    pub class: &'static str,
    /// Trust.
    pub trust: String,
    /// What would become of it.
    pub verdict: &'static str,
    /// Why.
    pub reason: String,
    /// The ticket; a number that is not taken yet for a new one.
    pub ticket: Option<u64>,
    /// How it would be decided.
    pub trail: Vec<Step>,
    /// Mails that would leave: to whom, with which subject.
    pub mails: Vec<(String, String)>,
}

impl Explanation {
    /// For people, a line a fact; `steps`: with every step of the decision. Nothing in it can steer a terminal.
    pub fn lines(&self, steps: bool) -> Vec<String> {
        let sender = match &self.envelope {
            Envelope::Unknown => "unknown".to_owned(),
            Envelope::Null => "<>".to_owned(),
            Envelope::Sender(address) => format!("<{address}>"),
        };
        let ticket = self.ticket.map(|n| format!(" #{n}")).unwrap_or_default();
        let mut lines = vec![
            format!("message:   <{}>", self.message_id),
            format!("envelope:  from {sender} to {}", self.recipient),
            format!("class:     {}", self.class),
            format!("trust:     {}", self.trust),
            format!("verdict:   {}{ticket}", self.verdict),
            format!("reason:    {}", self.reason),
        ];
        if steps {
            lines.extend(self.trail.iter().map(|s| format!("{:<10} {}", format!("{}:", s.step), s.text)));
        }
        lines.extend(self.mails.iter().map(|(to, subject)| format!("would mail {to}: {subject}")));
        lines.iter().map(|line| line.chars().filter(|c| !c.is_control()).collect()).collect()
    }
}

/// What a filed delivery amounts to, for people.
fn explanation(read: &Read<'_>, to: &Delivery, route: &Route, filed: Filed) -> Explanation {
    let Filed { outcome, class, trust, decision } = filed;
    let (trail, notices, letters) = decision.map_or_else(Default::default, |d| (d.trail, d.notices, d.letters));
    let letters = letters.into_iter().map(|l| (l.to.address, l.kind.what().to_owned()));
    Explanation {
        envelope: to.envelope.clone(),
        recipient: recipient_key(route),
        message_id: read.message.message_id.clone(),
        class: class.as_str(),
        trust,
        verdict: outcome.verdict.as_str(),
        reason: outcome.reason,
        ticket: outcome.ticket,
        trail,
        mails: notices.into_iter().map(|n| (n.to.address, n.subject)).chain(letters).collect(),
    }
}
