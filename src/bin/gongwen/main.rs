//! The program: arguments → command → exit code.

#![forbid(unsafe_code)]

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
    // A panic is told like any other error. What the library catches (a reader that
    // fails on a file) is told by its own error.
    std::panic::set_hook(Box::new(|panic| {
        if std::env::var_os("RUST_BACKTRACE").is_some() {
            let _ = writeln!(std::io::stderr(), "{panic}\n{}", std::backtrace::Backtrace::force_capture());
        }
    }));
    let outcome = std::panic::catch_unwind(|| commands::run(args)).unwrap_or_else(|_| {
        Err("an internal error; `gongwen verify` says whether the index is damaged, RUST_BACKTRACE=1 where it happened"
            .into())
    });
    match outcome {
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
