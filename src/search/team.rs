//! The parts of one search, shared with other threads.
//!
//! A search takes a millisecond or two, most of it in parts that do not depend on one
//! another: segments, and texts looked at again. To wake a thread, and to be woken by
//! it, takes some fifty microseconds each, as long as such a part; so a helper is woken
//! once a search and stays awake until its end.
//!
//! Helpers are few, belong to all searchers of the process, and each helps one search at
//! a time. Those that are helping and the searches together are no more than there are
//! processors: under many searches at once each does its own work.

use std::sync::atomic::{AtomicBool, AtomicIsize, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// How many threads help at most: what is left to share is soon too little for more.
const MAX_HELPERS: usize = 3;

/// How long a helper may take to come before its search goes on without it. Most take
/// less; on a busy machine, and when its thread is new, it may be milliseconds.
const GRACE: Duration = Duration::from_micros(if cfg!(test) { 1_000_000 } else { 80 });

/// The helpers of the process.
struct Helpers {
    all: Vec<Helper>,
    /// Processors that no search keeps busy; below 0 when there are more searches.
    free: AtomicIsize,
}

/// A thread that helps: a pool of one, so that what it is given waits for no other
/// search (rayon: the standard for borrowing work to threads that stay, and in the tree
/// by tantivy already; MIT/Apache-2.0).
struct Helper {
    pool: rayon::ThreadPool,
    is_taken: AtomicBool,
}

/// `None` where there is one processor, or threads cannot be had.
fn helpers() -> Option<&'static Helpers> {
    static HELPERS: OnceLock<Option<Helpers>> = OnceLock::new();
    let start = || {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let helper = |_| {
            let builder = rayon::ThreadPoolBuilder::new().num_threads(1).thread_name(|_| "gongwen-search".to_owned());
            Some(Helper { pool: builder.build().ok()?, is_taken: AtomicBool::new(false) })
        };
        let all: Vec<Helper> = (1..processors).take(MAX_HELPERS).map_while(helper).collect();
        (!all.is_empty()).then(|| Helpers { all, free: AtomicIsize::new(processors.cast_signed()) })
    };
    HELPERS.get_or_init(start).as_ref()
}

/// The helpers of one search; they are free again when this is dropped.
struct Taken<'a> {
    of: &'a Helpers,
    helpers: Vec<&'a Helper>,
}

impl<'a> Taken<'a> {
    fn new(of: &'a Helpers) -> Self {
        // One for the caller's thread.
        let mut free = of.free.fetch_sub(1, Ordering::AcqRel) - 1;
        let mut taken = Taken { of, helpers: Vec::new() };
        for helper in &of.all {
            if free <= 0 {
                break;
            }
            if !helper.is_taken.swap(true, Ordering::AcqRel) {
                free = of.free.fetch_sub(1, Ordering::AcqRel) - 1;
                taken.helpers.push(helper);
            }
        }
        taken
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.helpers.iter().for_each(|helper| helper.is_taken.store(false, Ordering::Release));
        self.of.free.fetch_add(1 + self.helpers.len().cast_signed(), Ordering::AcqRel);
    }
}

/// Who does the work of a search: the caller's thread, and those helpers that have come.
pub(super) struct Team<'a> {
    members: Vec<Member<'a>>,
    /// When they were called.
    called: Instant,
}

struct Member<'a> {
    helper: &'a Helper,
    has_come: AtomicBool,
}

impl Team<'_> {
    /// The caller's thread.
    pub(super) fn alone() -> Self {
        Team { members: Vec::new(), called: Instant::now() }
    }

    /// Whether there are any helpers.
    pub(super) fn has_helpers(&self) -> bool {
        !self.members.is_empty()
    }

    /// Does a search's work with what helpers are free.
    pub(super) fn gather<R>(work: impl FnOnce(&Team<'_>) -> R) -> R {
        let Some(helpers) = helpers() else { return work(&Team::alone()) };
        let taken = Taken::new(helpers);
        let member = |&helper| Member { helper, has_come: AtomicBool::new(false) };
        let team = Team { members: taken.helpers.iter().map(member).collect(), called: Instant::now() };
        let is_over = AtomicBool::new(false);
        let attend = |at: usize| {
            team.members[at].has_come.store(true, Ordering::Release);
            while !is_over.load(Ordering::Acquire) {
                // Parts of the work are jobs of the pool, too.
                if rayon::yield_now() != Some(rayon::Yield::Executed) {
                    std::thread::yield_now();
                }
            }
        };
        beside(&taken.helpers, &attend, || {
            // Also when the work ends by a panic: they would wait for ever.
            let _over = AtEnd(|| is_over.store(true, Ordering::Release));
            work(&team)
        })
    }

    /// What `work` makes of each item, in their order. A panic of a helper is one of the
    /// caller.
    pub(super) fn map<I, R>(&self, items: I, work: impl Fn(I::Item) -> R + Sync) -> Vec<R>
    where
        I: ExactSizeIterator + Send,
        R: Send,
    {
        let count = items.len();
        let has_come = |member: &&Member<'_>| member.has_come.load(Ordering::Acquire);
        while count > 1 && !self.members.iter().all(|member| has_come(&member)) && self.called.elapsed() < GRACE {
            // Who gives way here may get the helper on its own processor.
            std::hint::spin_loop();
        }
        let present = self.members.iter().filter(has_come);
        let present: Vec<&Helper> = present.map(|member| member.helper).take(count.saturating_sub(1)).collect();
        if present.is_empty() {
            return items.map(work).collect();
        }
        let items = Mutex::new(items.enumerate());
        let done = Mutex::new(Vec::with_capacity(count));
        // Whoever is ready takes the next item.
        let take = || {
            let next = || items.lock().unwrap_or_else(PoisonError::into_inner).next();
            while let Some((at, item)) = next() {
                let result = work(item);
                done.lock().unwrap_or_else(PoisonError::into_inner).push((at, result));
            }
        };
        let busy = AtomicUsize::new(present.len());
        let help = |_| {
            let _end = AtEnd(|| _ = busy.fetch_sub(1, Ordering::AcqRel));
            take();
        };
        beside(&present, &help, || {
            take();
            // Not asleep: they have one item each at most.
            while busy.load(Ordering::Acquire) > 0 {
                std::thread::yield_now();
            }
        });
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_unstable_by_key(|(at, _)| *at);
        done.into_iter().map(|(_, result)| result).collect()
    }
}

