//! What one file may cost: time and expanded bytes, counted per thread.
//!
//! A reader runs inside [`with`]; the loops that grow with the input ask
//! [`check`], and whatever is decompressed is charged to [`expand`]. So no reader
//! passes budgets around, and a bomb ends the same way in every format. A library
//! that loops without asking is stopped from outside (`guarded`).

use std::cell::Cell;
use std::time::{Duration, Instant};

use crate::{Error, ErrorKind, Result};

/// Expanded bytes that any file may have, however small it is.
const FREE_BYTES: u64 = 64 << 20;

/// How many times its size a file may expand to beyond [`FREE_BYTES`]. Office
/// files reach 20 to 60; deflate itself ends at 1,032.
const MAX_RATIO: u64 = 200;

/// The most a file may expand to, in bytes.
const MAX_EXPANDED_BYTES: u64 = 2 << 30;

#[derive(Clone, Copy)]
struct Budget {
    deadline: Instant,
    limit: Duration,
    bytes: u64,
}

thread_local! {
    static BUDGET: Cell<Option<Budget>> = const { Cell::new(None) };
}

/// Runs `read` with a budget of time and expanded bytes for a file of `size` bytes.
/// Inside another `with` the outer budget holds.
pub(super) fn with<T>(size: usize, limit: Duration, read: impl FnOnce() -> T) -> T {
    if BUDGET.get().is_some() {
        return read();
    }
    let bytes = (size as u64).saturating_mul(MAX_RATIO).clamp(FREE_BYTES, MAX_EXPANDED_BYTES);
    let now = Instant::now();
    let deadline = now.checked_add(limit).unwrap_or(now + Duration::from_secs(86_400));
    BUDGET.set(Some(Budget { deadline, limit, bytes }));
    // A reader that panics unwinds through here; the thread's budget must not stay.
    struct Reset;
    impl Drop for Reset {
        fn drop(&mut self) {
            BUDGET.set(None);
        }
    }
    let _reset = Reset;
    read()
}

/// Fails when the file's time is over.
#[inline]
pub(super) fn check() -> Result<()> {
    match BUDGET.get() {
        Some(budget) if Instant::now() > budget.deadline => Err(too_slow(budget.limit)),
        _ => Ok(()),
    }
}

/// Gives the next member of an archive, or the next record, the time of a file.
pub(super) fn renew() {
    if let Some(mut budget) = BUDGET.get() {
        budget.deadline = Instant::now().checked_add(budget.limit).unwrap_or(budget.deadline);
        BUDGET.set(Some(budget));
    }
}

/// Whether the file has nothing left to expand to.
pub(super) fn is_spent() -> bool {
    BUDGET.get().is_some_and(|budget| budget.bytes == 0)
}

/// Charges `bytes` of decompressed data.
#[cfg(any(feature = "office", feature = "ofd", feature = "archive", feature = "pdf", feature = "mail"))]
pub(super) fn expand(bytes: u64) -> Result<()> {
    let Some(mut budget) = BUDGET.get() else { return Ok(()) };
    let rest = budget.bytes.checked_sub(bytes);
    budget.bytes = rest.unwrap_or(0);
    BUDGET.set(Some(budget));
    if rest.is_none() { Err(bomb()) } else { check() }
}

/// How many more bytes may be decompressed.
#[cfg(any(feature = "office", feature = "ofd", feature = "archive"))]
pub(super) fn room() -> u64 {
    BUDGET.get().map_or(FREE_BYTES, |budget| budget.bytes)
}

/// The error of a file that expands beyond measure.
#[cfg(any(feature = "office", feature = "ofd", feature = "archive", feature = "pdf", feature = "mail"))]
pub(super) fn bomb() -> Error {
    Error::new(ErrorKind::LimitExceeded, "the file expands to far more than its size, as a decompression bomb does")
        .with_remedy("if it is genuine, unpack it and index the unpacked files")
}

/// The error of a file that takes longer than it may.
pub(super) fn too_slow(limit: Duration) -> Error {
    Error::new(ErrorKind::LimitExceeded, format!("reading the file took longer than {} s", limit.as_secs()))
        .with_remedy("give it more time, or save it in a simpler format")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_over_is_an_error_and_ends_with_the_file() {
        let result = with(10, Duration::ZERO, || {
            std::thread::sleep(Duration::from_millis(1));
            check()
        });
        assert_eq!(result.unwrap_err().kind(), ErrorKind::LimitExceeded);
        assert!(check().is_ok());
    }

    #[cfg(feature = "archive")]
    #[test]
    fn expansion_is_counted_over_the_whole_file() {
        with(10, Duration::from_secs(9), || {
            assert!(expand(FREE_BYTES - 1).is_ok());
            assert_eq!(room(), 1);
            assert_eq!(expand(2).unwrap_err().kind(), ErrorKind::LimitExceeded);
        });
        assert_eq!(room(), FREE_BYTES);
    }
}
