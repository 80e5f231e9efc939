//! What mail clients write around the message they answer, in the languages they speak.

/// Verbs of attribution lines, lower case.
const WROTE: [&str; 46] = [
    "wrote",
    "writes",
    "schrieb",
    "a écrit",
    "écrit",
    "escribió",
    "escribio",
    "va escriure",
    "ha scritto",
    "scrisse",
    "escreveu",
    "schreef",
    "skrev",
    "skrifaði",
    "kirjoitti",
    "kirjutas",
    "napisał",
    "pisze",
    "napsal",
    "napísal",
    "napisao",
    "je napisal",
    "написал",
    "написала",
    "пишет",
    "писал",
    "написав",
    "пише",
    "написа",
    "yazdı",
    "yazmış",
    "írta",
    "a scris",
    "έγραψε",
    "כתב",
    "كتب",
    "نوشت",
    "写道",
    "寫道",
    "さんは書きました",
    "のメール",
    "님이 작성",
    "작성:",
    "viết",
    "menulis",
    "rašė",
];

/// How an attribution may begin when it is folded, lower case, besides dates and names before an address.
const BEGINS: [&str; 26] = [
    "on ",
    "am ",
    "le ",
    "el ",
    "il ",
    "em ",
    "op ",
    "den ",
    "dnia ",
    "w dniu ",
    "dne ",
    "dňa ",
    "ma ",
    "în ",
    "la ",
    "στις ",
    "пн",
    "вт",
    "ср",
    "чт",
    "пт",
    "сб",
    "вс",
    "at ",
    "vào ",
    "pada ",
];

/// Whether joined lines are an attribution.
pub(crate) fn is_attribution(joined: &str) -> bool {
    let lower = joined.trim().to_lowercase();
    let digits = lower.bytes().filter(u8::is_ascii_digit).count();
    let verb = WROTE.iter().any(|w| lower.contains(w));
    let address = lower.trim_end_matches([':', '：', ' ']).ends_with('>') && lower.contains('@');
    // A verb with a date, an address, or little else (`Anna wrote:`); or, as Gmail has it, a date and an address.
    verb && (digits >= 2 || lower.contains('@') || lower.len() <= 60) || address && digits >= 6
}

/// Whether a first line may be the beginning of a folded attribution.
pub(super) fn may_begin_attribution(line: &str) -> bool {
    if line.starts_with(|c: char| c.is_ascii_digit()) || line.contains(['<', '@']) {
        return true;
    }
    let lower = line[..line.floor_char_boundary(16)].to_lowercase();
    BEGINS.iter().any(|b| lower.starts_with(b))
}

/// Ends of attributions without a colon, or with a space before it.
pub(super) fn is_open_end(line: &str) -> bool {
    ["wrote", "a écrit", "写道", "schrieb"].iter().any(|e| line.ends_with(e))
}

/// `Original Message` and `Forwarded message` as clients write them between dashes, lower case.
const ORIGINAL: [&str; 48] = [
    "original message",
    "original appointment",
    "forwarded message",
    "forwarded by",
    "begin forwarded message",
    "reply message",
    "ursprüngliche nachricht",
    "originalnachricht",
    "original-nachricht",
    "weitergeleitete nachricht",
    "anfang der weitergeleiteten",
    "message d'origine",
    "message d’origine",
    "message original",
    "message transféré",
    "message initial",
    "début du message",
    "mensaje original",
    "mensaje reenviado",
    "missatge original",
    "messaggio originale",
    "messaggio inoltrato",
    "mensagem original",
    "mensagem encaminhada",
    "oorspronkelijk bericht",
    "origineel bericht",
    "doorgestuurd bericht",
    "ursprungligt meddelande",
    "ursprungsmeddelande",
    "vidarebefordrat",
    "oprindelig meddelelse",
    "opprinnelig melding",
    "alkuperäinen viesti",
    "wiadomość oryginalna",
    "wiadomość przekazana",
    "původní zpráva",
    "přeposlaná zpráva",
    "eredeti üzenet",
    "mesaj original",
    "orijinal mesaj",
    "özgün ileti",
    "исходное сообщение",
    "пересылаемое сообщение",
    "αρχικό μήνυμα",
    "原始邮件",
    "原始郵件",
    "元のメッセージ",
    "원본 메시지",
];

/// A separator that a client puts above an older message: the words between dashes, or alone with a colon.
pub(crate) fn is_original_message(line: &str) -> bool {
    // One dash is a list's bullet.
    let dashed = ["--", "__", "==", "—", "–"].iter().any(|d| line.starts_with(d));
    if line.len() > 200 || !dashed && !line.ends_with(':') {
        return false;
    }
    let inner = line.trim_matches(['-', '_', '=', '*', ' ', '\u{a0}', '—', '–']);
    let lower = inner.to_lowercase();
    let words = ORIGINAL.iter().any(|o| lower.starts_with(o));
    words && (dashed || lower.ends_with(':') && lower.len() <= 60)
}

