//! What happened to a ticket, as people tell it, in their language: for answers and notices by mail. The history's own words are for the
//! program; here a link is no `has-member`, and a time no `2026-12-01T23:59:59Z`.

use jiff::Timestamp;

/// A language, by its place in the lists below; English stands for every other.
const LANGUAGES: [&str; 4] = ["en", "de", "fr", "es"];

/// A word or phrase in each of [`LANGUAGES`].
type Words = [&'static str; 4];

/// What a language calls things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Teller(usize);

/// What the fields of the history are called; one that is not here keeps its name.
const FIELDS: &[(&str, Words)] = &[
    ("status", ["status", "Status", "statut", "estado"]),
    ("owner", ["owner", "zuständig", "responsable", "responsable"]),
    ("subject", ["subject", "Betreff", "objet", "asunto"]),
    ("queue", ["queue", "Queue", "file", "cola"]),
    ("priority", ["priority", "Priorität", "priorité", "prioridad"]),
    ("final_priority", ["final priority", "Priorität am Ende", "priorité finale", "prioridad final"]),
    ("due", ["due", "fällig", "échéance", "vencimiento"]),
    ("starts", ["starts", "beginnt", "début prévu", "comienzo previsto"]),
    ("wakes", ["waits until", "wartet bis", "attend jusqu'au", "espera hasta"]),
    ("started", ["started", "begonnen", "commencé", "comenzado"]),
    ("told", ["last answer", "zuletzt geantwortet", "dernière réponse", "última respuesta"]),
    ("resolved", ["resolved", "erledigt", "résolu", "resuelto"]),
    ("requestors", ["requestor", "Anfrage von", "demandeur", "solicitante"]),
    ("cc", ["Cc", "Cc", "Cc", "Cc"]),
    ("admincc", ["AdminCc", "AdminCc", "AdminCc", "AdminCc"]),
    ("squelch", ["no mail to", "keine Mail an", "pas de message à", "sin correo a"]),
    ("time_worked", ["time worked", "Arbeitszeit", "temps passé", "tiempo trabajado"]),
    ("time_for", ["minutes of", "Minuten von", "minutes de", "minutos de"]),
    ("time_estimated", ["estimated", "geschätzt", "estimé", "estimado"]),
    ("time_left", ["time left", "verbleibend", "temps restant", "tiempo restante"]),
    ("tags", ["tag", "Schlagwort", "étiquette", "etiqueta"]),
    ("link", ["link", "Verknüpfung", "lien", "enlace"]),
    ("approvers", ["approval asked of", "Zustimmung erbeten von", "accord demandé à", "aprobación pedida a"]),
    ("approval", ["approval", "Zustimmung", "accord", "aprobación"]),
    ("merged_into", ["merged into", "aufgegangen in", "fusionné dans", "unido a"]),
    ("merged", ["merged into this", "hierin aufgegangen", "fusionné dans celui-ci", "unido a este"]),
];

/// Links, by the words of the history.
const LINKS: &[(&str, Words)] = &[
    ("depends-on", ["depends on", "hängt ab von", "dépend de", "depende de"]),
    ("depended-on-by", ["blocks", "blockiert", "bloque", "bloquea"]),
    ("member-of", ["is part of", "ist Teil von", "fait partie de", "forma parte de"]),
    ("has-member", ["has the part", "hat den Teil", "a pour partie", "tiene la parte"]),
    ("refers-to", ["refers to", "verweist auf", "renvoie à", "se refiere a"]),
    ("referred-to-by", ["is referred to by", "darauf verweist", "est cité par", "es citado por"]),
];

/// What an entry is.
const KINDS: &[(&str, Words)] = &[
    ("create", ["opened the ticket", "hat das Ticket eröffnet", "a ouvert le ticket", "abrió el ticket"]),
    ("correspond", ["wrote", "schrieb", "a écrit", "escribió"]),
    ("comment", ["commented", "hat kommentiert", "a commenté", "comentó"]),
    ("change", ["changed the ticket", "hat das Ticket geändert", "a modifié le ticket", "cambió el ticket"]),
    ("note", ["noted", "hat vermerkt", "a noté", "anotó"]),
];

/// Events that are told in words of their own; `{}` is the value.
const EVENTS: &[(&str, Words)] = &[
    ("forward", ["forwarded to {}", "weitergeleitet an {}", "transmis à {}", "reenviado a {}"]),
    ("undo", ["took back {}", "{} zurückgenommen", "{} annulé", "deshecho: {}"]),
    ("override", ["done all the same: {}", "trotzdem getan: {}", "fait malgré tout : {}", "hecho de todos modos: {}"]),
    (
        "outsider",
        ["from an outsider: {}", "von einem Außenstehenden: {}", "d'une personne extérieure : {}", "de alguien ajeno: {}"],
    ),
    ("approved", ["let in entry {}", "Eintrag {} eingelassen", "entrée {} admise", "entrada {} admitida"]),
    ("submitted_by", ["submitted by {}", "eingereicht von {}", "transmis par {}", "presentado por {}"]),
    ("original", ["their mail is <{}>", "deren Mail ist <{}>", "leur message est <{}>", "su mensaje es <{}>"]),
    (
        "freed",
        [
            "{} is done: nothing that it waits for is left",
            "{} ist erledigt: es wartet auf nichts mehr",
            "{} est terminé : il n'attend plus rien",
            "{} está terminado: ya no espera nada",
        ],
    ),
    (
        "parts_done",
        [
            "{} is done: all its parts are",
            "{} ist erledigt: alle seine Teile sind es",
            "{} est terminé : toutes ses parties le sont",
            "{} está terminado: todas sus partes lo están",
        ],
    ),
    ("charset", ["read again as {}", "neu gelesen als {}", "relu en {}", "leído de nuevo como {}"]),
];

const NOTHING: Words = ["none", "nichts", "rien", "nada"];
const NOBODY: Words = ["nobody", "niemand", "personne", "nadie"];
const COUNTS_NO_MORE: Words = ["counts no more", "zählt nicht mehr", "ne compte plus", "ya no cuenta"];
const YES: Words = ["yes", "ja", "oui", "sí"];
const NO: Words = ["no", "nein", "non", "no"];
const INTERNAL: Words = ["internal", "intern", "interne", "interno"];
const SYSTEM: Words = ["the system", "das System", "le système", "el sistema"];
const ENTRY: Words = ["entry", "Eintrag", "entrée", "entrada"];
const NO_TICKETS: Words = ["no tickets", "keine Tickets", "aucun ticket", "ningún ticket"];
const EARLIER: Words = [
    "… {} earlier entries: write {} to read on",
    "… {} frühere Einträge: schreiben Sie {}, um weiterzulesen",
    "… {} entrées antérieures : écrivez {} pour lire la suite",
    "… {} entradas anteriores: escriba {} para seguir leyendo",
];
const NEWEST_TICKETS: Words = [
    "… these are the first {}: say more of what you look for",
    "… das sind die ersten {}: sagen Sie genauer, was Sie suchen",
    "… ce sont les {} premiers : précisez ce que vous cherchez",
    "… estos son los primeros {}: diga con más detalle qué busca",
];
const CUT: Words = [
    "… the rest of this text is left out",
    "… der Rest dieses Textes fehlt hier",
    "… le reste de ce texte est omis",
    "… se omite el resto de este texto",
];
const ANSWERED: Words = ["answered above", "oben beantwortet", "répondu plus haut", "respondido más arriba"];
const TOO_MUCH: Words = [
    "not answered, because the answers above are as much as one mail tells: ask it in another mail",
    "nicht beantwortet, weil eine Mail nicht mehr als das Obige sagt: fragen Sie es in einer anderen Mail",
    "sans réponse, car un message n'en dit pas plus que ce qui précède : demandez-le dans un autre message",
    "sin respuesta, porque un mensaje no dice más que lo anterior: pregúntelo en otro mensaje",
];
const MINUTES: &str = "min";

/// Things that an answer names besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// Nobody.
    Nobody,
    /// The program itself.
    System,
    /// What customers do not see.
    Internal,
    /// An entry of the history.
    Entry,
    /// A list without any.
    NoTickets,
    /// Where a text was cut off.
    Cut,
    /// A question that was asked before.
    Answered,
    /// A question for which there is no room.
    TooMuch,
}

