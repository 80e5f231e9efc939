//! Legal footers: "This message is confidential and meant for its recipient only ...". They speak of
//! the message, call it confidential, and say whom it is for or what to do when it went astray.

use super::prose;
use crate::lookup::{Searched, list};

/// Characters of a paragraph that may be one.
const CHARS: usize = 80;

/// Characters where a character is a word.
const DENSE_CHARS: usize = 30;

/// It is confidential.
const CONFIDENTIAL: &[&str] = list!(
    "confidential|privileged|proprietary information|vertraulich|rechtlich geschützte|confidentiel|confidenciales|confidencial|riservat|confidenzial|vertrouwelijk|konfidentiell|sekretess|fortrolig|luottamuksellis|luottamuksellinen|poufn|důvěrn|dôvern|bizalmas|confidențial|confidenţial|конфиденциальн|конфіденційн|поверителн|εμπιστευτικ|gizli|חסוי|סודי|سري|سرية|محرمانه|秘密|機密|机密|保密|기밀|bảo mật|rahasia|ความลับ"
);

/// Whom it is for.
const MEANT: &[&str] = list!(
    "intended recipient|intended only|intended solely|intended for|sole use|solely for the use|addressee|named above|bestimmt|adressat|vorgesehene empfänger|richtige adressat|destinataire|à l'attention exclusive|à l’attention exclusive|usage exclusif|destinatario|destinataria|uso exclusivo|esclusivamente|destinatari|destinatário|uitsluitend bestemd|geadresseerde|avsedd|adressaten|tiltænkt|modtager|beregnet|mottaker|tarkoitettu|vastaanottaja|adresat|przeznaczon|určen|příjemc|príjemc|címzett|destinatarul|destinat|адресат|предназначен|призначен|παραλήπτη|προορίζεται|alıcı|yetkili|מיועד|נמען|المرسل إليه|مخصص|گیرنده|受信者|宛先|收件人|收信人|수신인|수신자|người nhận|penerima|ผู้รับ"
);

/// It went astray.
const ASTRAY: &[&str] = list!(
    "in error|by mistake|irrtümlich|versehentlich|par erreur|por error|per errore|por engano|por erro|ten onrechte|per abuis|av misstag|ved en fejl|ved en feil|virheellisesti|omyłkow|pomyłk|omylem|tévedésből|din greșeală|din greşeală|по ошибке|помилково|по погрешка|κατά λάθος|yanlışlıkla|בטעות|بالخطأ|اشتباه|誤って|误收|誤收|실수로|nhầm|kesalahan|โดยผิดพลาด"
);

/// What nobody may do with it.
const FORBIDDEN: &[&str] = list!(
    "unauthori|strictly prohibited|any disclosure|copying|unbefugt|toute utilisation|prohibid|vietat|proibid|zabronion|zakázán|запрещ|untersagt|nicht gestattet|nicht erlaubt|interdit|förbjud|forbudt|kielletty|verboden|заборонен|забранен|απαγορεύ|yasak|אסור|محظور|ممنوع|禁止|금지|cấm|dilarang|ห้าม"
);

/// What to do with it then. People ask that of other things too.
const DELETE: &[&str] = list!(
    "notify the sender|delete it|delete this|destroy|vernichten|löschen|informieren sie|détruire|supprimer|informer l'expéditeur|elimin|bórr|distrugg|cancell|apag|verwijderen|vernietigen|raderas|radera|slette|slett|poistaa|usunąć|usunięcie|smažte|vymažte|törölje|ștergeți|ştergeţi|удалите|удалить|видал|изтрий|διαγρά|siliniz|מחק|حذف|削除|破棄|删除|刪除|삭제|xóa|hapus|ลบ"
);

/// What they speak of.
const MESSAGE: &[&str] = list!(
    "this e-mail|this email|this message|this communication|this transmission|this mail|e-mail and any|email and any|diese e-mail|diese nachricht|diese mail|dieser e-mail|dieser nachricht|ce message|cet e-mail|ce courriel|ce mail|este mensaje|este correo|este e-mail|questo messaggio|questa e-mail|questa mail|esta mensagem|dit bericht|deze e-mail|detta meddelande|detta mejl|denna e-post|denne e-mail|denne meddelelse|denne e-post|tämä viesti|tämä sähköposti|niniejsza wiadomość|ta wiadomość|wiadomość ta|tato zpráva|tento e-mail|táto správa|ez az üzenet|ez az e-mail|acest mesaj|acest e-mail|это сообщение|данное сообщение|настоящее сообщение|это письмо|данное письмо|цей лист|це повідомлення|това съобщение|το μήνυμα|το παρόν|bu e-posta|bu mesaj|bu ileti|הודעה זו|מסר זה|هذه الرسالة|هذا البريد|این پیام|این ایمیل|本メール|このメール|此邮件|本邮件|此郵件|本郵件|이 메일|본 메일|이 이메일|thư này|email này|pesan ini|email ini|surel ini|อีเมลนี้|ข้อความนี้"
);

