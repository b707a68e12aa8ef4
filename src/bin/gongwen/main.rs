//! The program: arguments → command → exit code.

mod args;
mod commands;
mod exit_code;
mod output;
mod progress;
mod sanitize;

use std::io::Write as _;
use std::process::ExitCode;

use exit_code::{Exit, is_broken_pipe};

fn main() -> ExitCode {
    quiet_readers();
    let args = match args::Args::from_env() {
        Ok(args) => args,
        Err(error) => error.exit(),
    };
    match commands::run(args) {
        Ok(exit) => exit.into(),
        // The reader has seen enough: `gongwen search 税 | head`.
        Err(error) if is_broken_pipe(error.as_ref()) => Exit::Found.into(),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{}", output::error_text(error.as_ref()));
            Exit::Failed.into()
        }
    }
}

/// A reader that panics on a damaged file is reported with the file's failure; the
/// message of the panic helps nobody.
fn quiet_readers() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() != Some(gongwen::extract::READER_THREAD) {
            usual(panic);
        }
    }));
}
