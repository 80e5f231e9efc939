//! What every command may need, made when it is asked for: a command that needs no database opens none.

use crate::failure::Failure;
use postern_core::config::{Config, DEFAULT_PATH, ENVIRONMENT};
use postern_core::intake::Setting;
use postern_core::store::engine::Engine;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The options that belong to no command.
#[derive(Debug, clap::Args)]
pub(crate) struct Context {
    /// The configuration [default: $POSTERN_CONFIG, else /etc/postern/postern.toml]
    #[arg(long = "config", global = true, value_name = "FILE")]
    pub(crate) config_path: Option<PathBuf>,
    /// Print JSON, for scripts
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Act as this person; says who did it, protects nothing [default: the Unix user's name]
    #[arg(long = "as", global = true, value_name = "LOGIN")]
    pub(crate) login: Option<String>,
}

impl Context {
    /// Reads the configuration.
    pub(crate) fn config(&self) -> Result<Config, Failure> {
        Ok(Config::load(self.config_path.as_deref())?)
    }

    /// Who acts: `--as`, else the Unix user by name; root, and a user without a name, act as `system`.
    pub(crate) fn actor(&self) -> String {
        let user = || uzers::get_effective_username().and_then(|name| name.into_string().ok()).filter(|name| name != "root");
        self.login.clone().or_else(user).unwrap_or_else(|| "system".to_owned())
    }

    /// Opens the database that the configuration names.
    pub(crate) fn engine(&self) -> Result<Engine, Failure> {
        Ok(Engine::open(&self.config()?.database)?)
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