/// The fields of a header block above an older message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HeaderField {
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

/// Field names of header blocks, lower case.
const FIELDS: [(HeaderField, &[&str]); 5] = [
    (
        HeaderField::From,
        &[
            "from",
            "von",
            "de",
            "da",
            "van",
            "från",
            "fra",
            "lähettäjä",
            "od",
            "feladó",
            "kimden",
            "gönderen",
            "от",
            "від",
            "από",
            "de la",
            "מאת",
            "من",
            "发件人",
            "寄件者",
            "差出人",
            "送信者",
            "보낸 사람",
            "dari",
            "từ",
            "expéditeur",
            "afzender",
            "nadawca",
            "odesílatel",
        ],
    ),
    (
        HeaderField::Date,
        &[
            "sent",
            "date",
            "gesendet",
            "datum",
            "envoyé",
            "enviado",
            "enviado el",
            "enviada em",
            "fecha",
            "data",
            "inviato",
            "verzonden",
            "skickat",
            "sendt",
            "dato",
            "lähetetty",
            "päiväys",
            "wysłano",
            "odesláno",
            "dátum",
            "küldve",
            "trimis",
            "gönderildi",
            "tarih",
            "отправлено",
            "дата",
            "надіслано",
            "ημερομηνία",
            "εστάλη",
            "נשלח",
            "תאריך",
            "تاريخ",
            "发送时间",
            "日期",
            "寄件日期",
            "送信日時",
            "日時",
            "날짜",
            "보낸 날짜",
            "tanggal",
            "ngày",
            "envoyé le",
            "gesendet am",
        ],
    ),
    (
        HeaderField::To,
        &[
            "to",
            "an",
            "à",
            "a",
            "para",
            "aan",
            "till",
            "til",
            "vastaanottaja",
            "do",
            "komu",
            "címzett",
            "către",
            "kime",
            "alıcı",
            "кому",
            "προς",
            "אל",
            "إلى",
            "收件人",
            "收件者",
            "宛先",
            "받는 사람",
            "kepada",
            "đến",
        ],
    ),
    (
        HeaderField::Cc,
        &["cc", "kopie", "kopia", "kopi", "kopio", "dw", "másolat", "копия", "копія", "κοιν", "抄送", "副本", "참조", "bilgi"],
    ),
    (
        HeaderField::Subject,
        &[
            "subject",
            "betreff",
            "objet",
            "asunto",
            "oggetto",
            "assunto",
            "onderwerp",
            "ämne",
            "emne",
            "aihe",
            "temat",
            "předmět",
            "predmet",
            "tárgy",
            "subiect",
            "konu",
            "тема",
            "θέμα",
            "נושא",
            "الموضوع",
            "主题",
            "主旨",
            "件名",
            "제목",
            "perihal",
            "chủ đề",
            "assumpte",
        ],
    ),
];

/// The field that a line of a header block is.
pub(crate) fn header_field(line: &str) -> Option<HeaderField> {
    let (colon, _) = line.char_indices().take(30).find(|(_, c)| matches!(c, ':' | '：'))?;
    let name = line[..colon].trim_matches(['*', ' ', '\u{a0}', '_']).to_lowercase();
    FIELDS.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(field, _)| *field)
}

/// How phones and web mailers sign, lower case.
const MOBILE: [&str; 40] = [
    "sent from my ",
    "sent from outlook",
    "sent from mail for",
    "sent from yahoo",
    "sent from proton",
    "sent via ",
    "sent with ",
    "get outlook for",
    "von meinem ",
    "gesendet von ",
    "gesendet mit ",
    "diese nachricht wurde von meinem",
    "holen sie sich outlook",
    "envoyé de mon ",
    "envoyé depuis ",
    "envoyé à partir de",
    "enviado desde ",
    "enviado do ",
    "enviado a partir",
    "obtener outlook",
    "inviato da ",
    "inviato dal mio",
    "verzonden vanaf ",
    "verstuurd vanaf ",
    "verstuurd met ",
    "skickat från ",
    "sendt fra ",
    "lähetetty ",
    "wysłane z ",
    "wysłano z ",
    "odesláno z ",
    "elküldve ",
    "trimis de pe ",
    "отправлено с ",
    "отправлено из ",
    "надіслано з ",
    "iphone'umdan ",
    "发自我的",
    "從我的",
    "iphoneから送信",
];

/// "Sent from my phone" in a line of its own.
pub(super) fn is_mobile_signature(line: &str) -> bool {
    let line = line.trim();
    line.len() <= 120 && {
        let lower = line.to_lowercase();
        MOBILE.iter().any(|m| lower.starts_with(m))
    }
}
