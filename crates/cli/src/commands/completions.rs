//! `postern completions`.

use crate::failure::Failure;
use crate::output;
use clap::{Args, ValueEnum};
use clap_complete::Shell;

/// Print what makes a shell complete `postern` when Tab is pressed.
#[derive(Debug, Args)]
#[command(after_help = "\
bash: postern completions bash >/usr/share/bash-completion/completions/postern
zsh:  postern completions zsh >/usr/local/share/zsh/site-functions/_postern
fish: postern completions fish >/usr/share/fish/vendor_completions.d/postern.fish")]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    shell: Kind,
}

/// Shells that are tried in the tests; more could be had.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Bash,
    Zsh,
    Fish,
}

impl Completions {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let shell = match self.shell {
            Kind::Bash => Shell::Bash,
            Kind::Zsh => Shell::Zsh,
            Kind::Fish => Shell::Fish,
        };
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut super::parser(), "postern", &mut script);
        Ok(output::raw(&script)?)
    }
}
