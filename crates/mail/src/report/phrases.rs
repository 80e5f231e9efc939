//! What mail systems write when they send mail back in a form of their own (A127). Asked only of mail that a daemon sent
//! or that has other signs of a program: a person may use every one of these words.

use super::Action;
use crate::lookup::Searched;

/// Subjects of failures, lower case.
const FAILURES: [&str; 75] = [
    "undeliver",
    "delivery status notification (failure)",
    "delivery failure",
    "delivery failed",
    "delivery has failed",
    "failure notice",
    "failed mail",
    "returned mail",
    "returned to sender",
    "returned due to",
    "mail delivery failed",
    "mail delivery failure",
    "mail delivery problem",
    "mail system error",
    "message delivery failure",
    "message status - undeliverable",
    "returning message to sender",
    "nondeliver",
    "non-deliver",
    "could not be delivered",
    "couldn't be delivered",
    "delivery notification: delivery has failed",
    "message you sent blocked",
    "permanent delivery failure",
    "permanent error",
    "rejected: ",
    "mailbox full",
    "mailbox is full",
    "unzustellbar",
    "nicht zustellbar",
    "nicht zugestellt",
    "nicht ausgeliefert",
    "non remis",
    "non distribuable",
    "non délivré",
    "échec de la remise",
    "échec de la distribution",
    "no se puede entregar",
    "no se pudo entregar",
    "no entregado",
    "mancato recapito",
    "non recapitabile",
    "impossibile recapitare",
    "não entregue",
    "não é possível entregar",
    "não foi possível entregar",
    "onbestelbaar",
    "niet te bezorgen",
    "kunde inte levereras",
    "det går inte att leverera",
    "kan ikke leveres",
    "kunne ikke leveres",
    "ei voi toimittaa",
    "toimitus epäonnistui",
    "niedostarcz",
    "nie można dostarczyć",
    "nedoručiteln",
    "nedoručiteľn",
    "kézbesíthetetlen",
    "imposibil de livrat",
    "не доставлен",
    "недоставлен",
    "невозможно доставить",
    "не удается доставить",
    "не удаётся доставить",
    "не вдалося доставити",
    "teslim edilem",
    "δεν παραδόθηκε",
    "配信不能",
    "配信できません",
    "无法传递",
    "無法傳遞",
    "退信",
    "배달되지 않음",
    "배달할 수 없음",
];

/// Subjects of delays, lower case.
const DELAYS: [&str; 19] = [
    "delivery status notification (delay)",
    "delayed mail",
    "delivery delayed",
    "delivery is delayed",
    "delivery delay",
    "warning: could not send",
    "warning: message",
    "still being retried",
    "message delayed",
    "verzögert",
    "verzögerung",
    "remise différée",
    "remise retardée",
    "entrega retrasada",
    "consegna ritardata",
    "bezorging vertraagd",
    "доставка отложена",
    "配信の遅延",
    "传递延迟",
];

/// How the text of a bounce begins, lower case, white space folded.
const FAILED_TEXT: [&str; 27] = [
    "hi. this is the qmail-send program",
    "this message was created automatically by mail delivery software",
    "had permanent fatal errors",
    "did not reach the following recipient",
    "delivery has failed to these recipients",
    "delivery to the following recipient failed",
    "delivery to the following recipients failed",
    "could not be delivered to",
    "could not be delivered to one or more",
    "couldn't be delivered to",
    "was not delivered to",
    "wasn't delivered to",
    "was undeliverable",
    "undeliverable to the following",
    "unable to deliver message to",
    "unable to deliver your message",
    "unable to deliver the message",
    "the following recipient(s) cannot be reached",
    "diagnostic information for administrators",
    "diagnoseinformationen für administratoren",
    "informations de diagnostic pour les administrateurs",
    "información de diagnóstico para los administradores",
    "informazioni di diagnostica per gli amministratori",
    "diagnostische gegevens voor beheerders",
    "диагностические сведения для администраторов",
    "管理者向けの診断情報",
    "供管理员使用的诊断信息",
];

