//! What every command may need, made when it is asked for: a command that needs no database opens none.

use crate::failure::Failure;
use crate::output::manners::{Colour, Manners};
use postern_core::act;
use postern_core::config::{Config, DEFAULT_PATH, ENVIRONMENT};
use postern_core::intake::Setting;
use postern_core::model::Actor;
use postern_core::model::site::PersonDefinition;
use postern_core::store;
use postern_core::store::engine::Engine;
use postern_core::view::Visibility;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The options that belong to no command.
#[derive(Debug, clap::Args)]
pub(crate) struct Context {
    /// The configuration [default: $POSTERN_CONFIG, else /etc/postern/postern.toml]
    #[arg(long = "config", global = true, value_name = "FILE", help_heading = EVERYWHERE)]
    pub(crate) config_path: Option<PathBuf>,
    /// Print JSON, for scripts
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub(crate) json: bool,
    /// Act as this person; protects nothing, and the history keeps which Unix user ran it [default: whoever has the Unix user's
    /// name as login; root and the owner of the database: system]
    #[arg(long = "as", global = true, value_name = "LOGIN", help_heading = EVERYWHERE)]
    pub(crate) login: Option<String>,
    /// When to colour: auto (on a terminal, unless $NO_COLOR is set), always or never
    #[arg(long = "color", global = true, value_name = "WHEN", value_enum, default_value_t, help_heading = EVERYWHERE)]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    pub(crate) colour: Colour,
    /// Print long output straight to the terminal instead of through $POSTERN_PAGER, $PAGER or less
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub(crate) no_pager: bool,
}

/// What heads the options above in every help.
pub(crate) const EVERYWHERE: &str = "Options of every verb";

impl Context {
    /// How output is to look.
    pub(crate) fn manners(&self) -> Manners {
        Manners { colour: self.colour, no_pager: self.no_pager }
    }

    /// Reads the configuration.
    pub(crate) fn config(&self) -> Result<Config, Failure> {
        Ok(Config::load(self.config_path.as_deref())?)
    }

    /// Opens the database that the configuration names. Whoever `--as` names must be there, even where nothing is done in
    /// their name: a typing error should show before it matters.
    pub(crate) fn engine(&self) -> Result<Engine, Failure> {
        let engine = Engine::open(&self.config()?.database)?;
        if self.login.is_some() {
            self.actor(&engine)?;
        }
        Ok(engine)
    }

    /// Who acts: `--as`, else the person whose login is the Unix user's name; root acts as `system`, and so does the owner of
    /// the database.
    pub(crate) fn actor(&self, engine: &Engine) -> Result<String, Failure> {
        let people = engine.read(store::site::people)?;
        let user = user();
        choose_actor(self.login.as_deref(), self.rank()?, user.as_deref(), &people)
    }

    /// The operating system's user, where they act in a name that is not theirs: `--as` somebody as whom they would not act without.
    pub(crate) fn run_by(&self, engine: &Engine) -> Result<Option<String>, Failure> {
        let Some(asked) = self.login.as_deref() else { return Ok(None) };
        let people = engine.read(store::site::people)?;
        let user = user();
        let own = choose_actor(None, self.rank()?, user.as_deref(), &people).ok();
        let named = || user.unwrap_or_else(|| format!("uid {}", uzers::get_effective_uid()));
        Ok((own.as_deref() != Some(asked)).then(named))
    }

    /// What whoever asks may see. Where nobody in particular does, that is everything: whoever can open the database can read it.
    pub(crate) fn sight(&self, engine: &Engine) -> Result<Visibility, Failure> {
        let login = match self.actor(engine) {
            Ok(login) => login,
            Err(failure) if self.login.is_some() => return Err(failure),
            Err(_) => return Ok(Visibility::everything()),
        };
        let config = self.config()?;
        match act::actor(engine, &login)? {
            Some(Actor::Person(person)) => Ok(engine.read(|tx| Visibility::of(tx, &setting(&config), &person))?),
            Some(Actor::System) => Ok(Visibility::everything()),
            None => Err(Failure::refused(format!("the person {login:?} has no address"), SAY_WHO)),
        }
    }

    fn rank(&self) -> Result<Rank, Failure> {
        let own = uzers::get_effective_uid();
        if own == 0 {
            return Ok(Rank::Root);
        }
        let database = std::fs::metadata(self.config()?.database);
        Ok(if database.is_ok_and(|database| database.uid() == own) { Rank::Owner } else { Rank::Other })
    }
}

/// The name of the Unix user.
fn user() -> Option<String> {
    uzers::get_effective_username().map(|name| name.to_string_lossy().into_owned())
}

/// The built-in person in whose name the machine acts.
const SYSTEM: &str = "system";
/// Who there is.
const LIST_PEOPLE: &str = "`postern person list` shows who is there";
/// What to do when nobody acts.
const SAY_WHO: &str = "say --as LOGIN (`postern person list`)";

