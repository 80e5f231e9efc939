//! Routes and envelopes between the pipe and the ledger: which recipient counts, what makes a delivery the same, and how
//! both are kept for later.

use super::Delivery;
use crate::store::facts::StoreFacts;
use postern_mail::Envelope;
use postern_mail::address::address_key;
use postern_model::{Facts, Route};
use serde::{Deserialize, Serialize};

/// Everything that stays of a route, for `explain`, for release from quarantine and for replay.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct KeptRoute {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    queue: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    actions: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ticket: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recipient: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    original: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    default_queue: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    extension: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    authenticated: bool,
}

/// The route with the recipient that counts first: the original one when it is an address of ours, else the final one.
pub(super) fn settled_route(facts: &StoreFacts<'_, '_>, route: &Route, to: &Delivery) -> Route {
    let beside = to.routes.iter().filter_map(|r| r.recipient.clone()).collect();
    let route = Route { beside, ..route.clone() };
    let ours = |address: &&String| facts.site().own_address(address).is_some();
    match &route.original {
        Some(original) if route.recipient.is_none() || ours(&original) => {
            Route { recipient: Some(original.clone()), original: route.recipient.clone(), ..route.clone() }
        }
        _ => route,
    }
}

/// What makes a delivery the same: its recipient, else queue and action.
pub(super) fn recipient_key(route: &Route) -> String {
    match &route.recipient {
        Some(recipient) => address_key(recipient),
        None => {
            let actions: Vec<&str> = route.actions.iter().map(|a| a.as_str()).collect();
            let actions = if actions.is_empty() { "correspond".to_owned() } else { actions.join("-") };
            format!("queue:{}/{actions}", route.queue.as_deref().unwrap_or_default().to_lowercase())
        }
    }
}

pub(super) fn sender_column(envelope: &Envelope) -> Option<&str> {
    match envelope {
        Envelope::Unknown => None,
        Envelope::Null => Some(""),
        Envelope::Sender(address) => Some(address),
    }
}

pub(super) fn envelope_of(column: Option<String>) -> Envelope {
    match column {
        None => Envelope::Unknown,
        Some(address) if address.is_empty() => Envelope::Null,
        Some(address) => Envelope::Sender(address),
    }
}

pub(super) fn kept(route: &Route) -> String {
    let actions = route.actions.iter().map(|a| a.as_str().to_owned()).collect();
    let kept = KeptRoute {
        queue: route.queue.clone(),
        actions,
        ticket: route.ticket,
        recipient: route.recipient.clone(),
        original: route.original.clone(),
        default_queue: route.default_queue.clone(),
        extension: route.extension.clone(),
        authenticated: route.authenticated,
    };
    serde_json::to_string(&kept).unwrap_or_default()
}

pub(super) fn route_of(options: &str) -> Route {
    let kept: KeptRoute = serde_json::from_str(options).unwrap_or_default();
    let actions = kept.actions.iter().filter_map(|word| postern_model::Action::from_word(word)).collect();
    Route {
        queue: kept.queue,
        actions,
        ticket: kept.ticket,
        recipient: kept.recipient,
        original: kept.original,
        default_queue: kept.default_queue,
        extension: kept.extension,
        authenticated: kept.authenticated,
        authoritative: false,
        beside: Vec::new(),
    }
}
