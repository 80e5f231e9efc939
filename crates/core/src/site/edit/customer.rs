//! People without login: known by their addresses, in no file. Their name, wish and language can be changed all the same,
//! by the keys and the reader of `[[person]]`.

use postern_model::site::{PersonDefinition, SiteDefinition, Wish};
use serde::Serialize;

use super::draft::Draft;
use super::{EditError, EntryKey, KeyChange};
use crate::site::plan::{Plan, customer_changes};
use crate::store::engine::Tx;
use crate::store::site as store;

/// Somebody without login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Customer {
    /// Number in the database.
    #[serde(skip)]
    pub id: i64,
    /// Name as mail gave it or somebody here set it; may be empty.
    pub name: String,
    /// Addresses, the one that we write to first.
    pub email: Vec<String>,
    /// Which mail they want.
    pub notify: Wish,
    /// Language of mails to them; the queue's when absent.
    pub language: Option<String>,
    /// Whether they get no mail at all.
    pub disabled: bool,
}

/// What can be said of a customer.
const KEYS: &[&str] = &["name", "notify", "language"];

/// The customer with this address, in lower case.
pub(super) fn find(tx: &Tx<'_>, address: &str) -> Result<Customer, EditError> {
    store::customer(tx, address)?.ok_or_else(|| {
        let next = "`postern person list --all` shows everybody; whoever writes in is known from then on";
        EditError::refused(format!("nobody has the address {address}"), next)
    })
}

/// What changes about a customer, and how they are then.
pub(super) fn change(tx: &Tx<'_>, address: &str, changes: &[KeyChange]) -> Result<(Plan, Customer), EditError> {
    let old = find(tx, &postern_mail::address::address_key(address))?;
    if let Some(change) = changes.iter().find(|change| !KEYS.contains(&change.key.as_str())) {
        let first = old.email.first().map_or(address, String::as_str);
        let next =
            format!("{} can be changed; for the rest give them a login: postern person add LOGIN email={first}", KEYS.join(", "));
        return Err(EditError::refused(format!("customer {first}: key 'person.{}': customers have none", change.key), next));
    }
    let person = changed(&old, changes)?;
    let new = Customer { name: person.name.unwrap_or_default(), notify: person.notify, language: person.language, ..old.clone() };
    Ok((customer_changes(&old, &new), new))
}

/// An address as the reader of `[[person]]` takes it, in lower case.
pub(super) fn checked_address(who: &str, address: &str) -> Result<String, EditError> {
    let stand_in = Customer {
        id: 0,
        name: String::new(),
        email: vec![who.to_owned()],
        notify: Wish::default(),
        language: None,
        disabled: false,
    };
    let read = changed(&stand_in, &[KeyChange::set("email", address.to_owned())])?;
    Ok(read.email.into_iter().next().unwrap_or_default())
}

/// A login and an address for the time of reading: the customer's own may be one that no site would give itself.
const STAND_IN: (&str, &str) = ("customer-without-login", "customer@example.invalid");

/// What the reader of `[[person]]` makes of a customer with these changes.
fn changed(customer: &Customer, changes: &[KeyChange]) -> Result<PersonDefinition, EditError> {
    let (login, address) = STAND_IN;
    let person = PersonDefinition {
        login: login.to_owned(),
        // A name that came by mail may hold anything; it stays as it is unless it is changed.
        name: Some(customer.name.clone()).filter(|name| !name.trim().is_empty() && !name.chars().any(char::is_control)),
        email: vec![address.to_owned()],
        notify: customer.notify,
        language: customer.language.clone(),
        ..PersonDefinition::default()
    };
    let site = SiteDefinition { people: vec![person], ..SiteDefinition::default() };
    let mut draft = Draft::of(&site)?;
    let key = EntryKey::new("person", login);
    draft.entry(&key)?.change(&key, changes)?;
    let shown = customer.email.first().map_or("", String::as_str);
    let read = draft.read().map_err(|error| match error {
        EditError::Refused { what, next } => {
            EditError::refused(what.replacen(&key.label(), &format!("customer {shown}"), 1), next)
        }
        other => other,
    });
    let mut person = read?.people.pop().unwrap_or_default();
    if !changes.iter().any(|change| change.key == "name") {
        person.name = Some(customer.name.clone());
    }
    Ok(person)
}
