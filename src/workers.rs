//! Work that threads share, and whose outcomes come in order.

use std::collections::VecDeque;
use std::io::{Error, Result};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Jobs of each thread that are done or waiting before a further one is taken.
const AHEAD: usize = 2;

/// How many threads work on a segment: as many as there are processors, four at most. Each
/// holds lists or tables of it; one more writes what they did, and whether it keeps up with
/// more was not seen, on two processors.
pub(crate) fn segment_threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(4)
}

/// Does `work` on each job that `produce` hands on, in threads of their own, and hands
/// what comes of them to `sink` in the jobs' order. With one thread it is all done here,
/// job by job.
///
/// # Errors
/// The first of `sink` and `produce`, which ends both.
pub(crate) fn in_order<J: Send, R: Send>(
    threads: usize,
    work: impl Fn(J) -> R + Sync,
    mut sink: impl FnMut(R) -> Result<()>,
    produce: impl FnOnce(&mut dyn FnMut(J) -> Result<()>) -> Result<()>,
) -> Result<()> {
    if threads < 2 {
        return produce(&mut |job| sink(work(job)));
    }
    let (jobs, queue) = mpsc::channel::<(J, SyncSender<R>)>();
    let queue = Mutex::new(queue);
    thread::scope(|scope| {
        let run = || {
            while let Some((job, outcome)) = next(&queue) {
                // After an error nobody waits for it.
                let _ = outcome.send(work(job));
            }
        };
        // As many as the system gives.
        let threads = (0..threads).map_while(|_| thread::Builder::new().spawn_scoped(scope, run).ok()).count();
        if threads == 0 {
            return produce(&mut |job| sink(work(job)));
        }
        // Gone at the end of this, whatever it is, and the threads with it.
        let jobs = jobs;
        let mut waiting: VecDeque<Receiver<R>> = VecDeque::new();
        let mut take = |outcome: Receiver<R>| sink(outcome.recv().map_err(|_| gone())?);
        produce(&mut |job| {
            if waiting.len() >= AHEAD * threads
                && let Some(first) = waiting.pop_front()
            {
                take(first)?;
            }
            let (to, outcome) = mpsc::sync_channel(1);
            jobs.send((job, to)).map_err(|_| gone())?;
            waiting.push_back(outcome);
            Ok(())
        })?;
        waiting.into_iter().try_for_each(take)
    })
}

/// Of its own, so that the lock does not last through the work.
fn next<T>(queue: &Mutex<Receiver<T>>) -> Option<T> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

/// A thread has panicked; the scope panics with it.
fn gone() -> Error {
    Error::other("a thread that shares the work has failed")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squares(threads: usize, numbers: u64, fails_at: u64) -> (Result<()>, Vec<u64>) {
        let mut squares = Vec::new();
        let work = |number: u64| {
            // The later ones of a few are done first.
            thread::sleep(std::time::Duration::from_micros(300 * (3 - number % 4)));
            number * number
        };
        let outcome = in_order(
            threads,
            work,
            |square| {
                if square == fails_at * fails_at {
                    return Err(Error::other("full"));
                }
                squares.push(square);
                Ok(())
            },
            |push| (0..numbers).try_for_each(push),
        );
        (outcome, squares)
    }

    #[test]
    fn outcomes_come_in_the_order_of_the_jobs() {
        for threads in [1, 2, 5] {
            for numbers in [0, 1, 40] {
                let (outcome, found) = squares(threads, numbers, u64::MAX >> 32);
                outcome.expect("nothing fails");
                assert_eq!(found, (0..numbers).map(|number| number * number).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn an_error_ends_the_work() {
        for threads in [1, 3] {
            let (outcome, found) = squares(threads, 1_000, 7);
            assert_eq!(outcome.expect_err("the eighth").to_string(), "full");
            assert_eq!(found.len(), 7);
        }
    }

    #[test]
    fn a_panic_is_handed_on() {
        let outcome = std::panic::catch_unwind(|| {
            in_order(2, |number: u32| assert!(number != 5), |()| Ok(()), |push| (0..9).try_for_each(push))
        });
        assert!(outcome.is_err());
    }
}