/// How pleas and notes begin that stand beside disclaimers.
const PLEAS: &[&str] = list!(
    "please consider the environment before printing|think before you print|bitte denken sie an die umwelt, bevor|bitte prüfen sie, ob diese mail wirklich ausgedruckt|pensez à l'environnement avant d'imprimer|antes de imprimir este|prima di stampare|denk aan het milieu voordat|tänk på miljön innan|this email has been scanned|this message has been scanned|virus-free.|virenfrei.|this email originated from outside|die organisation hat ihren sitz"
);

/// The words that they go on with. Another word is somebody's own.
const PLEA_WORDS: &[&str] = list!(
    "this|e-mail|email|message|mail|or|and|its|any|attachment|attachments|unless|you|really|need|to|it|sie|diese|die|ausdrucken|drucken|ausgedruckt|werden|muss|ce|cet|courriel|mensaje|correo|piense|piensa|en|el|medio|ambiente|si|es|necesario|questa|questo|messaggio|pensa|pensate|all'ambiente|rispetta|l'ambiente|se|è|necessario|u|deze|dit|bericht|print|afdrukt|du|skriver|ut|detta|den|här|mejlet|mejl|e-posten|for|viruses|virus|malware|spam|by|the|is|be|has|been|believed|clean|dangerous|content|mailscanner|symantec|messagelabs|mimecast|avast|avg|eset|sophos|security|antivirus|software|service|of|your|our|organization|organisation|company|do|not|click|on|links|open|recognize|recognise|sender|know|safe|prüfen|in|berlin|http|https"
);

/// Characters of a plea.
const PLEA_CHARS: usize = 240;

/// Whoever asks: please.
const ORDERS: &[&str] = list!(
    "please|kindly|bitte|merci de|veuillez|prière|por favor|ruego|rogamos|rogado|si prega|per favore|preghiamo|pregati|alstublieft|gelieve|verzoek|vänligen|venligst|vennligst|prosimy|proszę|prosím|kérjük|kérem|vă rugăm|пожалуйста|просим|прошу|просьба|будь ласка|просимо|моля|παρακαλ|lütfen|בבקשה|יש ל|يرجى|الرجاء|لطفا|ください|下さい|お願い|请|請|바랍니다|주시|주세요|vui lòng|xin |mohon|harap|กรุณา|โปรด"
);

/// What an order of a disclaimer is about: the message, whoever sent it.
const OBJECTS: &[&str] = list!(
    "message|e-mail|email|this mail|the mail|communication|transmission|sender|nachricht|absender|mitteilung|diese mail|die mail|courriel|ce mail|expéditeur|mensaje|correo|remitente|messaggio|questa mail|mittente|mensagem|remetente|bericht|afzender|meddel|mejl|e-post|avsändar|afsender|avsender|viesti|sähköposti|lähettäj|wiadomo|nadawc|zpráv|odesílatel|odesilatel|správ|odosielate|üzenet|feladó|mesaj|expeditor|сообщени|письм|отправител|повідомл|відправник|съобщени|подател|μήνυμα|αποστολέα|e-posta|ileti|gönder|הודעה|מסר|שולח|رسالة|بريد|المرسل|پیام|ایمیل|فرستنده|メール|送信者|邮件|郵件|发件人|寄件人|메일|발신|thư|người gửi|pesan|surel|pengirim|ข้อความ|อีเมล|ผู้ส่ง"
);

