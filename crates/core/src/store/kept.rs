//! Answers that facts keep for the length of a transaction, so that a mail with commands for many tickets asks once for what is the same for
//! all of them. Whoever changes something between two decisions of a transaction forgets them.

use postern_model::site::RuleDefinition;
use postern_model::{Fact, Person, WatchRole};
use std::cell::RefCell;
use std::rc::Rc;

/// Answers that are the same for all tickets of a queue.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) rules: Kept<i64, Rc<[RuleDefinition]>>,
    pub(super) watchers: Kept<i64, Vec<(WatchRole, Person)>>,
    pub(super) templates: Kept<(String, i64, String), Option<String>>,
    pub(super) logins: Kept<String, Option<Person>>,
    pub(super) people: Kept<String, Option<Person>>,
}

impl Known {
    /// Forgets all of it.
    pub(super) fn forget(&self) {
        let Known { rules, watchers, templates, logins, people } = self;
        rules.forget();
        watchers.forget();
        templates.forget();
        logins.forget();
        people.forget();
    }
}

/// Answers that were given in this transaction, by the question: few, so they lie in a list.
#[derive(Debug)]
pub(super) struct Kept<Q, A>(RefCell<Vec<(Q, A)>>);

impl<Q, A> Default for Kept<Q, A> {
    fn default() -> Self {
        Kept(RefCell::default())
    }
}

/// So many answers of a kind are kept.
const KEPT: usize = 64;

impl<Q: PartialEq, A: Clone> Kept<Q, A> {
    /// The answer to a question: the one that was given, else `ask`.
    pub(super) fn or_ask(&self, question: Q, ask: impl FnOnce(&Q) -> Fact<A>) -> Fact<A> {
        if let Some((_, answer)) = self.0.borrow().iter().find(|(asked, _)| *asked == question) {
            return Ok(answer.clone());
        }
        let answer = ask(&question)?;
        let mut kept = self.0.borrow_mut();
        if kept.len() < KEPT {
            kept.push((question, answer.clone()));
        }
        Ok(answer)
    }

    fn forget(&self) {
        self.0.take();
    }
}
