//! Transitions as site.toml writes them: `new, open -> stalled by group:leads`.

use super::Transition;
use crate::rights::Grantee;
use std::fmt;

/// The word for any status.
const ANY: &str = "*";

impl Transition {
    /// Reads a transition. Whether its statuses and people exist is not looked at.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Transition, String> {
        let Some((from, rest)) = text.split_once("->") else { return Err(format!("{text:?} has no ->")) };
        let (to, by) = match rest.split_once(" by ") {
            Some((to, by)) => (to, Some(by)),
            None => (rest, None),
        };
        let by = by.map_or(Ok(Vec::new()), |by| by.split(',').map(grantee).collect())?;
        Ok(Transition { from: statuses(from)?, to: statuses(to)?, by })
    }
}

fn statuses(list: &str) -> Result<Vec<String>, String> {
    if list.trim() == ANY {
        return Ok(Vec::new());
    }
    let words: Vec<String> = list.split(',').map(|word| word.trim().to_owned()).collect();
    match words.iter().any(String::is_empty) {
        true => Err("a status is missing".to_owned()),
        false => Ok(words),
    }
}

fn grantee(word: &str) -> Result<Grantee, String> {
    Grantee::from_word(word).ok_or_else(|| format!("{:?} is nobody", word.trim()))
}

impl fmt::Display for Transition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |words: &[String]| if words.is_empty() { ANY.to_owned() } else { words.join(", ") };
        write!(f, "{} -> {}", list(&self.from), list(&self.to))?;
        if self.by.is_empty() {
            return Ok(());
        }
        let by: Vec<String> = self.by.iter().map(ToString::to_string).collect();
        write!(f, " by {}", by.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a149_transitions_are_read_back() {
        for text in ["new -> open", "* -> closed by group:leads", "in progress, open -> * by anna, role:owner, everyone"] {
            assert_eq!(Transition::parse(text).unwrap().to_string(), text);
        }
        let any = Transition::parse(" *->* ").unwrap();
        assert_eq!((any.from.len(), any.to.len(), any.by.len()), (0, 0, 0));
        for (text, wrong) in [
            ("new open", "has no ->"),
            ("-> open", "a status is missing"),
            ("new, -> open", "a status is missing"),
            ("new -> open by role:boss", "\"role:boss\" is nobody"),
            ("new -> open by ", "\"\" is nobody"),
            ("new -> open by anna,", "\"\" is nobody"),
        ] {
            let error = Transition::parse(text).unwrap_err();
            assert!(error.contains(wrong), "{text}: {error}");
        }
    }
}
