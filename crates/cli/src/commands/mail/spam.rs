//! `postern mail spam`.

use crate::context::{self, Context};
use crate::failure::Failure;
use crate::output::{self, Out};
use clap::Args;
use jiff::Timestamp;
use postern_core::act::{self, ActError};
use postern_core::intake::{self, IntakeError, Marked, Setting, SpamError};
use serde_json::{Value, json};

/// Say that mails are spam: the ledger shows them as such. What is held is put aside; a ticket that one opened is rejected, if nobody
/// but its sender wrote there, and its sender hears no more of it. Nobody is mailed, and mails about it that have not left do not leave.
#[derive(Debug, Args)]
pub(crate) struct Spam {
    /// Numbers of mails in the ledger
    #[arg(value_name = "ID", required = true)]
    ids: Vec<i64>,
}

impl Spam {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let config = context.config()?;
        let mut engine = context.engine()?;
        let login = context.actor(&engine)?;
        let by = act::actor(&engine, &login)?
            .ok_or_else(|| Failure::refused(format!("{login} has no address"), "`postern person show` tells more"))?;
        let run_by = context.run_by(&engine)?;
        let setting = Setting { run_by: run_by.as_deref(), ..context::setting(&config) };
        let (mut all, mut end, mut out) = (Vec::new(), Ok(()), Out::new());
        for id in &self.ids {
            match intake::spam(&mut engine, &setting, *id, &by, Timestamp::now().as_microsecond()).map_err(failure) {
                Ok(marked) if context.json => all.push(told(*id, &marked)),
                Ok(marked) => out.line(in_words(*id, &marked))?,
                // One that is refused keeps no other back.
                Err(Failure::Refused { what, next }) if self.ids.len() > 1 => {
                    all.push(json!({ "id": id, "error": format!("{what}; {next}") }));
                    eprintln!("postern: {}", output::text::line(&format!("{what}; {next}")));
                    end = Err(Failure::Told { exit_code: 1 });
                }
                Err(other) => return Err(other),
            }
        }
        match (context.json, all.len()) {
            (true, 1) => output::json(&all.remove(0))?,
            (true, _) => output::json(&all)?,
            (false, _) => out.finish()?,
        }
        end
    }
}

/// `{id, class, rejected, discarded, already}`
fn told(id: i64, marked: &Marked) -> Value {
    let Marked { rejected, discarded, already } = marked;
    json!({ "id": id, "class": "spam", "rejected": rejected, "discarded": discarded, "already": already })
}

fn in_words(id: i64, marked: &Marked) -> String {
    if marked.already {
        return format!("Mail {id} is marked as spam already; nothing was done");
    }
    let rejected = marked.rejected.map_or_else(String::new, |ticket| format!("; ticket {ticket} is rejected, nobody is told"));
    let discarded = match marked.discarded {
        0 => String::new(),
        1 => "; 1 mail that had not left is discarded".to_owned(),
        many => format!("; {many} mails that had not left are discarded"),
    };
    format!("Mail {id}: spam{rejected}{discarded}")
}

fn failure(error: SpamError) -> Failure {
    match error {
        SpamError::Intake(IntakeError::Store(error)) => Failure::Store(error),
        SpamError::Act(error @ ActError::Store(_)) => crate::commands::ticket::act_failure(error),
        other => {
            let said = other.to_string();
            let (what, next) = said.split_once("; ").unwrap_or((&said, "`postern mail show` tells more"));
            Failure::refused(what, next)
        }
    }
}
