//! Characters that nobody sees: a text that holds them looks as if it did not.

/// Whether a character is drawn as nothing, and is no white space: soft hyphens, joiners, marks of direction, fillers and selectors of
/// variants (Unicode's property `Default_Ignorable_Code_Point`, in the version 16 of its data), and the anchors of annotations.
pub fn is_unseen(c: char) -> bool {
    !c.is_ascii()
        && matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// White space as people see it: that of Unicode, and what is not seen.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_unseen(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_known() {
        for c in
            ['\u{ad}', '\u{200b}', '\u{200e}', '\u{202c}', '\u{2069}', '\u{2060}', '\u{feff}', '\u{34f}', '\u{e0020}', '\u{fe0f}']
        {
            assert!(is_unseen(c) && is_blank(c), "{c:?}");
        }
        for c in ['a', ' ', '!', 'é', '\u{a0}', '\u{2028}', '中', '\u{300}', '😀'] {
            assert!(!is_unseen(c), "{c:?}");
        }
        assert!(is_blank(' ') && is_blank('\u{a0}') && is_blank('\u{2028}') && !is_blank('x'));
    }
}