impl Teller {
    /// Who tells it in a language; `de-AT` is content with `de`.
    pub fn of(language: &str) -> Self {
        let general = language.split(['-', '_']).next().unwrap_or_default();
        Teller(LANGUAGES.iter().position(|known| known.eq_ignore_ascii_case(general)).unwrap_or(0))
    }

    fn say(self, words: &Words) -> &'static str {
        words.get(self.0).copied().unwrap_or_default()
    }

    fn find(self, table: &'static [(&'static str, Words)], word: &str) -> Option<&'static str> {
        table.iter().find(|(known, _)| *known == word).map(|(_, words)| self.say(words))
    }

    /// What a thing is called.
    pub fn thing(self, thing: Thing) -> &'static str {
        self.say(match thing {
            Thing::Nobody => &NOBODY,
            Thing::System => &SYSTEM,
            Thing::Internal => &INTERNAL,
            Thing::Entry => &ENTRY,
            Thing::NoTickets => &NO_TICKETS,
            Thing::Cut => &CUT,
            Thing::Answered => &ANSWERED,
            Thing::TooMuch => &TOO_MUCH,
        })
    }

    /// That so many entries stand before what is told, and how to read them.
    pub fn earlier(self, entries: u64, form: &str) -> String {
        self.say(&EARLIER).replacen("{}", &entries.to_string(), 1).replacen("{}", form, 1)
    }

    /// That a list ends after so many tickets.
    pub fn only(self, tickets: usize) -> String {
        self.say(&NEWEST_TICKETS).replacen("{}", &tickets.to_string(), 1)
    }

    /// The names by which the history knows fields and events, but for the site's own.
    pub fn fields() -> impl Iterator<Item = &'static str> {
        FIELDS.iter().chain(EVENTS).map(|(name, _)| *name)
    }

    /// What a field of the history is called.
    pub fn field(self, field: &str) -> &str {
        self.find(FIELDS, field).unwrap_or_else(|| field.strip_prefix("field.").unwrap_or(field))
    }

    /// What somebody did who wrote an entry of a kind.
    pub fn did(self, kind: &str) -> &str {
        self.find(KINDS, kind).unwrap_or(kind)
    }

    /// A change in words: `status: new -> open`, and of a list what came and went: `Cc: + clara@example.net`.
    pub fn change(self, field: &str, from: Option<&str>, to: Option<&str>) -> String {
        let value = |word: &str| self.value(field, word);
        if let (Some(phrase), Some(to)) = (self.find(EVENTS, field), to) {
            return phrase.replace("{}", &value(to));
        }
        let name = self.field(field);
        match (from, to) {
            (Some(from), None) if field == "approval" => format!("{name} {}: {}", self.say(&COUNTS_NO_MORE), value(from)),
            (_, Some(to)) if field == "approval" => format!("{name}: {}", value(to)),
            (None, Some(to)) if is_told_as_list(field) => format!("{name}: + {}", value(to)),
            (Some(from), None) if is_told_as_list(field) => format!("{name}: - {}", value(from)),
            _ => {
                let nothing = self.say(if field == "owner" { &NOBODY } else { &NOTHING });
                let word = |word: Option<&str>| word.map_or_else(|| nothing.to_owned(), value);
                format!("{name}: {} -> {}", word(from), word(to))
            }
        }
    }

    /// A value of a field in words.
    pub fn value(self, field: &str, word: &str) -> String {
        match field {
            "due" | "starts" | "wakes" | "started" | "told" | "resolved" => time(word).unwrap_or_else(|| word.to_owned()),
            "time_worked" | "time_estimated" | "time_left" => format!("{word} {MINUTES}"),
            "link" => match word.split_once(' ') {
                Some((kind, other)) => format!("{} {other}", self.find(LINKS, kind).unwrap_or(kind)),
                None => word.to_owned(),
            },
            "approval" => self.approval(word),
            "undo" => word.strip_prefix("entry ").map_or_else(|| word.to_owned(), |id| format!("{} {id}", self.say(&ENTRY))),
            _ => word.to_owned(),
        }
    }

    /// `anna: yes (authenticated) fine`.
    fn approval(self, said: &str) -> String {
        let parts = said.split_once(": ").and_then(|(who, rest)| rest.split_once(' ').map(|(word, rest)| (who, word, rest)));
        match parts {
            Some((who, "yes", rest)) => format!("{who}: {} {rest}", self.say(&YES)),
            Some((who, "no", rest)) => format!("{who}: {} {rest}", self.say(&NO)),
            _ => said.to_owned(),
        }
    }
}

