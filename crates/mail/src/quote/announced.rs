//! "My answers stand between your lines": whoever says so answers inside a message that may have no marks.

use super::phrases::bare;
use crate::lookup::{Searched, list};

/// Lines of such an announcement.
const LINES: usize = 6;

/// Its octets.
const OCTETS: usize = 600;

/// Words for answers.
const ANSWERS: &[&str] = list!(
    "answer|comment|repl|respon|remark|notes|antwort|kommentar|anmerkung|réponse|répond|commentaire|respuesta|respond|comentario|rispost|commenti|resposta|antwoord|reactie|opmerking|svar|vastau|komment|odpowied|uwagi|odpověd|odpoved|válasz|răspuns|ответ|комментар|відповід|отговор|απαντ|yanıt|cevap|תשוב|תגוב|رد|إجاب|پاسخ|回答|回复|回覆|答复|答覆|返信|コメント|답변|답장|trả lời|jawaban|คำตอบ"
);

/// Words for the place.
const PLACES: &[&str] = list!(
    "below|inline|in-line|in line|between|in red|in blue|in green|in bold|in your text|in your mail|unten|zwischen|in rot|in blau|im text|rot markiert|ci-dessous|ci-après|en rouge|en bleu|dans le texte|entre les lignes|abajo|debajo|más abajo|en rojo|en azul|a continuación|sotto|di seguito|in rosso|in blu|abaixo|em vermelho|em azul|hieronder|onder|in het rood|in rood|nedan|i rött|nedenfor|herunder|med rødt|alla|punaisella|poniżej|na czerwono|níže|červeně|nižšie|lent|pirossal|mai jos|cu roșu|ниже|красным|в тексте|нижче|червоним|по-долу|παρακάτω|κόκκινο|aşağıda|kırmızı|למטה|בהמשך|באדום|أدناه|بالأحمر|زیر|قرمز|下記|以下|赤字|下面|如下|红色|紅色|아래|빨간|bên dưới|màu đỏ|di bawah|merah|ด้านล่าง|สีแดง"
);

/// Phrases that say both. "See below" is none: whoever passes a mail on says so too, and on a ticket answers show anyway.
const BOTH: &[&str] = list!(
    "siehe rot|siehe blau|siehe grün|see red|see the red|see blue|see green|input below|inputs below|unten in den text|in den text geschrieben|marked yellow|marked in yellow|highlighted in|gelb markiert|surligné en|resaltado en|evidenziato in|voir en rouge|voir en bleu|dans votre texte"
);

/// A line that says it alone.
const ALONE: &[&str] = list!("inline|in-line|in line");

/// Whether the few lines above a message say that the answers are inside it.
pub(super) fn is_announced<'a>(above: impl Iterator<Item = &'a str>) -> bool {
    let mut text = String::new();
    for (count, line) in above.map(bare).filter(|l| !l.is_empty()).enumerate() {
        if count >= LINES || text.len() + line.len() > OCTETS {
            return false;
        }
        text.push_str(&line.to_lowercase());
        text.push(' ');
    }
    let searched = Searched::new(&text);
    let both = || BOTH.iter().any(|phrase| searched.has(phrase) && has_phrase(&text, phrase));
    searched.has_any(ANSWERS) && searched.has_any(PLACES) || both() || is_alone(&text)
}

/// Whether words stand in a text with nothing grown to them.
fn has_phrase(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let behind = text.get(at + phrase.len()..).and_then(|t| t.chars().next());
        ![before, behind].into_iter().flatten().any(char::is_alphanumeric)
    })
}

/// Whether a text is such a line and nothing else.
fn is_alone(text: &str) -> bool {
    let said = text.trim_matches(|c: char| !c.is_alphanumeric());
    ALONE.contains(&said)
}
