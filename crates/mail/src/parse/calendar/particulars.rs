//! Particulars of an event that programs repeat in an answer: when, where, who and what (A141). They count where they say no
//! more than what the calendar says, or what cannot be a person's sentence.

use super::Event;
use crate::lookup::list;
use jiff::civil::DateTime;

const WHEN: &[&str] = list!(
    "when|date|time|date and time|start|starts|end|ends|wann|zeit|datum|beginn|ende|quand|heure|date et heure|cuándo|cuando|hora|fecha|quando|data|ora|wanneer|tijd|när|tid|hvornår|når|tidspunkt|milloin|aika|kiedy|termin|kdy|kedy|čas|mikor|időpont|când|ne zaman|zaman|когда|время|дата|коли|час|πότε|日時|いつ|時間|时间|時間|일시|언제|시간|متى|מתי|thời gian|waktu"
);
const WHERE: &[&str] = list!(
    "where|location|wo|ort|où|lieu|dónde|donde|lugar|ubicación|dove|luogo|onde|local|waar|locatie|plaats|var|plats|hvor|sted|missä|paikka|gdzie|lokalizacja|miejsce|kde|místo|miesto|hol|hely|helyszín|unde|locație|nerede|konum|yer|где|место|місце|де|πού|τοποθεσία|場所|地点|地點|位置|장소|위치|أين|איפה|מיקום|địa điểm|lokasi"
);
const WHO: &[&str] = list!(
    "who|organizer|organiser|organized by|invitees|attendees|attendee|guests|guest|required|optional|calendar|wer|organisator|organisatorin|veranstalter|teilnehmer|eingeladene|gäste|kalender|qui|organisateur|participants|invités|agenda|quién|organizador|asistentes|participantes|invitados|chi|organizzatore|partecipanti|invitati|convidados|wie|deelnemers|genodigden|vem|arrangör|deltagare|hvem|arrangør|deltagere|deltakere|järjestäjä|osallistujat|kto|organizator|uczestnicy|kdo|pořadatel|účastníci|organizátor|szervező|résztvevők|organizatorul|participanți|düzenleyen|katılımcılar|организатор|участники|організатор|учасники|διοργανωτής|主催者|開催者|参加者|組織者|组织者|组织人|与会者|參與者|주최자|참석자"
);
const WHAT: &[&str] = list!(
    "what|subject|title|summary|event|was|betreff|titel|thema|ereignis|quoi|objet|titre|événement|qué|asunto|título|evento|cosa|oggetto|titolo|o quê|assunto|onderwerp|ämne|emne|aihe|temat|tytuł|předmět|predmet|název|tárgy|subiect|konu|тема|название|θέμα|件名|タイトル|主题|主題|标题|제목"
);

/// Words of a request, which stand in no name of a place.
const ASKED: &[&str] = list!(
    "please|bitte|but|aber|not|nicht|instead|statt|because|weil|is|ist|needs|need|can|could|stp|svp|merci|mais|pas|est|favor|pero|no|non|ma|però|mas|não|maar|niet|graag|men|inte|ikke|ei|mutta|proszę|ale|nie|prosím|kérem|de nem|lütfen|ama|но|не|пожалуйста|будь"
);

/// Words that stand in dates beside days and months.
const CONNECT: &[&str] = list!(
    "to|from|at|until|till|the|am|pm|a|p|m|bis|um|von|vom|uhr|den|der|le|de|du|à|au|h|el|del|al|las|dalle|alle|il|das|às|van|tot|om|kl|klo|od|do|o|r|g|w|v|dne|és|la|ora|в|с|до|по|г|на|z|utc|gmt|cet|cest|mez|mesz|est|edt|cst|cdt|mst|mdt|pst|pdt|bst|ist|jst|msk|eet|eest|st|nd|rd|th|whole|day|all|ganztägig|年|月|日|時|时|分|点|午前|午後|上午|下午|년|월|일|시|오전|오후"
);

/// How days of the week and months begin.
const DAYS: &[&str] = list!(
    "mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|die|mit|don|fre|sam|son|mär|mai|okt|dez|lun|mar|mer|jeu|ven|dim|fév|avr|juin|juil|aoû|déc|mié|jue|vie|sáb|dom|ene|abr|ago|dic|gio|gen|mag|giu|lug|set|ott|seg|ter|qua|qui|sex|fev|out|dez|maa|din|woe|zat|zon|mrt|mei|mån|tis|ons|tor|lör|sön|maj|lør|søn|tir|des|maan|tiis|kesk|tors|perj|laua|sunn|tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu|pon|wto|śro|czw|pią|sob|nie|sty|lut|kwi|cze|lip|sie|wrz|paź|lis|gru|pondě|úter|střed|čtvrt|pátek|neděl|led|úno|bře|dub|kvě|čer|srp|zář|říj|pro|hét|ked|sze|csü|pén|szo|vas|oca|şub|nis|haz|tem|ağu|eyl|eki|kas|ara|paz|sal|çar|per|cum|пон|вто|сре|чет|пят|суб|вос|янв|фев|мар|апр|мая|май|июн|июл|авг|сен|окт|ноя|дек|пн|вт|ср|чт|пт|сб|вс|月|火|水|木|金|土|日|星期|周|週|월|화|수|목|금|토"
);

/// Zones as programs spell them out below a date.
const ZONES: &[&str] = list!(
    "central european time|central european standard time|central european summer time|eastern european time|eastern european standard time|eastern european summer time|western european time|greenwich mean time|british summer time|eastern time|eastern standard time|eastern daylight time|central time|mountain time|pacific time|india standard time|japan standard time|china standard time|coordinated universal time|mitteleuropäische zeit|mitteleuropäische normalzeit|mitteleuropäische sommerzeit|heure d'europe centrale|hora de europa central"
);

