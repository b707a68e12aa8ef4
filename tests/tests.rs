//! The one integration-test binary: the library and the program, on the bundled
//! `corpus/` and on files made here.

mod acceptance;
#[cfg(feature = "archive")]
mod archives;
mod catalog;
mod cli;
mod completeness;
mod concurrency;
mod crash;
mod damage;
mod disk;
mod formats;
mod hostile;
mod hostile_queries;
mod interrupt;
mod library;
mod optimize;
mod privacy;
mod probe;
mod supply;
mod update;
mod util;
mod versions;
