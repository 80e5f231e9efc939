//! A mail of the ledger that is read again, because it came out garbled: decided and applied in one transaction, like
//! everything else.

use crate::act::ActError;
use crate::apply::{self, Origin};
use crate::intake::Setting;
use crate::store::engine::{Engine, StoreError, Tx};
use crate::store::message;
use postern_mail::{Message, charsets};
use postern_model::{ActRefusal, Actor, Decision, Rereading, decide_reread};

/// Why a mail was not read again. Nothing is changed then.
#[derive(Debug, thiserror::Error)]
pub enum RereadError {
    /// No such ledger row.
    #[error("the ledger has no mail {0}; `postern mail list` shows which there are")]
    Unknown(i64),
    /// Its octets are no longer kept.
    #[error(
        "the octets of mail {0} are no longer kept, so that it cannot be read again; what was read when it came stays on its ticket"
    )]
    NotKept(i64),
    /// There is no charset of that name.
    #[error("there is no charset {0:?}; {next}", next = next(.0))]
    Charset(String),
    /// The store failed, or it cannot be done.
    #[error(transparent)]
    Act(#[from] ActError),
}

impl From<StoreError> for RereadError {
    fn from(error: StoreError) -> Self {
        RereadError::Act(error.into())
    }
}

impl From<ActRefusal> for RereadError {
    fn from(refusal: ActRefusal) -> Self {
        RereadError::Act(refusal.into())
    }
}

/// Charsets that garbled mail most often turns out to be in.
const COMMON: &[&str] =
    &["UTF-8", "windows-1252", "windows-1251", "windows-1254", "KOI8-R", "ISO-8859-2", "Shift_JIS", "gb18030", "Big5"];

/// What to do about a name that is none.
fn next(label: &str) -> String {
    let label = label.trim().to_ascii_lowercase();
    let distance = |known: &str| strsim::damerau_levenshtein(&label, &known.to_ascii_lowercase());
    let nearest = charsets::NAMES.iter().chain(charsets::LABELS).map(|known| (distance(known), *known)).min();
    match nearest {
        Some((distance, known)) if distance <= 3 && distance < label.len() => format!("did you mean {known}?"),
        _ => {
            format!(
                "known are {} and {} others; auto: what the program finds",
                COMMON.join(", "),
                charsets::NAMES.len().saturating_sub(COMMON.len())
            )
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Wish<'a> {
    /// Number in the ledger.
    pub id: i64,
    /// The charset, by any of its names; `None`: the program's own reading.
    pub charset: Option<&'a str>,
    /// Who asks for it.
    pub by: Actor,
    /// When, microseconds since 1970 UTC.
    pub now: i64,
    /// Whether it is only tried out.
    pub dry_run: bool,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Reread {
    /// What was decided: nothing, if its verdict is `joined`.
    pub decision: Decision,
    /// The charset that was asked for, by its one name.
    pub charset: Option<&'static str>,
    /// The mail as it is read so.
    pub message: Message,
}

/// A mail in the charset that a person named for it, if anybody did.
pub(crate) fn read(raw: &[u8], charset: Option<&str>) -> Message {
    // What was kept is a name that was known then; without it the program's own reading is the best there is.
    charset.and_then(|charset| postern_mail::parse_as(raw, charset)).unwrap_or_else(|| postern_mail::parse(raw))
}

/// The octets of a mail of the ledger, and how it is read.
///
/// # Errors
/// [`RereadError::Unknown`], [`RereadError::NotKept`], or what the database says.
pub fn stored(tx: &Tx<'_>, id: i64) -> Result<(Vec<u8>, Message), RereadError> {
    let kept = message::of_delivery(tx, id)?.ok_or(RereadError::Unknown(id))?;
    let raw = kept.raw.ok_or(RereadError::NotKept(id))?;
    let message = read(&raw, kept.charset.as_deref());
    Ok((raw, message))
}

/// Reads a mail of the ledger again, and durably changes what it wrote when this returns `Ok`; a dry run takes everything back.
///
/// # Errors
/// [`RereadError`].
pub fn reread(engine: &mut Engine, setting: &Setting<'_>, wish: &Wish<'_>) -> Result<Reread, RereadError> {
    let kept = engine.read(|tx| message::of_delivery(tx, wish.id))?.ok_or(RereadError::Unknown(wish.id))?;
    let raw = kept.raw.ok_or(RereadError::NotKept(wish.id))?;
    let charset = wish.charset.map(|label| {
        let name = charsets::name_of(label).ok_or_else(|| RereadError::Charset(label.to_owned()))?;
        Ok::<_, RereadError>((name, postern_mail::parse_as(&raw, name).ok_or_else(|| RereadError::Charset(label.to_owned()))?))
    });
    let charset = charset.transpose()?;
    let own = postern_mail::parse(&raw);
    let former = read(&raw, kept.charset.as_deref());
    let again = Rereading {
        id: wish.id,
        message: kept.id,
        by: &wish.by,
        charset: charset.as_ref().map(|(name, _)| *name),
        read: charset.as_ref().map_or(&own, |(_, read)| read),
        own: &own,
        former: &former,
        now: wish.now,
    };
    let decision = match wish.dry_run {
        true => engine.dry_run(setting.wait, |tx| carry_out(tx, setting, &again))?,
        false => engine.write(setting.wait, |tx| carry_out(tx, setting, &again))?,
    };
    let (charset, message) = charset.map_or((None, own), |(name, read)| (Some(name), read));
    Ok(Reread { decision, charset, message })
}

fn carry_out(tx: &Tx<'_>, setting: &Setting<'_>, again: &Rereading<'_>) -> Result<Decision, RereadError> {
    let facts = setting.facts(tx)?;
    let decision = decide_reread(&facts, again)?;
    apply::apply(tx, &facts, setting, &decision, &Origin { message: None, uploads: &[], event: None, now: again.now })?;
    Ok(decision)
}
