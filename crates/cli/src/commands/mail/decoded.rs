//! How a mail's octets became text, for people: which charset, why, how sure that is, and what to do where it is not.

use crate::output::text::line;
use postern_mail::inspect::InspectedDecoding;
use postern_mail::{Confidence, Decoding, Evidence};

/// Lines that say what was read in which charset.
pub(super) fn facts(decodings: &[Decoding]) -> Vec<(&'static str, String)> {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for decoding in decodings {
        let said = said(decoding);
        match groups.iter_mut().find(|(known, _)| *known == said) {
            Some((_, places)) => places.push(&decoding.place),
            None => groups.push((said, vec![&decoding.place])),
        }
    }
    groups.into_iter().map(|(said, places)| ("read as", format!("{said}: {}", line(&places.join(", "))))).collect()
}

/// What to do where a reading may be wrong: `id` is the mail's number in the ledger.
pub(super) fn cure(decodings: &[Decoding], id: i64) -> Option<String> {
    let doubtful = decodings.iter().filter(|decoding| decoding.confidence < Confidence::High).min_by_key(|d| d.confidence)?;
    let other = doubtful.alternatives.iter().copied().find(|other| *other != doubtful.charset).unwrap_or("NAME");
    Some(format!("postern mail redecode {id} --charset {other} --dry-run"))
}

/// A sentence where a reading is in doubt.
pub(super) fn doubt(decodings: &[InspectedDecoding]) -> Option<String> {
    let doubtful = decodings.iter().find(|decoding| decoding.confidence == Confidence::Low.as_str())?;
    let others: Vec<&str> = doubtful.alternatives.iter().copied().filter(|other| *other != doubtful.charset).collect();
    let others = match others.as_slice() {
        [] => String::new(),
        others => format!("; it may also be {}", others.join(", ")),
    };
    Some(format!("{} was read as {}, in doubt{others}", line(&doubtful.place), doubtful.charset))
}

fn said(decoding: &Decoding) -> String {
    let why = match decoding.evidence {
        Evidence::Label => "as it says itself",
        Evidence::Mark => "by its byte order mark",
        Evidence::Escapes => "by its escape sequences",
        Evidence::Utf8 => "by its octets",
        Evidence::Html => "as its HTML says",
        Evidence::Guess => "by a guess",
        Evidence::Person => "as a person said",
    };
    let label = match &decoding.label {
        Some(label)
            if !label.eq_ignore_ascii_case(decoding.charset)
                && !matches!(decoding.evidence, Evidence::Label | Evidence::Person) =>
        {
            format!(", though it says {}", line(label))
        }
        _ => String::new(),
    };
    let sure = match decoding.confidence {
        Confidence::High => "",
        Confidence::Middle => ", fairly sure",
        Confidence::Low => ", in doubt",
    };
    let others: Vec<&str> = decoding.alternatives.iter().copied().filter(|other| *other != decoding.charset).collect();
    let others = match others.as_slice() {
        [] => String::new(),
        others => format!("; may also be {}", others.join(", ")),
    };
    format!("{}, {why}{label}{sure}{others}", decoding.charset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoding(place: &str, evidence: Evidence, confidence: Confidence, alternatives: Vec<&'static str>) -> Decoding {
        Decoding { place: place.into(), charset: "windows-1251", label: None, evidence, confidence, alternatives }
    }

    #[test]
    fn what_is_sure_is_said_shortly_and_what_is_in_doubt_with_what_to_do() {
        let sure = [
            decoding("header", Evidence::Label, Confidence::High, vec![]),
            decoding("text 1", Evidence::Label, Confidence::High, vec![]),
        ];
        assert_eq!(facts(&sure), [("read as", "windows-1251, as it says itself: header, text 1".to_owned())]);
        assert_eq!(cure(&sure, 3), None);
        let doubtful = [decoding("text 1", Evidence::Guess, Confidence::Low, vec!["KOI8-R", "IBM866"])];
        assert_eq!(facts(&doubtful)[0].1, "windows-1251, by a guess, in doubt; may also be KOI8-R, IBM866: text 1");
        assert_eq!(cure(&doubtful, 3).as_deref(), Some("postern mail redecode 3 --charset KOI8-R --dry-run"));
        let itself = [decoding("text 1", Evidence::Guess, Confidence::Low, vec!["windows-1251", "KOI8-R"])];
        assert_eq!(facts(&itself)[0].1, "windows-1251, by a guess, in doubt; may also be KOI8-R: text 1");
        assert_eq!(cure(&[decoding("text 1", Evidence::Guess, Confidence::Low, vec![])], 3).unwrap().find("NAME"), Some(34));
    }

    #[test]
    fn a_wrong_label_is_told() {
        let label = Some("us-ascii".to_owned());
        let wrong = Decoding { label, ..decoding("text 1", Evidence::Guess, Confidence::Middle, vec![]) };
        assert_eq!(facts(&[wrong])[0].1, "windows-1251, by a guess, though it says us-ascii, fairly sure: text 1");
    }
}
