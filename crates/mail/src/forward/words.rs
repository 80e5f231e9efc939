//! What mail programs write when they forward, in the languages they speak. Field names and separators that answers have too
//! stand in the tables of `quote`.

use crate::quote::phrases::HeaderField;
use crate::subject;

/// What the first prefix of a subject says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// That it is a forward.
    Forward,
    /// That it is an answer.
    Reply,
    /// One or the other: `VS:` is Finnish for an answer, Danish and Norwegian for a forward.
    Either,
    /// Nothing.
    Nothing,
}

/// Prefixes of forwards, lower case; every other one of `subject` is an answer's.
const FORWARD: [&str; 29] = [
    "fw",
    "fwd",
    "wg", // German
    "tr", // French
    "rv", // Spanish
    "reenv",
    "enc", // Portuguese
    "i",   // Italian
    "inoltro",
    "doorst", // Dutch
    "vb",     // Swedish
    "vl",     // Finnish
    "fs",     // Icelandic
    "pd",     // Polish
    "ilt",    // Turkish
    "i\u{307}lt",
    "továbbítás",  // Hungarian
    "yml",         // Welsh
    "trs",         // Indonesian
    "πρθ",         // Greek
    "пересл",      // Russian, Ukrainian
    "הועבר",       // Hebrew
    "إعادة توجيه", // Arabic
    "转发",
    "轉寄",
    "轉發",
    "転送",
    "전달",
    "chuyển tiếp",
];

/// Prefixes that only say what it is about, lower case.
const ABOUT: [&str; 6] = ["betr", "ref", "réf", "rif", "ang", "σχετ"];

/// What the subject says. A tag or a list's name may stand before the prefix.
pub(super) fn says(subject: &str) -> Says {
    let mut text = subject.trim_start();
    for _ in 0..3 {
        match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((_, rest)) => text = rest.trim_start(),
            None => break,
        }
    }
    match subject::prefix(text) {
        Some((word, _)) if FORWARD.contains(&word.as_str()) => Says::Forward,
        Some((word, _)) if ABOUT.contains(&word.as_str()) => Says::Nothing,
        Some((word, _)) if word == "vs" => Says::Either,
        Some(_) => Says::Reply,
        None => Says::Nothing,
    }
}

/// Lines that stand above a forwarded mail and nowhere else, lower case, without the dashes around them.
const MARKERS: [&str; 78] = [
    "forwarded message",
    "forwarded by",
    "begin forwarded message",
    "begin forward message",
    "start of forwarded message",
    "weitergeleitete nachricht",
    "weitergeleitet von",
    "anfang der weitergeleiteten",
    "message transféré",
    "courriel transféré",
    "message transmis",
    "transféré par",
    "début du message transféré",
    "début du message réexpédié",
    "mensaje reenviado",
    "inicio del mensaje reenviado",
    "remitido por",
    "reenviado por",
    "missatge reenviat",
    "messaggio inoltrato",
    "inizio messaggio inoltrato",
    "inizio del messaggio inoltrato",
    "inoltrato da",
    "mensagem encaminhada",
    "mensagem reencaminhada",
    "início da mensagem encaminhada",
    "início da mensagem reencaminhada",
    "encaminhado por",
    "doorgestuurd bericht",
    "begin doorgestuurd bericht",
    "begin van doorgestuurd bericht",
    "doorgestuurd door",
    "vidarebefordrat meddelande",
    "vidarebefordrat brev",
    "vidarebefordrat av",
    "videresendt meddelelse",
    "videresendt besked",
    "start på videresendt besked",
    "videresendt melding",
    "videresendt af",
    "edelleenlähetetty viesti",
    "välitetty viesti",
    "áframsent skeyti",
    "treść przekazanej wiadomości",
    "wiadomość przekazana",
    "przekazana wiadomość",
    "początek przekazywanej wiadomości",
    "přeposlaná zpráva",
    "přeposlaný e-mail",
    "začátek přeposílané zprávy",
    "preposlaná správa",
    "začiatok preposlanej správy",
    "továbbított üzenet",
    "továbbított levél",
    "mesaj redirecționat",
    "mesaj înaintat",
    "mesaj transmis mai departe",
    "iletilen ileti",
    "iletilmiş ileti",
    "yönlendirilmiş ileti",
    "yönlendirilen mesaj",
    "пересылаемое сообщение",
    "перенаправленное сообщение",
    "начало переадресованного сообщения",
    "начало переадресуемого сообщения",
    "переслане повідомлення",
    "початок листа, що пересилається",
    "препратено съобщение",
    "προωθημένο μήνυμα",
    "έναρξη προωθημένου μηνύματος",
    "הודעה שהועברה",
    "رسالة معاد توجيهها",
    "转发的邮件",
    "转发邮件信息",
    "开始转发的邮件",
    "下面是被转发的邮件",
    "轉寄的郵件",
    "開始轉寄郵件",
];

