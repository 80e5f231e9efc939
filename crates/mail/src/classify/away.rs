//! Subjects of out-of-office answers, as mail systems write them in the languages they speak. They say *which* kind of
//! automatic mail it is; that it is automatic must be known from elsewhere, for people write such subjects, too (D1).

use crate::message::Message;

/// Beginnings of subjects, lower case.
const SUBJECTS: [&str; 62] = [
    "automatic reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "[auto-reply]",
    "auto response",
    "autoresponse",
    "auto:",
    "out of office",
    "out of the office",
    "away from",
    "vacation",
    "automatische antwort",
    "abwesenheit",
    "abwesend",
    "nicht im büro",
    "réponse automatique",
    "reponse automatique",
    "absence du bureau",
    "absent du bureau",
    "message d'absence",
    "respuesta automática",
    "respuesta automatica",
    "fuera de la oficina",
    "resposta automàtica",
    "risposta automatica",
    "fuori sede",
    "fuori ufficio",
    "resposta automática",
    "ausência",
    "automatisch antwoord",
    "afwezig",
    "autosvar",
    "automatiskt svar",
    "automatisk svar",
    "frånvaro",
    "fravær",
    "automaattinen vastaus",
    "odpowiedź automatyczna",
    "automatyczna odpowiedź",
    "automatická odpověď",
    "automatická odpoveď",
    "automatikus válasz",
    "răspuns automat",
    "автоматический ответ",
    "автоответ",
    "автоматична відповідь",
    "автоматичен отговор",
    "automatski odgovor",
    "samodejni odgovor",
    "automatinis atsakymas",
    "otomatik yanıt",
    "αυτόματη απάντηση",
    "מענה אוטומטי",
    "תשובה אוטומטית",
    "رد تلقائي",
    "自動応答",
    "不在通知",
    "自动答复",
    "自动回复",
    "自動回覆",
    "자동 회신",
];

/// Whether the subject is that of an out-of-office answer.
pub(super) fn is_subject(message: &Message) -> bool {
    let lower = message.subject.to_lowercase();
    SUBJECTS.iter().any(|phrase| lower.starts_with(phrase))
}

/// Whether the message answers another.
pub(super) fn is_answer(message: &Message) -> bool {
    !message.in_reply_to.is_empty() || !message.references.is_empty()
}
