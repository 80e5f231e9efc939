//! Which tickets to list: words such as `status:open queue:support`.

use super::Visibility;
use postern_model::life_cycle;

/// A word of the query language: what stands before the colon, an example, and the list that its value joins.
struct Word {
    name: &'static str,
    example: &'static str,
    list: fn(&mut TicketQuery) -> &mut Vec<String>,
}

const WORDS: &[Word] = &[
    Word { name: "status", example: "status:open", list: |query| &mut query.statuses },
    Word { name: "queue", example: "queue:support", list: |query| &mut query.queues },
    Word { name: "owner", example: "owner:anna", list: |query| &mut query.owners },
    Word { name: "requestor", example: "requestor:carla@example.net", list: |query| &mut query.requestors },
];

/// Whoever asks, as an owner or requestor; see [`TicketQuery::mine`].
pub const ME: &str = "me";
/// No owner.
pub const NOBODY: &str = "nobody";

/// A choice of tickets. Words of one kind widen it (`status:new status:open`), words of different kinds narrow it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketQuery {
    /// Statuses; none: any.
    pub statuses: Vec<String>,
    /// Names of queues; none: any.
    pub queues: Vec<String>,
    /// Logins of owners, [`NOBODY`] for tickets without; none: any.
    pub owners: Vec<String>,
    /// Logins or addresses of requestors; none: any.
    pub requestors: Vec<String>,
    /// Only so many, the newest.
    pub limit: Option<u64>,
    /// Only what this lets be seen.
    pub seen: Option<Visibility>,
}

/// A query that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// A word that is not known.
    #[error("the query has a word that is not known, {0:?}; known are {known}", known = TicketQuery::known())]
    Word(String),
    /// A status that no ticket can have.
    #[error("there is no status {0:?}; a ticket is {known}", known = statuses())]
    Status(String),
}

impl TicketQuery {
    /// Reads a query.
    ///
    /// # Errors
    /// The first word or status that is not known; the message says what is.
    pub fn parse<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Self, QueryError> {
        let mut query = TicketQuery::default();
        for text in words.into_iter().flat_map(str::split_whitespace) {
            let known = text.split_once(':').filter(|(_, value)| !value.is_empty());
            let word = known.and_then(|(name, value)| Some((WORDS.iter().find(|word| word.name == name)?, value)));
            let (word, value) = word.ok_or_else(|| QueryError::Word(text.to_owned()))?;
            (word.list)(&mut query).push(value.to_owned());
        }
        match query.statuses.iter().find(|status| life_cycle::default().status(status).is_none()) {
            Some(unknown) => Err(QueryError::Status(unknown.clone())),
            None => Ok(query),
        }
    }

    /// Whether it says [`ME`] somewhere.
    pub fn names_me(&self) -> bool {
        self.owners.iter().chain(&self.requestors).any(|word| word == ME)
    }

    /// The same query with this login for [`ME`].
    #[must_use]
    pub fn mine(mut self, login: &str) -> Self {
        let words = self.owners.iter_mut().chain(&mut self.requestors);
        words.filter(|word| *word == ME).for_each(|word| login.clone_into(word));
        self
    }

    /// Examples of all words, for help and messages.
    pub fn known() -> String {
        WORDS.iter().map(|word| word.example).collect::<Vec<_>>().join(", ")
    }
}

fn statuses() -> String {
    life_cycle::default().statuses().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_collected_by_kind() {
        let query = TicketQuery::parse(["status:new status:open", "queue:noc"]).unwrap();
        assert_eq!(query.statuses, ["new", "open"]);
        assert_eq!(query.queues, ["noc"]);
        assert_eq!(TicketQuery::parse([]).unwrap(), TicketQuery::default());
    }

    #[test]
    fn me_is_whoever_asks() {
        let query = TicketQuery::parse(["owner:me owner:nobody", "requestor:me"]).unwrap();
        assert!(query.names_me());
        let query = query.mine("anna");
        assert_eq!(
            (query.owners.as_slice(), query.requestors.as_slice()),
            (&["anna".into(), "nobody".into()][..], &["anna".into()][..])
        );
        assert!(!query.names_me());
    }

    #[test]
    fn unknown_words_are_named_with_what_is_known() {
        for word in ["printer", "colour:red", "status:", ":"] {
            let error = TicketQuery::parse([word]).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!(
                    "the query has a word that is not known, {word:?}; known are status:open, queue:support, owner:anna, \
                     requestor:carla@example.net"
                )
            );
        }
        let error = TicketQuery::parse(["status:opne"]).unwrap_err();
        assert_eq!(error.to_string(), "there is no status \"opne\"; a ticket is new, open, stalled, resolved, closed, rejected");
    }
}
