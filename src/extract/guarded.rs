//! Reading with a limit on time that holds even where a library does not ask.
//!
//! A container is read on a thread of its own. If that thread is silent for longer
//! than a document may take, the file is given up and the thread is left to
//! itself: it holds only the file's bytes and ends when its library does.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use super::read::{Part, ReadOptions, documents};
use super::{detect, limits};
use crate::{Error, ErrorKind, Result};

/// How much later than the reader itself its watch strikes.
const GRACE: Duration = Duration::from_secs(2);

/// How many times the limit of a document an archive may take in all.
const MAX_TIMES: u32 = 30;

/// Deep nesting is read by recursion.
const STACK_BYTES: usize = 16 << 20;

/// The name of reading threads; a panic on one of them is a damaged file's.
pub const READER_THREAD: &str = "gongwen-reader";

enum Message {
    Part(Part),
    Done(Result<()>),
}

/// As [`documents`], but gives a file up that takes longer than it may, even if
/// its reader hangs.
///
/// # Errors
/// As [`documents`]; [`ErrorKind::LimitExceeded`] for a file that is given up.
pub fn documents_guarded(
    bytes: &Arc<Vec<u8>>,
    name: &Path,
    options: &ReadOptions,
    sink: &mut dyn FnMut(Part) -> Result<()>,
) -> Result<()> {
    // Texts are read by code of this crate that asks for its time.
    if detect::container(bytes, name).is_none() {
        return documents(bytes, name, options, sink);
    }
    let (sender, receiver) = sync_channel(2);
    let (bytes, name, own) = (bytes.clone(), name.to_owned(), options.clone());
    let thread = std::thread::Builder::new().name(READER_THREAD.to_owned()).stack_size(STACK_BYTES);
    thread
        .spawn(move || run(&bytes, &name, &own, &sender))
        .map_err(|cause| Error::io("cannot start a thread to read the file", cause))?;
    let limit = options.longest_wait();
    let started = Instant::now();
    loop {
        match receiver.recv_timeout(limit.saturating_add(GRACE)) {
            Ok(Message::Part(part)) => sink(part)?,
            Ok(Message::Done(result)) => return result,
            Err(RecvTimeoutError::Timeout) => return Err(limits::too_slow(limit)),
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Error::new(ErrorKind::Malformed, "the file is damaged in a way its reader cannot handle"));
            }
        }
        let whole = limit.saturating_add(GRACE).saturating_mul(MAX_TIMES);
        if started.elapsed() > whole {
            return Err(limits::too_slow(whole));
        }
    }
}

fn run(bytes: &[u8], name: &Path, options: &ReadOptions, sender: &SyncSender<Message>) {
    let gone = || Error::new(ErrorKind::Interrupted, "nobody waits for the file any more");
    let result = documents(bytes, name, options, &mut |part| sender.send(Message::Part(part)).map_err(|_| gone()));
    // Nobody may be waiting any more.
    let _ = sender.send(Message::Done(result));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_in_order_and_an_error_ends_them() {
        let bytes = Arc::new(b"{\\rtf1\\ansi first\\par second\\par}".to_vec());
        let mut parts = Vec::new();
        let read = documents_guarded(&bytes, Path::new("a.rtf"), &ReadOptions::new(), &mut |part| {
            parts.push(part.result.map(|read| read.paragraphs.len()).map_err(|error| error.kind()));
            Ok(())
        });
        assert!(read.is_ok());
        assert_eq!(parts, [Ok(2)]);
        let refused = documents_guarded(&bytes, Path::new("a.rtf"), &ReadOptions::new(), &mut |_| {
            Err(Error::new(ErrorKind::Interrupted, "enough"))
        });
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Interrupted);
    }

    #[test]
    fn a_file_over_its_time_is_given_up() {
        let mut source = b"{\\rtf1 ".to_vec();
        source.resize(24 << 20, b'a');
        let options = ReadOptions::new().time_limit(Duration::ZERO);
        let started = Instant::now();
        let mut kinds = Vec::new();
        let result = documents_guarded(&Arc::new(source), Path::new("a.rtf"), &options, &mut |part| {
            kinds.extend(part.result.err().map(|error| error.kind()));
            Ok(())
        });
        kinds.extend(result.err().map(|error| error.kind()));
        assert_eq!(kinds, [ErrorKind::LimitExceeded]);
        assert!(started.elapsed() < Duration::from_secs(5));
    }
}
