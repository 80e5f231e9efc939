//! `format=flowed` (RFC 3676): lines that were broken for the journey become paragraphs again (A88).

/// Joins flowed lines. With `delete_space` (DelSp=yes) the space that marks a soft break goes.
pub(crate) fn unwrap(text: &str, delete_space: bool) -> String {
    let mut out = String::with_capacity(text.len());
    // The quote depth of the paragraph that the next line may continue.
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let content = line.trim_start_matches('>');
        let depth = line.len() - content.len();
        let content = content.strip_prefix(' ').unwrap_or(content);
        let signature = content == "-- ";
        if open.is_some() && (signature || open != Some(depth)) {
            out.push('\n');
            open = None;
        }
        if open.is_none() && depth > 0 {
            out.extend(std::iter::repeat_n('>', depth));
            out.push(' ');
        }
        let flows = content.ends_with(' ') && !signature;
        let kept = if flows && delete_space { &content[..content.len() - 1] } else { content };
        out.push_str(kept);
        if flows {
            open = Some(depth);
        } else {
            out.push('\n');
            open = None;
        }
    }
    if open.is_some() {
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a88_flowed_text() {
        for (given, expected) in [
            ("one \ntwo\nthree\n", "one two\nthree\n"),
            ("> one \n> two\nthree", "> one two\nthree\n"),
            ("> a \n>> b \n> c\n", "> a \n>> b \n> c\n"),
            (" >no quote\n From here\n", ">no quote\nFrom here\n"),
            ("text\n-- \nAnna\n", "text\n-- \nAnna\n"),
            ("text \n-- \nAnna\n", "text \n-- \nAnna\n"),
            ("a \n\nb\n", "a \nb\n"),
            ("", ""),
        ] {
            assert_eq!(unwrap(given, false), expected, "{given:?}");
        }
        assert_eq!(unwrap("日本 \n語\n", true), "日本語\n");
    }
}