/// What a calendar says of an event, for comparison.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Particulars {
    start: Option<DateTime>,
    whole_day: bool,
    location: String,
}

impl Particulars {
    /// Those of an event.
    pub(super) fn of(event: &Event) -> Self {
        let start = event.start.as_ref();
        let whole_day = start.is_some_and(|s| s.whole_day);
        Particulars { start: start.map(|s| s.at), whole_day, location: super::answer::plain(&event.location) }
    }

    /// Whether a line only repeats the event. `line` is plain, `people` and `event` are those that are known.
    pub(super) fn repeats(&self, line: &str, people: &[String], event: &str) -> bool {
        let named = |line: &str| !line.is_empty() && (line == event || line == self.location || people.iter().any(|p| p == line));
        let zone = ZONES.iter().any(|z| line.strip_prefix(z).is_some_and(|r| r.is_empty() || is_city(r)));
        if named(line) || zone || self.is_its_date(line) {
            return true;
        }
        let (label, value) = line.split_once([':', '：']).unwrap_or((line, ""));
        let (label, value) = (label.trim(), value.trim());
        let is = |list: &[&str]| list.contains(&label);
        // Where a label has a line of its own, the value is asked about on the next.
        value.is_empty() && (is(WHEN) || is(WHERE) || is(WHO) || is(WHAT))
            || is(WHAT) && named(value)
            || is(WHEN) && self.is_date(until_zone(value))
            || is(WHERE) && self.is_place(value)
            || is(WHO) && are_people(value, people)
    }

    /// Whether a text is nothing but a date with the year of the event.
    fn is_date(&self, text: &str) -> bool {
        let Some(year) = self.start.map(|s| s.year().to_string()) else { return false };
        let words = || text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        words().count() <= 24
            && words().all(is_date_word)
            && words().any(|w| w.trim_end_matches('年') == year || w.starts_with(&format!("{year}年")))
    }

    /// Whether a line is the date of the event with its begin and end, and not one that somebody proposes.
    fn is_its_date(&self, line: &str) -> bool {
        let Some(start) = self.start else { return false };
        let numbers = || line.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse::<i8>().ok());
        // Zones differ by a day at most.
        let around = if self.whole_day { 0 } else { 1 };
        let day = numbers().any(|n| (n - start.day()).abs() <= around);
        let clocks = line.split(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—')).filter(|w| is_clock(w)).count();
        self.is_date(line) && day && (clocks >= 2 || self.whole_day && clocks == 0)
    }

    /// Whether a value is the place of the event, or can be one where the calendar names none.
    fn is_place(&self, value: &str) -> bool {
        if !self.location.is_empty() {
            return value.contains(&self.location) && value.len() <= self.location.len() + 4 || self.location.starts_with(value);
        }
        let mut words = value.split_whitespace();
        let asks = value.contains(['?', '!', '？', '！', '؟', ';']) || value.contains(". ");
        !asks && words.clone().count() <= 8 && !words.any(|w| ASKED.contains(&w.trim_matches([',', '.'])))
    }
}

fn is_date_word(word: &str) -> bool {
    let letters = word.trim_matches(|c: char| c.is_ascii_digit());
    let short = word.chars().count() <= 14;
    short
        && (letters.is_empty()
            || CONNECT.contains(&letters)
            || DAYS.iter().any(|d| letters.starts_with(d))
            || is_dense_date(letters))
}

/// `年11月10日`, which has no spaces.
fn is_dense_date(letters: &str) -> bool {
    letters.chars().all(|c| c.is_ascii_digit() || "年月日時时分点年火水木金土曜星期周週一二三四五六日년월일시분".contains(c))
}

fn is_clock(word: &str) -> bool {
    let digits = word.contains(|c: char| c.is_ascii_digit());
    digits && (word.contains([':', '時', '点', '시']) || word.ends_with("am") || word.ends_with("pm") || word.ends_with('h'))
}

/// ` - Berlin`.
fn is_city(rest: &str) -> bool {
    rest.strip_prefix(" - ").is_some_and(|city| city.split_whitespace().count() <= 2 && city.chars().count() <= 20)
}

/// A date before its zone: `(UTC+01:00) Amsterdam, Berlin` has the names of cities, apart by commas.
fn until_zone(value: &str) -> &str {
    let Some((date, zone)) = value.split_once("(utc").or_else(|| value.split_once("(gmt")) else { return value };
    let cities = zone.split_once(')').map(|(_, cities)| cities).unwrap_or_default();
    let fits = cities.split([',', '(', ')', '&']).all(|c| c.split_whitespace().count() <= 3) && !cities.contains(['?', '!', ':']);
    let asks = cities.split(|c: char| !c.is_alphanumeric()).any(|w| ASKED.contains(&w));
    if fits && !asks { date } else { value }
}

/// Whether a value is nothing but people: known ones, or such with an address.
fn are_people(value: &str, people: &[String]) -> bool {
    let known = |text: &str| people.iter().any(|p| p == text);
    known(value)
        || value.split([',', ';']).map(str::trim).all(|piece| {
            let (words, addresses): (Vec<_>, Vec<_>) = piece.split_whitespace().partition(|w| !w.contains('@'));
            let name = words.join(" ");
            known(&name)
                || name.is_empty()
                || addresses.len() == 1 && words.len() <= 3 && !words.iter().any(|w| ASKED.contains(w))
        })
}
