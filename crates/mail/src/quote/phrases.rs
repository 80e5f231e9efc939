//! Questions to the table of languages, answered fast: the words are sorted once.

use super::languages::{LANGUAGES, Language};
use crate::lookup::list;
use std::sync::LazyLock;

/// Characters of a field's name.
const NAME_CHARS: usize = 30;

/// Octets of "sent from my phone".
const SENT_OCTETS: usize = 160;

/// Words of it.
const ADVERT_WORDS: usize = 10;

/// What phones and programs call themselves where a mail says what it was written with.
const DEVICES: &[&str] = list!(
    "iphon|ipad|ipod|apple watch|macbook|android|samsung|galaxy|huawei|honor|xiaomi|redmi|poco|oppo|vivo|oneplus|motorola|moto |nokia|pixel|sony|xperia|htc|lg |blackberry|windows|mail for windows|mail für windows|pour windows|outlook|yahoo|proton|gmail|k-9|k9|fairemail|thunderbird|spark|bluemail|aqua mail|nine|gmx|web.de|libero|mail.ru|yandex|qq|zoho|tutanota|smartphone|telefon|phone|mobil|handy|tablet|móvil|mobile|ios|手机|手機"
);

/// Lines that advertise a program without the word "sent".
const ADVERTS: &[&str] = list!(
    "get outlook for|outlook für ios|outlook für android|outlook for ios|outlook for android|outlook voor ios|outlook voor android|outlook pour ios|outlook pour android|outlook для ios|outlook для android|holen sie sich outlook|télécharger outlook|obtener outlook|obtenga outlook|ottieni outlook|scarica outlook|obtenha o outlook|obter o outlook|download outlook|skaffa outlook|hent outlook|hanki outlook|pobierz outlook|získat outlook|скачать outlook|获取 outlook|取得 outlook"
);

/// How salutations begin.
const GREETINGS: &[&str] = list!(
    "hello|hi|hey|dear|good morning|good afternoon|hallo|guten|liebe|lieber|sehr geehrte|moin|servus|grüezi|bonjour|bonsoir|salut|cher|chère|hola|buenos|buenas|estimad|ciao|buongiorno|salve|gentile|olá|ola|bom dia|boa tarde|prezad|dag|beste|geachte|goedemorgen|goedemiddag|hej|god|tjena|moi|hei|terve|hyvä|dzień dobry|cześć|witam|szanown|dobrý den|dobrý deň|ahoj|vážen|zdravo|dobar dan|pozdrav|szia|jó napot|kedves|tisztelt|bună|tere|sveiki|laba diena|здравствуйте|добрый|привет|уважаем|добрий|вітаю|шановн|здравейте|γεια|καλημέρα|αγαπητ|merhaba|selam|iyi günler|sayın|שלום|היי|مرحبا|السلام عليكم|أهلا|سلام|درود|नमस्ते|こんにちは|お世話|您好|你好|안녕하세요|สวัสดี|xin chào|chào|kính gửi|halo|selamat"
);

/// Platforms of programs that advertise themselves, and what may stand behind them.
const PLATFORMS: &[&str] = list!("ios|android|mac|iphone|ipad|windows|beziehen|herunterladen");

/// Words that end the names of devices.
const NAME_ENDS: &[&str] =
    list!("device|gerät|appareil|dispositivo|apparaat|app|application|application|pro|max|mini|plus|ultra|mail|email|e-mail");

/// The whole sentence, which phones write in German.
const SENT_MESSAGE: &str = "diese nachricht wurde von meinem ";

/// The first letter after which words stand without spaces, or with others in front, so that they are looked for anywhere.
const ANYWHERE: char = '\u{590}';

/// The fields of a header block above an older message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    /// Who wrote it.
    From,
    /// When.
    Date,
    /// To whom.
    To,
    /// And to whom else.
    Cc,
    /// About what.
    Subject,
}

/// The name of a field, the field, and the languages that call it so: a bit for each.
pub(super) type Label = (&'static str, Field, u64);

/// The table, sorted for look-ups.
struct Words {
    fields: Vec<Label>,
    /// Verbs that are whole words.
    verbs: Vec<&'static str>,
    /// Verbs looked for anywhere.
    verbs_anywhere: Vec<&'static str>,
    begins: Vec<&'static str>,
    original: Vec<&'static str>,
    sent: Vec<&'static str>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let (verbs_anywhere, verbs) = sorted(|l| l.wrote).into_iter().partition(|v| v.starts_with(|c: char| c >= ANYWHERE));
    Words {
        fields: labels(),
        verbs,
        verbs_anywhere,
        begins: sorted(|l| l.begins),
        original: sorted(|l| l.original),
        sent: sorted(|l| l.sent),
    }
});

