//! Whether `[trust]` names things as mail has them. What no mail can match would do nothing, and nobody would notice.

use postern_mail::address::address_key;

use super::super::read::Draft;
use super::Claims;
use crate::config::{ConfigError, Located, Table};

/// Fields that every mail has from its writer: no filter marks spam in them.
const OF_WRITERS: &[&str] = &["From", "To", "Subject", "Received"];

/// What is wrong with a word, and what to do.
type Mistake = (String, String);

/// The first entry of `[trust]` that no mail can match, or that would take the word of one of us for a customer's.
pub(super) fn makes_sense(draft: &Draft<'_>, claims: &Claims) -> Result<(), ConfigError> {
    let Some((_, table)) = &draft.trust else { return Ok(()) };
    let form = |address: &str| contact_form(draft, claims, table, address);
    each(table, "authserv_id", server_name)?;
    each(table, "spam_fields", field_name)?;
    each(table, "contact_forms", form)?;
    each(table, "mailing_lists", list_id)
}

fn each(table: &Table<'_>, key: &str, mistake: impl Fn(&str) -> Option<Mistake>) -> Result<(), ConfigError> {
    let found = |word: Located<String>| mistake(&word.value).map(|(wrong, cure)| table.error(word.at, key, wrong, cure));
    table.list(key).into_iter().find_map(found).map_or(Ok(()), Err)
}

/// A name as mail servers write it in front of their results: a word (RFC 8601 section 2.2).
fn server_name(word: &str) -> Option<Mistake> {
    let sign = word.chars().find(|c| c.is_whitespace() || matches!(c, ';' | '"' | '\'' | '(' | ')' | '=' | ','))?;
    let cure = "write what stands before the first space or ';' of its Authentication-Results, such as \"mx.example.org\"";
    Some((format!("{word:?} holds {sign:?}, and no mail server's name does"), cure.to_owned()))
}

/// The name of a header field (RFC 5322 section 3.6.8) that a filter can have written.
fn field_name(word: &str) -> Option<Mistake> {
    if let Some(sign) = word.chars().find(|c| !c.is_ascii_graphic() || *c == ':') {
        let name = word.split(':').next().unwrap_or_default().trim();
        let good = !name.is_empty() && name.chars().all(|c| c.is_ascii_graphic());
        let example = if good { name } else { "X-Spam-Flag" };
        return Some((
            format!("{word:?} holds {sign:?}, and no field's name does"),
            format!("write the name alone, like \"{example}\""),
        ));
    }
    let of_writers = OF_WRITERS.iter().any(|name| name.eq_ignore_ascii_case(word));
    of_writers.then(|| (format!("{word:?} is no field of a spam filter"), "leave it out".to_owned()))
}

/// What stands between `<` and `>` in List-Id.
fn list_id(word: &str) -> Option<Mistake> {
    let sign = word.chars().find(|c| c.is_whitespace() || matches!(c, '<' | '>'))?;
    let inside = word.rsplit_once('<').map_or(word, |(_, rest)| rest);
    let inside = inside.split('>').next().unwrap_or_default().trim();
    let good = !inside.is_empty() && !inside.contains(char::is_whitespace);
    let example = if good { inside } else { "talk.lists.example.org" };
    let cure = format!("write what stands between < and > in its List-Id, like \"{example}\"");
    Some((format!("{word:?} holds {sign:?}, and no List-Id does"), cure))
}

/// The address of a web form, which is nobody else's: what comes from there is taken for the word of whoever filled it in.
fn contact_form(draft: &Draft<'_>, claims: &Claims, table: &Table<'_>, address: &str) -> Option<Mistake> {
    let address = address_key(address);
    let claim = claims.get(&address)?;
    let see = table.document.see(claim.at);
    if claim.ours {
        let wrong = format!("{address} cannot be a web form's: it is {}{see}", claim.owner);
        return Some((wrong, "write the address that the form has in From, or give it one".to_owned()));
    }
    let person = draft.people.iter().map(|(person, _)| person).find(|person| person.email.contains(&address))?;
    person.role.is_staff().then(|| {
        let wrong = format!("{address} cannot be a web form's: it is {}{see}, who works here", claim.owner);
        (wrong, "give the form an address of its own in From: mail of theirs would be taken for a customer's".to_owned())
    })
}