/// More of the same, of the East.
const MARKERS_EAST: [&str; 9] = [
    "轉寄郵件",
    "转发的消息",
    "開始轉寄訊息",
    "転送メッセージ",
    "転送されたメッセージ",
    "転送メール",
    "전달된 메시지",
    "전달된 메일",
    "thư được chuyển tiếp",
];

/// Whether a line says that a forwarded mail begins here: those words between dashes, or alone with a colon.
pub(super) fn is_marker(line: &str) -> bool {
    let dashed = ["--", "==", "__", "—", "–"].iter().any(|d| line.starts_with(d));
    if line.len() > 300 || !dashed && !line.ends_with([':', '：']) {
        return false;
    }
    let inner = line.trim_matches(['-', '_', '=', '*', ' ', '\u{a0}', '—', '–']).to_lowercase();
    let says = MARKERS.iter().chain(&MARKERS_EAST).any(|m| inner.starts_with(m));
    // A sentence may begin so and end with a colon; a line of a mail program is short.
    says && (dashed || inner.chars().count() <= 50)
}

/// Field names beyond those of `quote`, lower case.
const FIELDS: [(HeaderField, &[&str]); 4] = [
    (
        HeaderField::From,
        &[
            "от кого",
            "mittente",
            "remitente",
            "remetente",
            "avsändare",
            "afsender",
            "avsender",
            "odosielateľ",
            "expeditor",
            "pošiljatelj",
            "người gửi",
            "发信人",
            "发送人",
            "寄件人",
            "送信元",
            "보낸사람",
            "보낸이",
            "absender",
            "desde",
        ],
    ),
    (
        HeaderField::Date,
        &[
            "发送日期",
            "發送日期",
            "寄送日期",
            "보낸날짜",
            "보낸시간",
            "wysłane",
            "data wysłania",
            "enviada",
            "tarix",
            "날짜와 시간",
        ],
    ),
    (HeaderField::To, &["받는사람", "받는이", "destinatario", "destinataire", "destinatário", "empfänger", "ontvanger"]),
    (HeaderField::Subject, &["标题", "標題", "onderwerp", "sujet", "título", "titolo", "titel"]),
];

/// A field's name as tables have it: lower case, single spaces, no stars.
pub(super) fn label(name: &str) -> String {
    name.trim_matches(['*', ' ', '\u{a0}', '_', '|']).to_lowercase()
}

/// The field of that name.
pub(super) fn field(label: &str) -> Option<HeaderField> {
    FIELDS.iter().find(|(_, names)| names.contains(&label)).map(|(field, _)| *field)
}

/// Between the agent who sent a mail and who wrote it, lower case.
const ON_BEHALF: [&str; 12] = [
    " on behalf of ",
    " im auftrag von ",
    " de la part de ",
    " en nombre de ",
    " per conto di ",
    " em nome de ",
    " namens ",
    " för ",
    " på vegne af ",
    " på vegne av ",
    " w imieniu ",
    " от имени ",
];

/// The part of a From line that names who wrote it: behind the words for "on behalf of", else all of it.
pub(super) fn principal(value: &str) -> &str {
    // ASCII only, so that places in one are places in the other.
    let lower = value.to_lowercase();
    if lower.len() != value.len() {
        return value;
    }
    let behind = ON_BEHALF.iter().filter_map(|words| lower.rfind(words).map(|at| at + words.len())).max();
    behind.and_then(|at| value.get(at..)).unwrap_or(value)
}