/// What it is never about.
const THINGS: &[&str] = list!(
    "account|mailbox|password|user|server|archive|ticket|licen|access card|badge|benutzer|konto|konten|passwort|kennwort|postfach|zugang|karte|compte|utilisateur|mot de passe|accès|cuenta|usuario|contraseña|buzón|utente|casella|conta |senha|gebruiker|wachtwoord|användar|lösenord|bruger|adgangskode|bruker|passord|käyttäj|salasana|użytkownik|hasł|skrzynk|uživatel|schránk|hesl|felhasznál|jelsz|fiók|utilizator|parol|учетн|учётн|пользовател|парол|ящик|користувач|λογαριασμ|χρήστ|hesab|kullanıcı|şifre|חשבון|משתמש|سיסמ|حساب|مستخدم|アカウント|ユーザ|账户|帐户|用户|帳戶|계정|사용자|tài khoản|người dùng|akun|pengguna|บัญชี|ผู้ใช้"
);

/// What else their sentences speak of.
const LEGAL: &[&str] = list!(
    "disclaimer|notice|liabilit|liable|virus|views|opinions|disclos|dissemin|distribut|attachment|haftung|haften|meinung|weitergabe|vervielfältig|anhäng|anlagen|hinweis|responsab|pièce|diffusion|divulg|difusión|adjunt|allegat|diffusione|bijlage|aansprakelijk|bilag|bifog|ansvar|liitte|załącznik|odpowiedzialno|příloh|odpovědnost|príloh|melléklet|felelőss|atașament|вложени|ответственност|вкладенн|прикачен|συνημμέν|sorumlu|קבצים|المرفق|添付|附件|첨부|đính kèm|lampiran|ไฟล์แนบ"
);

/// Firms and laws, which have names and numbers.
const NAMED: &[&str] = list!(
    "limited|plc|corp|llc|llp| group|s.a.|s.p.a|s.r.l|b.v.|aktiengesellschaft|& co|gdpr|rgpd|dsgvo| act|regulation|directive|privacy|d.lgs|decreto|legge|§|art.|código|verordnung"
);

/// Endings of files' names.
const FILES: &[&str] = list!("pdf|doc|docx|xls|xlsx|ppt|pptx|zip|exe|txt|csv|png|jpg|jpeg|gif|eml|msg|html|htm|xml|json|log|iso");

/// Words by which German is known, whose nouns have capitals.
const GERMAN: &[&str] = list!("und|oder|nicht|für|ist|sind|wenn|sollten|bitte|werden|diese|dieser");

/// Words with a capital that are no names.
const CAPITALS: &[&str] = list!(
    "e-mail|email|e-mails|emails|mail|internet|sender|recipient|notice|disclaimer|company|lei|państwo|państwa|państwu|pan|pani|deres|dem|вы|вас|вам|ваш|вами|ваше|vás|vám|vous|önnek|you|sie|ihnen|ihr|ihre|ihrem"
);

/// Whoever speaks of himself writes no legal footer. Words that are others in another language are not here.
const FIRST_PERSON: &[&str] = list!("my|i'm|i’m|i've|ich|mein|meine|meinen|meiner|j'ai|yo|ik|mijn|jag|jeg|я|мой|моё|mój|moja");

/// What nobody asks of strangers.
const REQUESTS: &[&str] =
    list!("can you|could you|would you|können sie mir|könnten sie|pouvez-vous|pourriez-vous|from the ticket|this ticket");

/// Characters of a line within which a disclaimer has named the message or its secret.
const BEGINNING: usize = 80;

/// Whether a paragraph may hold one, which most paragraphs are told quickly that they do not. Of one that is too long to be
/// put together (it is empty here) nobody knows.
pub(super) fn is_possible(paragraph: &str) -> bool {
    if paragraph.is_empty() {
        return true;
    }
    let length = paragraph.chars().count();
    if length < 20 {
        return false;
    }
    let lower = paragraph.to_lowercase();
    let searched = Searched::new(&lower);
    let says = |list: &[&str]| searched.has_any(list);
    let long = length >= CHARS || length >= DENSE_CHARS && paragraph.chars().any(|c| c >= '\u{3000}');
    long && says(CONFIDENTIAL) || says(PLEAS)
}

/// Whether a line may be the first of one.
pub(super) fn begins(line: &str) -> bool {
    let lower: String = line.chars().take(BEGINNING).flat_map(char::to_lowercase).collect();
    let searched = Searched::new(&lower);
    [MESSAGE, CONFIDENTIAL, PLEAS].iter().any(|list| searched.has_any(list))
}