/// A time of the history for people.
fn time(word: &str) -> Option<String> {
    let at: Timestamp = word.parse().ok()?;
    Some(at.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

/// Whether a value that comes or goes is told without the others. A site's own field may have one value or many: both read well so.
pub fn is_told_as_list(field: &str) -> bool {
    matches!(field, "requestors" | "cc" | "admincc" | "squelch" | "link" | "tags" | "time_for" | "approvers" | "merged")
        || field.starts_with("field.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b4_changes_are_told_in_four_languages() {
        let told = |language: &str, field: &str, from, to| Teller::of(language).change(field, from, to);
        for (field, from, to, english, german) in [
            ("status", Some("new"), Some("open"), "status: new -> open", "Status: new -> open"),
            ("owner", None, Some("anna"), "owner: nobody -> anna", "zuständig: niemand -> anna"),
            ("link", None, Some("has-member #1"), "link: + has the part #1", "Verknüpfung: + hat den Teil #1"),
            ("cc", Some("a@x.example"), None, "Cc: - a@x.example", "Cc: - a@x.example"),
            (
                "due",
                None,
                Some("2026-12-01T23:59:59Z"),
                "due: none -> 2026-12-01 23:59 UTC",
                "fällig: nichts -> 2026-12-01 23:59 UTC",
            ),
            ("time_worked", Some("0"), Some("20"), "time worked: 0 min -> 20 min", "Arbeitszeit: 0 min -> 20 min"),
            ("field.Customer", None, Some("ACME"), "Customer: + ACME", "Customer: + ACME"),
            ("undo", None, Some("entry 31"), "took back entry 31", "Eintrag 31 zurückgenommen"),
            (
                "approval",
                None,
                Some("otto: no (token) too dear"),
                "approval: otto: no (token) too dear",
                "Zustimmung: otto: nein (token) too dear",
            ),
            ("colour", Some("red"), None, "colour: red -> none", "colour: red -> nichts"),
        ] {
            assert_eq!((told("en", field, from, to).as_str(), told("de-AT", field, from, to).as_str()), (english, german));
        }
        assert_eq!((Teller::of("fr").did("create"), Teller::of("xx").did("create")), ("a ouvert le ticket", "opened the ticket"));
        for (name, words) in [FIELDS, LINKS, KINDS, EVENTS].into_iter().flatten() {
            assert!(words.iter().all(|word| !word.is_empty()), "{name}");
        }
    }
}
