//! What every command may need, made when it is asked for: a command that needs no database opens none.

use crate::failure::Failure;
use crate::output::manners::{Colour, Manners};
use postern_core::config::{Config, DEFAULT_PATH, ENVIRONMENT};
use postern_core::intake::Setting;
use postern_core::model::site::PersonDefinition;
use postern_core::store;
use postern_core::store::engine::Engine;
use std::fs::File;
use std::io::{self, Read};
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
    /// Act as this person; says who did it, protects nothing [default: whoever has the Unix user's name as login; root: system]
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

    /// Who acts: `--as`, else the person whose login is the Unix user's name; root acts as `system`.
    pub(crate) fn actor(&self, engine: &Engine) -> Result<String, Failure> {
        let people = engine.read(store::site::people)?;
        let user = uzers::get_effective_username().map(|name| name.to_string_lossy().into_owned());
        choose_actor(self.login.as_deref(), uzers::get_effective_uid() == 0, user.as_deref(), &people)
    }
}

/// The built-in person in whose name the machine acts.
const SYSTEM: &str = "system";
/// What to do when nobody acts.
const LIST_PEOPLE: &str = "`postern export` lists the people";

fn choose_actor(asked: Option<&str>, root: bool, user: Option<&str>, people: &[PersonDefinition]) -> Result<String, Failure> {
    match asked {
        None | Some(SYSTEM) if root => return Ok(SYSTEM.to_owned()),
        Some(SYSTEM) => return Err(Failure::refused("only root acts as system", format!("say who acts: {LIST_PEOPLE}"))),
        _ => {}
    }
    let login = asked.or(user).unwrap_or_default();
    match (people.iter().find(|person| person.login == login), asked) {
        (Some(person), _) if !person.disabled => Ok(person.login.clone()),
        (Some(_), _) => Err(Failure::refused(format!("the person {login:?} is disabled"), LIST_PEOPLE)),
        (None, Some(_)) => Err(Failure::refused(format!("there is no person with the login {login:?}"), LIST_PEOPLE)),
        (None, None) => {
            let what = format!("nobody here has the login of this Unix user, {login:?}");
            Err(Failure::refused(what, format!("say who acts with --as LOGIN: {LIST_PEOPLE}")))
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
        let actor = |asked, root, user| choose_actor(asked, root, user, &people).map_err(|failure| failure.to_string());
        for (asked, root, user, expected) in [
            (None, true, Some("root"), "system"),
            (Some("system"), true, Some("root"), "system"),
            (Some("anna"), true, Some("root"), "anna"),
            (Some("root"), true, Some("root"), "root"),
            (None, false, Some("anna"), "anna"),
            (Some("anna"), false, Some("bob"), "anna"),
            (Some("anna"), false, None, "anna"),
        ] {
            assert_eq!(actor(asked, root, user).as_deref(), Ok(expected), "{asked:?} {root} {user:?}");
        }
        for (asked, root, user, said) in [
            (
                Some("nosuch"),
                true,
                Some("root"),
                "there is no person with the login \"nosuch\"; `postern export` lists the people",
            ),
            (Some(""), true, Some("root"), "no person with the login \"\""),
            (Some("gone"), true, Some("root"), "the person \"gone\" is disabled; `postern export`"),
            (Some("system"), false, Some("anna"), "only root acts as system; "),
            (None, false, Some("bob"), "nobody here has the login of this Unix user, \"bob\"; say who acts with --as LOGIN"),
            (None, false, Some("system"), "nobody here has the login of this Unix user, \"system\""),
            (None, false, Some("gone"), "the person \"gone\" is disabled"),
            (None, false, None, "say who acts with --as LOGIN"),
        ] {
            let error = actor(asked, root, user).unwrap_err();
            assert!(error.contains(said), "{said:?} in {error:?}");
        }
    }
}