/// What the Unix user is to this database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rank {
    /// Root.
    Root,
    /// Whoever the database file belongs to, as a rule `postern`.
    Owner,
    /// Anybody else.
    Other,
}

fn choose_actor(asked: Option<&str>, rank: Rank, user: Option<&str>, people: &[PersonDefinition]) -> Result<String, Failure> {
    let is_somebody = people.iter().any(|person| user == Some(person.login.as_str()));
    match (asked, rank) {
        (None, Rank::Root) | (Some(SYSTEM), Rank::Root | Rank::Owner) => return Ok(SYSTEM.to_owned()),
        // Whoever made a database of their own and has a login in it is meant as that person.
        (None, Rank::Owner) if !is_somebody => return Ok(SYSTEM.to_owned()),
        (Some(SYSTEM), Rank::Other) => {
            return Err(Failure::refused("only root and the owner of the database act as system", SAY_WHO));
        }
        _ => {}
    }
    let login = asked.or(user).unwrap_or_default();
    match (people.iter().find(|person| person.login == login), asked) {
        (Some(person), _) if !person.disabled => Ok(person.login.clone()),
        (Some(_), _) => Err(Failure::refused(format!("the person {login:?} is disabled"), SAY_WHO)),
        (None, Some(_)) => Err(Failure::refused(format!("there is no person with the login {login:?}"), LIST_PEOPLE)),
        (None, None) => {
            let what = format!("nobody here has the login of this Unix user, {login:?}");
            Err(Failure::refused(what, SAY_WHO))
        }
    }
}

/// Where the configuration is, or would be: as for reading it, whether it is there or not.
pub(crate) fn config_path(context: &Context) -> PathBuf {
    let named = || std::env::var_os(ENVIRONMENT).filter(|value| !value.is_empty()).map(PathBuf::from);
    context.config_path.clone().or_else(named).unwrap_or_else(|| PathBuf::from(DEFAULT_PATH))
}

/// Reads a file whole, or standard input for `-`.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let stdin = path == Path::new("-");
    let mut octets = Vec::new();
    let done = if stdin {
        io::stdin().lock().read_to_end(&mut octets)
    } else {
        File::open(path).and_then(|mut file| file.read_to_end(&mut octets))
    };
    match done {
        Ok(_) => Ok(octets),
        Err(error) => Err(Failure::File {
            what: if stdin { "reading standard input".to_owned() } else { format!("reading {}", path.display()) },
            error,
            next: "name a file that this user may read, or - for standard input",
        }),
    }
}

/// What the core must know of the configuration to decide about mail.
pub(crate) fn setting(config: &Config) -> Setting<'_> {
    Setting::of(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(login: &str, disabled: bool) -> PersonDefinition {
        PersonDefinition { login: login.to_owned(), disabled, ..PersonDefinition::default() }
    }

    #[test]
    fn who_acts_is_somebody_known() {
        let people = [person("anna", false), person("gone", true), person("root", false)];
        let actor = |asked, rank, user| choose_actor(asked, rank, user, &people).map_err(|failure| failure.to_string());
        for (asked, rank, user, expected) in [
            (None, Rank::Root, Some("root"), "system"),
            (Some("system"), Rank::Root, Some("root"), "system"),
            (Some("anna"), Rank::Root, Some("root"), "anna"),
            (Some("root"), Rank::Root, Some("root"), "root"),
            (None, Rank::Owner, Some("postern"), "system"),
            (None, Rank::Owner, None, "system"),
            (Some("system"), Rank::Owner, Some("anna"), "system"),
            (Some("anna"), Rank::Owner, Some("postern"), "anna"),
            (None, Rank::Owner, Some("anna"), "anna"),
            (None, Rank::Other, Some("anna"), "anna"),
            (Some("anna"), Rank::Other, Some("bob"), "anna"),
            (Some("anna"), Rank::Other, None, "anna"),
        ] {
            assert_eq!(actor(asked, rank, user).as_deref(), Ok(expected), "{asked:?} {rank:?} {user:?}");
        }
        for (asked, rank, user, said) in [
            (
                Some("nosuch"),
                Rank::Root,
                Some("root"),
                "there is no person with the login \"nosuch\"; `postern person list` shows",
            ),
            (Some(""), Rank::Root, Some("root"), "no person with the login \"\""),
            (Some("gone"), Rank::Root, Some("root"), "the person \"gone\" is disabled; say --as LOGIN (`postern person list`)"),
            (Some("system"), Rank::Other, Some("anna"), "only root and the owner of the database act as system; say --as LOGIN"),
            (None, Rank::Other, Some("bob"), "nobody here has the login of this Unix user, \"bob\"; say --as LOGIN (`postern"),
            (None, Rank::Other, Some("system"), "nobody here has the login of this Unix user, \"system\""),
            (None, Rank::Other, Some("gone"), "the person \"gone\" is disabled"),
            (None, Rank::Other, None, "say --as LOGIN"),
        ] {
            let error = actor(asked, rank, user).unwrap_err();
            assert!(error.contains(said), "{said:?} in {error:?}");
        }
    }
}
