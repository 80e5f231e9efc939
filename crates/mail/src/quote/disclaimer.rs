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

/// What to do when it went astray, and what not to do with it.
const ASTRAY: &[&str] = list!(
    "in error|by mistake|notify the sender|delete it|delete this|destroy|unauthori|strictly prohibited|any disclosure|copying|irrtümlich|versehentlich|vernichten|löschen|informieren sie|unbefugt|par erreur|détruire|supprimer|informer l'expéditeur|toute utilisation|por error|elimin|bórr|prohibid|per errore|distrugg|cancell|vietat|por engano|por erro|apag|proibid|ten onrechte|per abuis|verwijderen|vernietigen|av misstag|raderas|radera|ved en fejl|slette|slett|ved en feil|virheellisesti|poistaa|omyłkow|pomyłk|usunąć|usunięcie|zabronion|omylem|smažte|vymažte|zakázán|tévedésből|törölje|din greșeală|din greşeală|ștergeți|ştergeţi|по ошибке|удалите|удалить|запрещ|помилково|видал|по погрешка|изтрий|κατά λάθος|διαγρά|yanlışlıkla|siliniz|בטעות|מחק|بالخطأ|حذف|اشتباه|誤って|削除|破棄|误收|誤收|删除|刪除|실수로|삭제|nhầm|xóa|kesalahan|hapus|โดยผิดพลาด|ลบ"
);

/// What they speak of.
const MESSAGE: &[&str] = list!(
    "this e-mail|this email|this message|this communication|this transmission|this mail|e-mail and any|email and any|diese e-mail|diese nachricht|diese mail|dieser e-mail|dieser nachricht|ce message|cet e-mail|ce courriel|ce mail|este mensaje|este correo|este e-mail|questo messaggio|questa e-mail|questa mail|esta mensagem|dit bericht|deze e-mail|detta meddelande|detta mejl|denna e-post|denne e-mail|denne meddelelse|denne e-post|tämä viesti|tämä sähköposti|niniejsza wiadomość|ta wiadomość|wiadomość ta|tato zpráva|tento e-mail|táto správa|ez az üzenet|ez az e-mail|acest mesaj|acest e-mail|это сообщение|данное сообщение|настоящее сообщение|это письмо|данное письмо|цей лист|це повідомлення|това съобщение|το μήνυμα|το παρόν|bu e-posta|bu mesaj|bu ileti|הודעה זו|מסר זה|هذه الرسالة|هذا البريد|این پیام|این ایمیل|本メール|このメール|此邮件|本邮件|此郵件|本郵件|이 메일|본 메일|이 이메일|thư này|email này|pesan ini|email ini|surel ini|อีเมลนี้|ข้อความนี้"
);

/// Pleas that stand beside disclaimers.
const PLEAS: &[&str] = list!(
    "please consider the environment before printing|think before you print|bitte denken sie an die umwelt, bevor|bitte prüfen sie, ob diese mail wirklich ausgedruckt|pensez à l'environnement avant d'imprimer|antes de imprimir este|prima di stampare|denk aan het milieu voordat|tänk på miljön innan|this email has been scanned|this message has been scanned|virus-free.|virenfrei.|this email originated from outside|die organisation hat ihren sitz"
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
    let searched = Searched::new(&lower);
    let says = |list: &[&str]| searched.has_any(list);
    if length <= 240 && PLEAS.iter().any(|p| lower.starts_with(p)) {
        return true;
    }
    let long = length >= if dense { DENSE_CHARS } else { CHARS };
    long && says(MESSAGE) && says(CONFIDENTIAL) && (says(MEANT) || says(ASTRAY))
}