/// The names of fields in all languages, each with each of its meanings once.
fn labels() -> Vec<Label> {
    let mut all: Vec<Label> = Vec::new();
    for (number, language) in LANGUAGES.iter().enumerate() {
        let named = [
            (language.from, Field::From),
            (language.date, Field::Date),
            (language.to, Field::To),
            (language.cc, Field::Cc),
            (language.subject, Field::Subject),
        ];
        for (names, field) in named {
            all.extend(names.iter().map(|name| (*name, field, 1 << number)));
        }
    }
    all.sort_unstable();
    all.dedup_by(|next, kept| {
        let same = (next.0, next.1) == (kept.0, kept.1);
        kept.2 |= if same { next.2 } else { 0 };
        same
    });
    all
}

fn sorted(of: impl Fn(&'static Language) -> &'static [&'static str]) -> Vec<&'static str> {
    let mut all: Vec<&str> = LANGUAGES.iter().flat_map(|l| of(l).iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// White space, and the marks of direction that right-to-left clients put around their words.
pub(super) use crate::unseen::is_blank as is_space;

/// A line without what cannot be seen at its ends.
pub(super) fn bare(line: &str) -> &str {
    let line = line.trim();
    // Only what is not ASCII can hide at the ends now.
    match line.as_bytes() {
        [first, .., last] if first.is_ascii() && last.is_ascii() => line,
        [] => line,
        _ => line.trim_matches(is_space),
    }
}

/// The fields that the name at the start of a line may stand for: "a" is Italian for to and Portuguese for nothing.
pub(super) fn fields(line: &str) -> &'static [Label] {
    let head = line.get(..line.floor_char_boundary(4 * NAME_CHARS)).unwrap_or_default();
    // The first of either kind: behind a wide one, a time of day has colons of the other.
    let narrow = memchr::memchr(b':', head.as_bytes());
    let wide = head.get(..narrow.unwrap_or(head.len())).and_then(|name| name.find('：'));
    let Some(colon) = wide.or(narrow) else { return &[] };
    let name = head.get(..colon).unwrap_or_default().trim_matches(['*', '_', '|', ' ']);
    let name = bare(name);
    if name.is_empty() || name.len() > 2 * NAME_CHARS || name.starts_with(|c: char| c.is_ascii_digit()) {
        return &[];
    }
    named(&if name.is_ascii() { name.to_ascii_lowercase() } else { name.to_lowercase() })
}

/// The fields that a name in lower case may stand for.
pub(super) fn named(name: &str) -> &'static [Label] {
    let fields = &WORDS.fields;
    let first = fields.partition_point(|(n, ..)| *n < name);
    let rest = fields.get(first..).unwrap_or_default();
    let count = rest.iter().take_while(|(n, ..)| *n == name).count();
    rest.get(..count).unwrap_or_default()
}

/// The field that a line of a header block is.
pub(crate) fn field(line: &str) -> Option<Field> {
    fields(line).first().map(|(_, field, _)| *field)
}

/// Whether lower-case words have a verb of attributions among them.
pub(super) fn has_verb(lower: &str) -> bool {
    let words = &*WORDS;
    let mut tokens = lower.split(|c: char| !c.is_alphanumeric()).filter(|t| !t.is_empty());
    tokens.any(|t| words.verbs.binary_search(&t).is_ok())
        || lower.chars().any(|c| c >= ANYWHERE) && words.verbs_anywhere.iter().any(|v| lower.contains(v))
}

/// Whether a first line may be the beginning of a folded attribution: it begins with a date, a name before an address or a
/// word that attributions begin with.
pub(super) fn may_begin_attribution(line: &str) -> bool {
    if line.contains(['<', '@']) || line.chars().take(30).any(char::is_numeric) {
        return true;
    }
    has_lead_in(line)
}

/// Whether a line begins with a word that attributions begin with.
pub(super) fn has_lead_in(line: &str) -> bool {
    let head: String = line.chars().take(24).flat_map(char::to_lowercase).collect();
    WORDS.begins.iter().any(|b| head.strip_prefix(b).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
}

/// A separator that a client puts above an older message: the words between dashes, or alone with a colon.
pub(crate) fn is_original_message(line: &str) -> bool {
    if line.len() < 6 {
        return false;
    }
    // One dash is a list's bullet.
    let dashed = is_dashed(line);
    if line.len() > 200 || !dashed && !line.ends_with([':', '：']) {
        return false;
    }
    let inner = line.trim_matches(|c: char| is_space(c) || is_dash(c) || matches!(c, '*' | '>' | '<' | '"'));
    let lower = inner.to_lowercase();
    // The phrase, if there is one, stands right before the place of the line itself.
    let at = WORDS.original.partition_point(|o| *o <= lower.as_str());
    let near = WORDS.original.get(at.saturating_sub(6)..at).unwrap_or_default();
    let named = near.iter().any(|o| lower.starts_with(o));
    named && (dashed || lower.ends_with([':', '：']) && lower.len() <= 90 || lower.len() <= 60 && line.ends_with([':', '：']))
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '_' | '=' | '—' | '–' | '─')
}

/// The same words in a line of their own, without any mark.
pub(super) fn is_bare_original_message(line: &str) -> bool {
    let lower = bare(line).to_lowercase();
    WORDS.original.binary_search(&lower.as_str()).is_ok()
}

/// Whether a line begins as salutations do.
pub(crate) fn is_greeting(line: &str) -> bool {
    let lower = bare(line).to_lowercase();
    GREETINGS.iter().any(|g| lower.starts_with(g))
}

/// At least two dashes, or a long one, in front.
pub(super) fn is_dashed(line: &str) -> bool {
    let mut first = line.chars();
    match first.next() {
        Some('—' | '–' | '─') => true,
        Some(dash) if is_dash(dash) => first.next().is_some_and(is_dash),
        _ => false,
    }
}

/// Dashes at both ends and words between them, whatever they mean.
pub(super) fn is_titled_ruler(line: &str) -> bool {
    let dashes = |s: &mut dyn Iterator<Item = char>| s.take_while(|c| is_dash(*c)).take(3).count();
    (8..=200).contains(&line.len())
        && dashes(&mut line.chars()) >= 3
        && dashes(&mut line.chars().rev()) >= 3
        && line.chars().any(char::is_alphabetic)
}

/// "Sent from my phone" in a line of its own.
pub(super) fn is_mobile_signature(line: &str) -> bool {
    // Targets of links do not count, nor does how Markdown writes them.
    let plain = line.split_once('[').and_then(|(before, rest)| {
        let (name, target) = rest.split_once("](")?;
        Some(format!("{before}{name}{}", target.split_once(')')?.1))
    });
    let line = plain.as_deref().unwrap_or(line);
    let said = line.split(['<', '[', '(']).next().unwrap_or_default();
    let said = said.trim_matches(|c: char| is_space(c) || matches!(c, '.' | '。' | '!' | '-' | '*' | '_'));
    if said.is_empty() || said.len() > SENT_OCTETS || said.contains(['?', '？', ';', ',', '，']) {
        return false;
    }
    let said = said.to_lowercase();
    let said = said.as_str();
    let words = &*WORDS;
    let tokens: Vec<&str> = said.split_whitespace().take(ADVERT_WORDS + 1).collect();
    if tokens.len() > ADVERT_WORDS || said.contains(". ") {
        return false;
    }
    let last = |count: usize| tokens.iter().rev().take(count);
    if ADVERTS.iter().any(|a| said.starts_with(a)) {
        let platform = |t: &&str| PLATFORMS.contains(t);
        return tokens.len() <= 6 && (last(2).any(platform) || !said.is_ascii());
    }
    // Where a sentence goes on behind the name of the thing, the author says something of it.
    let near = if said.is_ascii() { 2 } else { 3 };
    let begins = words.sent.iter().any(|s| begins_with(said, s)) && last(near).any(|t| is_device(t));
    let short = tokens.len() <= 6 || said.starts_with(SENT_MESSAGE);
    let named = || short && tokens.iter().rev().nth(1).is_some_and(|t| is_device(t));
    let ends = || words.sent.iter().any(|s| ends_with(said, s) && (s.starts_with(|c: char| c >= ANYWHERE) || named()));
    if !begins && !ends() {
        return false;
    }
    let lower = line.get(..line.floor_char_boundary(2 * SENT_OCTETS)).unwrap_or_default().to_lowercase();
    DEVICES.iter().any(|d| lower.contains(d))
}

/// Whether a lower-case word is what a telephone or a program calls itself, or ends such a name.
fn is_device(word: &str) -> bool {
    DEVICES.iter().any(|d| word.contains(d.trim())) || word.chars().all(|c| c.is_ascii_digit()) || NAME_ENDS.contains(&word)
}

fn begins_with(text: &str, words: &str) -> bool {
    // One word alone ("gesendet") says it at the end of a line only.
    let several = || words.contains(' ') || words.starts_with(|c: char| c >= ANYWHERE) || !words.is_ascii();
    text.starts_with(words) && several()
}

fn ends_with(text: &str, words: &str) -> bool {
    let Some(before) = text.strip_suffix(words) else { return false };
    words.starts_with(|c: char| c >= ANYWHERE) || before.ends_with(' ') && !before.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a134_the_first_colon_of_either_width_ends_the_name_of_a_field() {
        for (line, expected) in [
            ("发送时间：2026年11月2日 09:12", Field::Date),
            ("主题：Re: 打印机", Field::Subject),
            ("送信日時：2026年11月2日 9:12", Field::Date),
            ("件名：Re: プリンタ", Field::Subject),
            ("主题: 回复：打印机", Field::Subject),
            ("Subject: 回复：打印机", Field::Subject),
        ] {
            assert_eq!(field(line), Some(expected), "{line}");
        }
        assert_eq!(field("说明：主题: 打印机"), None);
    }
}