/// How the text of a delay warning begins.
const DELAYED_TEXT: [&str; 7] = [
    "this is a warning message only",
    "you do not need to resend",
    "not yet been delivered",
    "has not been delivered yet",
    "delivery has been delayed",
    "delivery is delayed to these recipients",
    "will continue to be retried",
];

/// Subjects of read receipts, lower case: read, and deleted without being read.
const RECEIPTS: [&str; 32] = [
    "read:",
    "not read:",
    "read receipt:",
    "return receipt:",
    "return receipt (",
    "gelesen:",
    "ungelesen:",
    "nicht gelesen:",
    "lesebestätigung:",
    "empfangsbestätigung:",
    "lu:",
    "lu :",
    "non lu :",
    "leído:",
    "no leído:",
    "letto:",
    "non letto:",
    "lida:",
    "lido:",
    "não lida:",
    "gelezen:",
    "niet gelezen:",
    "läst:",
    "läst :",
    "læst:",
    "lest:",
    "luettu:",
    "przeczytane:",
    "přečteno:",
    "прочтено:",
    "開封済み:",
    "已读:",
];

/// What a subject says of a delivery, and whether it says so from its beginning.
pub(crate) fn delivery_subject(subject: &str) -> Option<(Action, bool)> {
    let lower = subject.to_lowercase();
    let subject = Searched::new(lower.trim_start_matches(|c: char| !c.is_alphanumeric()));
    let find = |table: &[&str]| table.iter().filter_map(|phrase| subject.find(phrase)).min();
    let delay = find(&DELAYS).map(|at| (Action::Delayed, at == 0));
    delay.or_else(|| find(&FAILURES).map(|at| (Action::Failed, at == 0)))
}

/// Whether a subject is that of a read receipt.
pub(crate) fn is_receipt_subject(subject: &str) -> bool {
    let lower = subject.to_lowercase().replace(['\u{a0}', '\u{202f}'], " ").replace('：', ":");
    RECEIPTS.iter().any(|phrase| lower.starts_with(phrase))
}

/// What the beginning of a text says of a delivery.
pub(crate) fn delivery_text(text: &str) -> Option<Action> {
    let head = text[..text.floor_char_boundary(4096)].to_lowercase().replace('\u{2019}', "'");
    let folded: Vec<&str> = head.split_whitespace().collect();
    let head = folded.join(" ");
    let head = Searched::new(&head);
    let says = |table: &[&str]| table.iter().any(|phrase| head.has(phrase));
    if says(&DELAYED_TEXT) {
        return Some(Action::Delayed);
    }
    says(&FAILED_TEXT).then_some(Action::Failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a127_subjects_of_bounces_in_many_languages() {
        for subject in [
            "Undeliverable: Hello",
            "Unzustellbar: Hallo",
            "Non remis : Bonjour",
            "No se puede entregar: Hola",
            "Onbestelbaar: Hallo",
            "Niet te bezorgen: Hallo",
            "Невозможно доставить: Привет",
            "Не удается доставить: Привет",
            "配信不能: こんにちは",
            "无法传递: 你好",
            "無法傳遞: 你好",
            "Não é possível entregar: Olá",
            "Niedostarczalne: Witam",
            "** Undelivered Mail Returned to Sender",
        ] {
            assert_eq!(delivery_subject(subject), Some((Action::Failed, true)), "{subject}");
        }
        assert_eq!(delivery_subject("Warning: message 1tB0a1-000Abc-2D delayed 24 hours"), Some((Action::Delayed, true)));
        assert_eq!(delivery_subject("Automatic reply: Undeliverable parcels"), Some((Action::Failed, false)));
        assert_eq!(delivery_subject("A parcel"), None);
    }

    #[test]
    fn a125_subjects_of_receipts() {
        for subject in
            ["Gelesen: Toner", "Lu\u{a0}: Toner", "LU : Toner", "Read: Toner", "已读: 墨粉", "Return Receipt (displayed) - Toner"]
        {
            assert!(is_receipt_subject(subject), "{subject}");
        }
        assert!(!is_receipt_subject("Ready: Toner") && !is_receipt_subject("Re: Read: Toner"));
    }
}
