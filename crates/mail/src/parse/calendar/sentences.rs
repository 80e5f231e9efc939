//! The sentences that calendar programs write into an answer, a table with one entry per language (A141). A sentence counts
//! as a whole: only a name, the event, and what was answered have their places in it.

use crate::lookup::list;

/// The sentences of one language, lower case, without quotation marks and the last full stop.
struct Tongue {
    /// `{did}`: what was answered.
    did: &'static [&'static str],
    /// `{it}`: to what.
    it: &'static [&'static str],
    /// The sentences. `{who}` is the name of somebody known, `{what}` the event.
    says: &'static [&'static str],
}

/// Names and the event, as they may stand in a sentence, lower case.
pub(super) struct Known<'a> {
    pub names: &'a [String],
    pub event: &'a str,
}

/// Whether a line, lower case and without quotation marks, is one of the sentences.
pub(super) fn is_sentence(line: &str, known: &Known<'_>) -> bool {
    let line = line.trim().trim_end_matches(['.', '。', ' ']);
    TONGUES.iter().any(|tongue| tongue.says.iter().any(|says| tongue.is(says, line, known)))
}

impl Tongue {
    /// Whether `rest` says a sentence. There are no more than four places in one.
    fn is(&self, says: &str, rest: &str, known: &Known<'_>) -> bool {
        let Some((literal, slot)) = says.split_once('{') else { return rest == says };
        let Some(rest) = rest.strip_prefix(literal) else { return false };
        let Some((slot, says)) = slot.split_once('}') else { return false };
        match slot {
            "who" => {
                known.names.iter().filter_map(|n| rest.strip_prefix(n.as_str())).any(|r| self.is(says, behind_name(r), known))
            }
            "what" => {
                let event = Some(known.event).filter(|e| !e.is_empty());
                event.and_then(|e| rest.strip_prefix(e)).is_some_and(|r| self.is(says, r, known))
            }
            "did" => self.did.iter().filter_map(|did| rest.strip_prefix(did)).any(|r| self.is(says, r, known)),
            "it" => self.it.iter().any(|it| self.is(&format!("{it}{says}"), rest, known)),
            _ => false,
        }
    }
}

/// What follows a name and what belongs to it: an address in brackets, or the rest of a name of Notes (`/Branch/DE`).
fn behind_name(rest: &str) -> &str {
    if rest.starts_with('/') {
        return rest.find(' ').and_then(|at| rest.get(at..)).unwrap_or_default();
    }
    for (open, close) in [(" (", ')'), (" <", '>')] {
        if let Some((inside, behind)) = rest.strip_prefix(open).and_then(|r| r.split_once(close))
            && inside.contains('@')
            && !inside.contains(char::is_whitespace)
        {
            return behind;
        }
    }
    rest
}

