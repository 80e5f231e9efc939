//! The envelope: from options, else from the environment that Postfix, Exim and qmail set. Never from headers (A21).

use crate::report::Failure;
use postern_core::config::Config;
use postern_core::intake::Delivery;
use postern_core::mail::Envelope;
use postern_core::mail::address::bare;
use postern_core::model::{Action, Route};
use postern_mailgate::options::Options;

/// Reads envelope and route. `variable` looks up the environment.
pub(crate) fn read(options: &Options, config: &Config, variable: &dyn Fn(&str) -> Option<String>) -> Result<Delivery, Failure> {
    let mut route = Route {
        extension: extension(variable),
        queue: options.queue.clone(),
        authenticated: options.authenticated,
        default_queue: config.gateway.queue.clone(),
        authoritative: config.gateway.authoritative,
        ..Route::default()
    };
    if let Some(words) = &options.action {
        route.actions = actions(words)?;
    }
    extend(&mut route, options)?;
    route.ticket = options.ticket.or(route.ticket);
    let routes = match options.recipient.as_slice() {
        [] => vec![Route { recipient: recipient(variable), original: set(variable, "ORIGINAL_RECIPIENT"), ..route }],
        several => several.iter().map(|r| Route { recipient: bare(r).map(str::to_owned), ..route.clone() }).collect(),
    };
    Ok(Delivery { envelope: sender(options, variable), routes, now: 0 })
}

fn actions(words: &str) -> Result<Vec<Action>, Failure> {
    let known = |word: &str| Action::from_word(word).ok_or_else(|| Failure::UnknownAction(word.to_owned()));
    words.split('-').map(|word| known(&word.to_lowercase())).collect()
}

/// The address extension, if the options give it a meaning (A19).
fn extend(route: &mut Route, options: &Options) -> Result<(), Failure> {
    let Some(meaning) = &options.extension else { return Ok(()) };
    let Some(value) = route.extension.clone() else { return Ok(()) };
    match meaning.as_str() {
        "queue" => route.queue = Some(value),
        "action" => route.actions = actions(&value)?,
        "ticket" => match value.parse() {
            Ok(number) => route.ticket = Some(number),
            Err(_) => eprintln_debug(options, &format!("the extension '{value}' is no ticket number and is left out")),
        },
        other => eprintln_debug(options, &format!("--extension {other} means nothing; '{value}' is left out")),
    }
    Ok(())
}

fn eprintln_debug(options: &Options, text: &str) {
    if options.debug {
        eprintln!("postern-mailgate: {text}");
    }
}

/// Postfix says EXTENSION, Exim LOCAL_PART_SUFFIX with its delimiter, qmail DEFAULT or EXT.
fn extension(variable: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let exim = || set(variable, "LOCAL_PART_SUFFIX").map(|s| s.trim_start_matches(['+', '-']).to_owned());
    set(variable, "EXTENSION").or_else(exim).or_else(|| set(variable, "DEFAULT")).or_else(|| set(variable, "EXT"))
}

/// Postfix, Exim and qmail say RECIPIENT; an Exim that does not says LOCAL_PART and DOMAIN.
fn recipient(variable: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let exim = || {
        let suffix = variable("LOCAL_PART_SUFFIX").unwrap_or_default();
        Some(format!("{}{suffix}@{}", set(variable, "LOCAL_PART")?, set(variable, "DOMAIN")?))
    };
    set(variable, "RECIPIENT").or_else(exim).and_then(|r| bare(&r).map(str::to_owned))
}

fn sender(options: &Options, variable: &dyn Fn(&str) -> Option<String>) -> Envelope {
    options.sender.clone().or_else(|| variable("SENDER")).map_or(Envelope::Unknown, |text| Envelope::from_text(&text))
}

fn set(variable: &dyn Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    variable(name).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty())
}
