//! The one integration-test binary: the library and the program, on the bundled
//! `corpus/` and on files made here.

mod cli;
mod completeness;
mod formats;
mod library;
mod update;
mod util;