/// Every language.
static TONGUES: [Tongue; 23] = [
    // English
    Tongue {
        did: list!(
            "accepted|declined|tentatively accepted|provisionally accepted|accepts|declines|tentatively accepts|cancelled|canceled"
        ),
        it: list!(
            "this invitation|your invitation|the invitation|this event invitation|your event invitation|the event invitation|this meeting invitation|your meeting invitation|the meeting invitation|this meeting request|your meeting request|this meeting|the meeting|this event|the event|your invitation to {what}|the invitation to {what}|your invitation for {what}|your invitation to the event {what}|the invitation to the event {what}|the invitation to the following event:|the event {what}|the meeting {what}|{what}"
        ),
        says: list!(
            "{who} has {did} {it}|{who} {did} {it}|{who} has {did}|{who} {did}|{did}|{did}: {what}|tentative|tentative: {what}|{did} by {who}|meeting {did}|invitation {did}|yes, i will attend|no, i won't attend|no, i will not attend|i might attend|{who} will attend {it}|{who} will not attend {it}|{who} is attending {it}|{who} has replied maybe to {it}|{who} proposes a new time|{who} has proposed a new time|{who} has proposed a new time for {it}|new time proposed|new time proposed: {what}|{who} has delegated {it}|invitation from google calendar|view all guest info|you are receiving this courtesy email at the account {who} because you are an attendee of this event|you are receiving this email because you are subscribed to calendar notifications|reply for {who}"
        ),
    },
    // German
    Tongue {
        did: list!(
            "angenommen|abgelehnt|mit vorbehalt angenommen|unter vorbehalt angenommen|vorläufig angenommen|zugesagt|abgesagt|mit vorbehalt zugesagt|vorläufig zugesagt|mit vielleicht beantwortet"
        ),
        it: list!(
            "ihre einladung|die einladung|diese einladung|deine einladung|ihre termineinladung|die termineinladung|ihre besprechungsanfrage|die besprechungsanfrage|diese besprechung|die besprechung|ihre einladung zu {what}|die einladung zu {what}|ihre einladung zum termin {what}|die einladung zum termin {what}|den termin {what}|den termin|diesen termin|{what}"
        ),
        says: list!(
            "{who} hat {it} {did}|{who} hat {did}|einladung {did}|termin {did}|besprechung {did}|{did}|{did}: {what}|mit vorbehalt|mit vorbehalt: {what}|ja, ich nehme teil|nein, ich nehme nicht teil|ich nehme vielleicht teil|{who} nimmt {it} an|{who} lehnt {it} ab|{who} nimmt {it} vorläufig an|{who} schlägt eine neue zeit vor|{who} hat eine neue zeit vorgeschlagen|neue zeit vorgeschlagen|neue zeit vorgeschlagen: {what}|einladung von google kalender|alle gästeinformationen ansehen"
        ),
    },
    // French
    Tongue {
        did: list!("accepté|refusé|décliné|provisoirement accepté|accepté provisoirement"),
        it: list!(
            "cette invitation|votre invitation|l'invitation|votre invitation à {what}|l'invitation à {what}|l'événement {what}|cette réunion|la réunion {what}|{what}"
        ),
        says: list!(
            "{who} a {did} {it}|{who} a {did}|invitation acceptée|invitation refusée|{did}|{did}: {what}|{did} : {what}|provisoire|provisoire: {what}|provisoire : {what}|{who} a répondu peut-être à {it}|oui, je participerai|non, je ne participerai pas|{who} propose un nouvel horaire|{who} a proposé un nouvel horaire|invitation de google agenda"
        ),
    },
    // Spanish
    Tongue {
        did: list!("aceptado|rechazado|aceptado provisionalmente|aceptado tentativamente"),
        it: list!(
            "esta invitación|su invitación|tu invitación|la invitación|su invitación a {what}|la invitación a {what}|el evento {what}|esta reunión|{what}"
        ),
        says: list!(
            "{who} ha {did} {it}|{who} ha {did}|invitación aceptada|invitación rechazada|{did}|{did}: {what}|aceptada|rechazada|aceptada: {what}|rechazada: {what}|provisional|provisional: {what}|{who} ha respondido quizás a {it}|sí, asistiré|no, no asistiré|{who} ha propuesto una nueva hora|{who} propone una nueva hora|invitación de google calendar"
        ),
    },
    // Italian
    Tongue {
        did: list!("accettato|rifiutato|accettato provvisoriamente|provvisoriamente accettato"),
        it: list!(
            "questo invito|l'invito|il tuo invito|il suo invito|l'invito a {what}|il tuo invito a {what}|l'evento {what}|questa riunione|{what}"
        ),
        says: list!(
            "{who} ha {did} {it}|{who} ha {did}|invito {did}|{did}|{did}: {what}|accettata: {what}|rifiutata: {what}|provvisorio|provvisorio: {what}|{who} ha risposto forse a {it}|sì, parteciperò|no, non parteciperò|{who} ha proposto un nuovo orario|invito da google calendar"
        ),
    },
    // Portuguese
    Tongue {
        did: list!("aceitou|recusou|aceitou provisoriamente|rejeitou"),
        it: list!(
            "este convite|o convite|seu convite|o seu convite|o convite para {what}|seu convite para {what}|o evento {what}|esta reunião|{what}"
        ),
        says: list!(
            "{who} {did} {it}|{who} {did}|aceito|aceite|recusado|aceito: {what}|aceite: {what}|recusado: {what}|tentativo: {what}|convite aceito|convite aceite|convite recusado|{who} respondeu talvez a {it}|{who} propôs um novo horário"
        ),
    },
    // Dutch
    Tongue {
        did: list!("geaccepteerd|geweigerd|afgewezen|voorlopig geaccepteerd|onder voorbehoud geaccepteerd"),
        it: list!(
            "deze uitnodiging|uw uitnodiging|je uitnodiging|de uitnodiging|uw uitnodiging voor {what}|de uitnodiging voor {what}|deze vergadering|{what}"
        ),
        says: list!(
            "{who} heeft {it} {did}|{who} heeft {did}|uitnodiging {did}|{did}|{did}: {what}|voorlopig|voorlopig: {what}|ja, ik kom|nee, ik kom niet|{who} heeft een nieuwe tijd voorgesteld"
        ),
    },
    // Swedish
    Tongue {
        did: list!("accepterat|avböjt|tackat ja till|tackat nej till|tackat kanske till|preliminärt accepterat|godkänt"),
        it: list!(
            "inbjudan|denna inbjudan|den här inbjudan|din inbjudan|inbjudan till {what}|din inbjudan till {what}|mötet|{what}"
        ),
        says: list!(
            "{who} har {did} {it}|{who} har {did}|accepterat|accepterat: {what}|avböjt|avböjt: {what}|preliminärt: {what}|inbjudan accepterad|{who} har föreslagit en ny tid"
        ),
    },
    // Danish and Norwegian
    Tongue {
        did: list!(
            "accepteret|afvist|afslået|foreløbigt accepteret|godtatt|akseptert|avslått|avvist|takket ja til|takket nei til|foreløpig godtatt"
        ),
        it: list!(
            "invitationen|denne invitation|din invitation|invitasjonen|denne invitasjonen|invitasjonen din|invitationen til {what}|invitasjonen til {what}|mødet|møtet|{what}"
        ),
        says: list!(
            "{who} har {did} {it}|{who} har {did}|{did}|{did}: {what}|{who} har foreslået et nyt tidspunkt|{who} har foreslått et nytt tidspunkt"
        ),
    },
    // Finnish
    Tongue {
        did: list!("hyväksynyt|hylännyt|hyväksynyt alustavasti|alustavasti hyväksynyt"),
        it: list!("kutsun|tämän kutsun|kutsusi|tapahtumakutsusi|kokouskutsun|kutsun {what}|{what}"),
        says: list!(
            "{who} on {did} {it}|{who} {did} {it}|{who} hyväksyi {it}|{who} hylkäsi {it}|hyväksytty|hyväksytty: {what}|hylätty|hylätty: {what}|alustava: {what}|{who} on ehdottanut uutta aikaa"
        ),
    },
    // Polish
    Tongue {
        did: list!(
            "zaakceptował|zaakceptowała|zaakceptował(a)|odrzucił|odrzuciła|odrzucił(a)|wstępnie zaakceptował|wstępnie zaakceptowała|wstępnie zaakceptował(a)|przyjął|przyjęła"
        ),
        it: list!(
            "zaproszenie|to zaproszenie|twoje zaproszenie|zaproszenie na {what}|twoje zaproszenie na {what}|zaproszenie na wydarzenie {what}|wydarzenie {what}|{what}"
        ),
        says: list!(
            "{who} {did} {it}|{who} {did}|zaakceptowano|zaakceptowano: {what}|zaakceptowane: {what}|odrzucono|odrzucono: {what}|odrzucone: {what}|wstępna akceptacja: {what}|{who} zaproponował nowy termin|{who} zaproponowała nowy termin|{who} zaproponował(a) nowy termin"
        ),
    },
    // Czech and Slovak
    Tongue {
        did: list!(
            "přijal|přijala|přijal(a)|odmítl|odmítla|odmítl(a)|předběžně přijal|předběžně přijala|předběžně přijal(a)|prijal|prijala|prijal(a)|odmietol|odmietla|odmietol(la)|predbežne prijal|predbežne prijala"
        ),
        it: list!(
            "pozvánku|tuto pozvánku|vaši pozvánku|vaše pozvání|pozvání|túto pozvánku|vašu pozvánku|pozvánku na {what}|vaši pozvánku na {what}|vašu pozvánku na {what}|{what}"
        ),
        says: list!(
            "{who} {did} {it}|{who} {did}|přijato|přijato: {what}|odmítnuto|odmítnuto: {what}|předběžně: {what}|prijaté|prijaté: {what}|odmietnuté|odmietnuté: {what}|{who} navrhl nový čas|{who} navrhla nový čas|{who} navrhuje nový čas"
        ),
    },
    // Hungarian
    Tongue {
        did: list!("elfogadta|elutasította|feltételesen elfogadta|visszautasította"),
        it: list!("a meghívást|ezt a meghívást|a meghívását|az ön meghívását|a következő meghívást: {what}|{what}"),
        says: list!(
            "{who} {did} {it}|{who} {did}|elfogadva|elfogadva: {what}|elutasítva|elutasítva: {what}|feltételes: {what}|{who} új időpontot javasolt"
        ),
    },
    // Romanian
    Tongue {
        did: list!("acceptat|refuzat|acceptat provizoriu|acceptat cu titlu provizoriu"),
        it: list!("această invitație|invitația|invitația ta|invitația dvs|invitația la {what}|invitația ta la {what}|{what}"),
        says: list!("{who} a {did} {it}|{who} a {did}|{did}|{did}: {what}|{who} a propus o oră nouă"),
    },
    // Turkish
    Tongue {
        did: list!("kabul etti|reddetti|geçici olarak kabul etti"),
        it: list!("bu daveti|daveti|davetinizi|davetini|etkinlik davetinizi|{what} davetini|{what}"),
        says: list!(
            "{who} {it} {did}|{who} {did}|kabul edildi|kabul edildi: {what}|reddedildi|reddedildi: {what}|belirsiz: {what}|{who} yeni bir saat önerdi"
        ),
    },
    // Russian
    Tongue {
        did: list!(
            "принял|приняла|принял(а)|принял(-а)|отклонил|отклонила|отклонил(а)|отклонил(-а)|предварительно принял|предварительно приняла|предварительно принял(а)"
        ),
        it: list!(
            "приглашение|это приглашение|ваше приглашение|приглашение на {what}|ваше приглашение на {what}|приглашение на мероприятие {what}|{what}"
        ),
        says: list!(
            "{who} {did} {it}|{who} {did}|принято|принято: {what}|отклонено|отклонено: {what}|под вопросом: {what}|{who} предложил новое время|{who} предложила новое время|{who} предложил(а) новое время"
        ),
    },
    // Ukrainian
    Tongue {
        did: list!(
            "прийняв|прийняла|прийняв(-ла)|прийняв(ла)|відхилив|відхилила|відхилив(-ла)|відхилив(ла)|попередньо прийняв|попередньо прийняла"
        ),
        it: list!("запрошення|це запрошення|ваше запрошення|запрошення на {what}|ваше запрошення на {what}|{what}"),
        says: list!(
            "{who} {did} {it}|{who} {did}|прийнято|прийнято: {what}|відхилено|відхилено: {what}|{who} запропонував новий час|{who} запропонувала новий час"
        ),
    },
    // Greek
    Tongue {
        did: list!("αποδέχτηκε|αποδέχθηκε|απέρριψε|αποδέχτηκε προσωρινά"),
        it: list!("αυτήν την πρόσκληση|την πρόσκληση|την πρόσκλησή σας|την πρόσκληση για {what}|{what}"),
        says: list!(
            "{who} {did} {it}|{who} {did}|ο χρήστης {who} {did} {it}|έγινε αποδοχή: {what}|απορρίφθηκε: {what}|{who} πρότεινε νέα ώρα"
        ),
    },
    // Japanese
    Tongue {
        did: list!("承諾|辞退|仮承諾"),
        it: list!("招待|この招待|あなたの招待|会議の招待|{what}への招待|{what}"),
        says: list!(
            "{who}さんが{it}を{did}しました|{who} さんが{it}を{did}しました|{who} さんが {it} を{did}しました|{who}が{it}を{did}しました|{who}様が{it}を{did}しました|{did}しました|{did}済み|{did}済み: {what}|{did}済み : {what}|{did}: {what}|新しい時間の提案: {what}|{who} さんが新しい時間を提案しました|{who}さんが新しい時間を提案しました"
        ),
    },
    // Chinese
    Tongue {
        did: list!("接受|拒绝|拒絕|暂定接受|暫定接受|谢绝|暂时接受|暫時接受"),
        it: list!(
            "此邀请|您的邀请|该邀请|邀请|会议邀请|此邀請|您的邀請|該邀請|邀請|{what}的邀请|{what}的邀請|对{what}的邀请|{what}"
        ),
        says: list!(
            "{who} 已{did}{it}|{who}已{did}{it}|{who} {did}了{it}|{who}{did}了{it}|{who} 已{did} {it}|已{did}|已{did}: {what}|已{did}：{what}|{did}|暂定: {what}|{who} 提出了新时间|{who}提出了新时间|建议新时间: {what}"
        ),
    },
    // Korean
    Tongue {
        did: list!("수락|거절|미정으로 수락|임시 수락"),
        it: list!("초대를|이 초대를|귀하의 초대를|일정 초대를|회의 초대를|{what} 초대를|{what}"),
        says: list!(
            "{who}님이 {it} {did}했습니다|{who} 님이 {it} {did}했습니다|{who}님이 {it} {did}하였습니다|{who}님이 {did}했습니다|{did}|{did}됨|{did}됨: {what}|{did}: {what}"
        ),
    },
    // Arabic and Hebrew
    Tongue {
        did: list!("قبل|رفض|قبل مبدئيا|אישר|דחה|אישרה|דחתה|קיבל|קיבלה"),
        it: list!("هذه الدعوة|الدعوة|دعوتك|את ההזמנה|את הזמנתך|הזמנה זו|{what}"),
        says: list!(
            "{who} {did} {it}|{did} {who} {it}|لقد {did} {who} {it}|مقبول: {what}|مرفوض: {what}|התקבל: {what}|נדחה: {what}"
        ),
    },
    // Vietnamese and Indonesian
    Tongue {
        did: list!("đã chấp nhận|đã từ chối|tạm thời chấp nhận|telah menerima|menerima|telah menolak|menolak"),
        it: list!("lời mời này|lời mời của bạn|lời mời|undangan ini|undangan anda|undangan|undangan anda ke {what}|{what}"),
        says: list!(
            "{who} {did} {it}|{who} {did}|{did}|đã chấp nhận: {what}|đã từ chối: {what}|diterima: {what}|ditolak: {what}"
        ),
    },
];