/// Does `own` work while each helper does its.
fn beside<R, F: FnOnce() -> R>(helpers: &[&Helper], work: &(dyn Fn(usize) + Sync), own: F) -> R {
    match helpers.split_last() {
        None => own(),
        Some((last, others)) => last.pool.in_place_scope(|scope| {
            scope.spawn(|_| work(others.len()));
            beside(others, work, own)
        }),
    }
}

/// Does something when it is dropped.
struct AtEnd<F: FnMut()>(F);

impl<F: FnMut()> Drop for AtEnd<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn what_is_made_stands_in_the_order_of_the_items() {
        for count in [0, 1, 2, 7, 100] {
            // Where somebody helps, the first is the last to be ready.
            let square = |n: usize| {
                std::thread::sleep(Duration::from_millis(if n == 0 { 20 } else { 0 }));
                n * n
            };
            let squares = Team::gather(|team| team.map(0..count, square));
            assert_eq!(squares, (0..count).map(|n| n * n).collect::<Vec<_>>());
        }
    }

    /// How many threads share a search; tried again, as another test may have the helpers.
    fn sharing() -> usize {
        // Two that try at once keep all processors busy for one another.
        static ONE: Mutex<()> = Mutex::new(());
        let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let threads = |_| {
            Team::gather(|team| {
                let here = |_| {
                    std::thread::sleep(Duration::from_millis(1));
                    std::thread::current().id()
                };
                team.map(0..8, here).into_iter().collect::<HashSet<_>>().len()
            })
        };
        (0..1_000).map(threads).find(|&threads| threads > 1).unwrap_or(1)
    }

    #[test]
    fn helpers_that_are_free_help_and_are_free_again() {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..3 {
            let sharing = sharing();
            assert!(sharing <= processors.min(1 + MAX_HELPERS), "{sharing}");
            assert!(processors == 1 || sharing > 1);
        }
    }

    #[test]
    fn a_caller_may_be_a_thread_of_a_pool() {
        use rayon::prelude::*;
        let pool = rayon::ThreadPoolBuilder::new().num_threads(4).build().expect("threads");
        let sum = |n: u64| Team::gather(|team| team.map(0..9_u32, |at| u64::from(at) + n).into_iter().sum());
        let sums: Vec<u64> = pool.install(|| (0..500_u64).into_par_iter().map(sum).collect());
        assert_eq!(sums, (0..500).map(|n| 36 + 9 * n).collect::<Vec<_>>());
    }

    #[test]
    fn many_searches_at_once_each_have_their_own_results() {
        std::thread::scope(|scope| {
            for thread in 0..16_u64 {
                scope.spawn(move || {
                    for n in 0..200 {
                        let sums = Team::gather(|team| {
                            let firsts = team.map(0..5_u32, |at| u64::from(at) + n);
                            team.map(firsts.iter(), |first| first * thread)
                        });
                        assert_eq!(sums, (0..5).map(|at| (at + n) * thread).collect::<Vec<_>>());
                    }
                });
            }
        });
    }

    #[test]
    fn a_panic_in_a_part_is_one_of_the_search_and_helpers_live_on() {
        for at in 0..20 {
            let outcome = std::panic::catch_unwind(|| {
                Team::gather(|team| team.map(0..20, |n| if n == at { panic!("of part {n}") } else { n }))
            });
            assert!(outcome.is_err());
        }
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        assert!(processors == 1 || sharing() > 1);
    }
}