/// Whether a paragraph is the footer of a firm.
pub(super) fn is_disclaimer(paragraph: &str) -> bool {
    let dense = paragraph.chars().any(|c| c >= '\u{3000}');
    let length = paragraph.chars().count();
    if length < 20 {
        return false;
    }
    let lower = paragraph.to_lowercase();
    // Firms ask nothing, begin with a capital, and speak of nobody who says I.
    let asks = prose::asks(paragraph) || paragraph.starts_with(char::is_lowercase);
    // "I" is Italian for "the", and a numeral.
    let me = lower.contains("this ") && paragraph.split_whitespace().skip(1).any(|w| w == "I");
    if asks || me || prose::has_word(&lower, FIRST_PERSON) || prose::has_word(&lower, REQUESTS) {
        return false;
    }
    if length <= PLEA_CHARS && PLEAS.iter().any(|p| lower.starts_with(p)) && sentences(paragraph).all(is_plea) {
        return true;
    }
    let searched = Searched::new(&lower);
    let says = |list: &[&str]| searched.has_any(list);
    let long = length >= if dense { DENSE_CHARS } else { CHARS };
    let astray = || says(ASTRAY) || says(FORBIDDEN) || says(DELETE);
    long && says(MESSAGE) && says(CONFIDENTIAL) && (says(MEANT) || astray()) && sentences(paragraph).all(is_legal)
}

/// The sentences of a paragraph with what ends them; a colon or a semicolon ends one too.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let sentence = rest.get(..sentence_end(rest))?;
        rest = rest.get(sentence.len()..)?;
        (!sentence.is_empty()).then_some(sentence)
    })
    .filter(|sentence| sentence.contains(char::is_alphanumeric))
}

/// Where the first sentence of a text ends. A letter with a full stop is an abbreviation.
fn sentence_end(text: &str) -> usize {
    let mut letters = 0;
    for (at, c) in text.char_indices() {
        let behind = at + c.len_utf8();
        let apart = || text.get(behind..).and_then(|t| t.chars().next()).is_none_or(char::is_whitespace);
        if matches!(c, '。' | '！' | '：' | '；' | '।') || matches!(c, '.' | '!' | ':' | ';') && letters != 1 && apart() {
            return behind;
        }
        letters = if c.is_alphanumeric() { letters + 1 } else { 0 };
    }
    text.len()
}

/// Whether a sentence is a known plea from its beginning to its end.
fn is_plea(sentence: &str) -> bool {
    let lower = sentence.trim().to_lowercase();
    let rest = PLEAS.iter().find_map(|p| lower.strip_prefix(p)).unwrap_or(&lower);
    rest.split_whitespace().map(bare_word).all(|word| {
        let address = word.contains('.') && !is_file(word);
        word.is_empty() || address || PLEA_WORDS.contains(&word)
    })
}

/// Whether a sentence speaks of the message as disclaimers do, asks for nothing else, and names nobody and nothing.
fn is_legal(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    let searched = Searched::new(&lower);
    let says = |list: &[&str]| searched.has_any(list);
    let named = says(NAMED) || says(prose::FIRMS);
    let about = says(OBJECTS) || says(ASTRAY) || says(MEANT);
    if !(about || named || says(FORBIDDEN) || says(CONFIDENTIAL) || says(LEGAL) || says(PLEAS)) {
        return false;
    }
    let asks = says(ORDERS) || says(DELETE);
    if asks && (!about || says(THINGS)) || sentence.split_whitespace().any(|w| is_file(bare_word(w))) {
        return false;
    }
    named || !has_number(sentence) && !names_somebody(sentence, &lower)
}

fn bare_word(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

fn is_file(word: &str) -> bool {
    let ending = word.rsplit_once('.').filter(|(name, _)| !name.is_empty() && !name.contains(['/', '@']));
    ending.is_some_and(|(_, ending)| FILES.contains(&ending.to_ascii_lowercase().as_str()))
}

/// A number that is no part of an address and no telephone's.
fn has_number(sentence: &str) -> bool {
    let address = |w: &str| w.contains(['@', '/']) || w.starts_with(['+', '(']);
    sentence.split_whitespace().any(|w| w.contains(char::is_numeric) && !address(w))
}

/// A word with a capital within a sentence of a language whose nouns have none.
fn names_somebody(sentence: &str, lower: &str) -> bool {
    let is_name = |word: &str| {
        let capital = word.starts_with(char::is_uppercase) && word.contains(char::is_lowercase);
        capital && word.chars().count() > 2 && !CAPITALS.contains(&word.to_lowercase().as_str())
    };
    !prose::has_word(lower, GERMAN) && sentence.split_whitespace().skip(1).map(bare_word).any(is_name)
}
