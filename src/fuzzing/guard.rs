//! Whose panic it is: a dependency's costs what it was about, one of ours is a finding.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

thread_local! {
    static HAS_OWN_PANIC: Cell<bool> = const { Cell::new(false) };
}

/// Panics of dependencies go on quietly, others are remembered and told to the hook
/// there was, which in a fuzzer aborts.
fn watch_panics() {
    static WATCHED: Once = Once::new();
    WATCHED.call_once(|| {
        let outer = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if panic.location().is_some_and(|place| place.file().contains("/registry/src/")) {
                return;
            }
            HAS_OWN_PANIC.set(true);
            outer(panic);
        }));
    });
}

/// Runs what may panic in a dependency.
pub(super) fn guarded(run: impl FnOnce()) {
    watch_panics();
    HAS_OWN_PANIC.set(false);
    let _ = catch_unwind(AssertUnwindSafe(run));
    assert!(!HAS_OWN_PANIC.get(), "a panic in this crate");
}
