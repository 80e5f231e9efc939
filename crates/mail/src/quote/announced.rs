//! "My answers stand between your lines": whoever says so answers inside a message that may have no marks.

use super::phrases::bare;

/// Lines of such an announcement.
const LINES: usize = 6;

/// Its octets.
const OCTETS: usize = 600;

/// Words for answers.
const ANSWERS: &str = "answer|comment|repl|respon|remark|notes|antwort|kommentar|anmerkung|réponse|répond|commentaire|respuesta|respond|comentario|rispost|commenti|resposta|antwoord|reactie|opmerking|svar|vastau|komment|odpowied|uwagi|odpověd|odpoved|válasz|răspuns|ответ|комментар|відповід|отговор|απαντ|yanıt|cevap|תשוב|תגוב|رد|إجاب|پاسخ|回答|回复|回覆|答复|答覆|返信|コメント|답변|답장|trả lời|jawaban|คำตอบ";

/// Words for the place.
const PLACES: &str = "below|inline|in-line|in line|between|in red|in blue|in green|in bold|in your text|in your mail|unten|zwischen|in rot|in blau|im text|rot markiert|ci-dessous|ci-après|en rouge|en bleu|dans le texte|entre les lignes|abajo|debajo|más abajo|en rojo|en azul|a continuación|sotto|di seguito|in rosso|in blu|abaixo|em vermelho|em azul|hieronder|onder|in het rood|in rood|nedan|i rött|nedenfor|herunder|med rødt|alla|punaisella|poniżej|na czerwono|níže|červeně|nižšie|lent|pirossal|mai jos|cu roșu|ниже|красным|в тексте|нижче|червоним|по-долу|παρακάτω|κόκκινο|aşağıda|kırmızı|למטה|בהמשך|באדום|أدناه|بالأحمر|زیر|قرمز|下記|以下|赤字|下面|如下|红色|紅色|아래|빨간|bên dưới|màu đỏ|di bawah|merah|ด้านล่าง|สีแดง";

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
    let says = |list: &str| list.split('|').any(|w| text.contains(w));
    says(ANSWERS) && says(PLACES)
}
