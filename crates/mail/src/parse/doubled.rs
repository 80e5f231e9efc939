//! Outlook's doubled line ends: an empty line behind every line, intended or not (A131).

/// Lines with text that show a habit.
const LINES: usize = 4;

/// Takes one empty line away behind each line. Only where every line has one, and where some gap is wider: text of
/// paragraphs that are one line each looks the same otherwise, and must keep its gaps.
pub(crate) fn collapse(text: String) -> String {
    let lines = || text.split('\n').map(|l| l.trim_end_matches(['\r', ' ', '\u{a0}']));
    let (mut filled, mut wide, mut gap) = (0, false, 0);
    for line in lines() {
        if line.is_empty() {
            gap += 1;
            continue;
        }
        // The gap above this line: the one that was added, and two for every empty line that was meant.
        if filled > 0 && gap % 2 == 0 {
            return text;
        }
        wide |= filled > 0 && gap >= 3;
        filled += 1;
        gap = 0;
    }
    if filled < LINES || !wide {
        return text;
    }
    let first = lines().position(|l| !l.is_empty()).unwrap_or(0);
    let mut out = String::with_capacity(text.len());
    for line in text.split('\n').skip(first).step_by(2) {
        out.push_str(line);
        out.push('\n');
    }
    let length = out.trim_end_matches('\n').len();
    out.truncate(length);
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::collapse;

    #[test]
    fn a131_doubled_line_ends_are_collapsed() {
        let doubled = "Hello,\n\n\n\nthe printer on floor two\n\nis on fire.\n\n\n\nAnna\n\n";
        assert_eq!(collapse(doubled.to_owned()), "Hello,\n\nthe printer on floor two\nis on fire.\n\nAnna\n");
    }

    #[test]
    fn a131_only_where_every_line_has_its_empty_one() {
        for text in [
            "Hello,\n\n\n\none line\nand the next\n\n\n\nbye\n\nAnna\n",
            "Hello,\n\nparagraphs of one line each.\n\nAnother.\n\nAnna\n",
            "Hello,\n\n\n\nAnna\n",
            "a\n\nb\n\n\nc\n\nd\n",
            "",
            "\n\n\n\n",
        ] {
            assert_eq!(collapse(text.to_owned()), text, "{text:?}");
        }
    }
}
