//! Character recognition by a program of the user's: `tesseract {input} stdout -l
//! chi_sim`. It is given a file with the picture or the PDF and prints the text.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::{Extracted, Format, text};
use crate::{Error, ErrorKind, Result};

/// How long a document may take: a page takes some seconds.
pub(super) const TIME_LIMIT: Duration = Duration::from_secs(600);

/// The most text that is taken from the program, in bytes.
const MAX_OUTPUT_BYTES: u64 = 64 << 20;

/// What stands for the file in a command.
const INPUT: &str = "{input}";

/// A command line with a place for the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ocr {
    arguments: Vec<String>,
}

impl Ocr {
    /// Splits a command line at blanks; quotes keep them.
    pub(super) fn parse(line: &str) -> Result<Ocr> {
        let arguments = split(line);
        if arguments.is_empty() || !arguments.iter().any(|argument| argument.contains(INPUT)) {
            let message = format!("expected a command with {INPUT} in it, got `{line}`");
            return Err(Error::new(ErrorKind::InvalidArgument, message)
                .with_remedy("for example `tesseract {input} stdout -l chi_sim`"));
        }
        Ok(Ocr { arguments })
    }

    /// The text that the program finds.
    pub(super) fn run(&self, bytes: &[u8], suffix: &str) -> Result<Extracted> {
        let input = Input::write(bytes, suffix)?;
        let path = input.0.to_string_lossy();
        let mut arguments = self.arguments.iter().map(|argument| argument.replace(INPUT, &path));
        // `parse` leaves at least one.
        let program = arguments.next().unwrap_or_default();
        let mut child = Command::new(&program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|cause| Error::io(format!("cannot start the recognition program `{program}`"), cause))?;
        let output = collect(&mut child)?;
        let decoded = super::encoding::decode(&output).map(|decoded| decoded.text.into_owned()).unwrap_or_default();
        let mut extracted = text::read(&join_characters(&decoded))?;
        extracted.format = Format::Ocr;
        if extracted.paragraphs.is_empty() {
            return Err(Error::new(ErrorKind::Scanned, format!("no text: `{program}` recognised none")));
        }
        Ok(extracted)
    }
}

/// Reads what a program prints; ends it when its time is over.
fn collect(child: &mut Child) -> Result<Vec<u8>> {
    let started = Instant::now();
    let stdout = child.stdout.take();
    let reader = std::thread::spawn(move || {
        let mut output = Vec::new();
        if let Some(stdout) = stdout {
            // What came before an error is kept.
            let _ = stdout.take(MAX_OUTPUT_BYTES).read_to_end(&mut output);
        }
        output
    });
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if started.elapsed() < TIME_LIMIT => std::thread::sleep(Duration::from_millis(20)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(super::limits::too_slow(TIME_LIMIT));
            }
        }
    };
    let output = reader.join().unwrap_or_default();
    if !status.success() {
        return Err(Error::new(ErrorKind::Scanned, format!("no text: the recognition program failed ({status})"))
            .with_remedy("run it by hand on the file to see why"));
    }
    Ok(output)
}

/// A file for the program, removed in the end.
struct Input(PathBuf);

impl Input {
    fn write(bytes: &[u8], suffix: &str) -> Result<Input> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("gongwen-{}-{number}.{suffix}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let failed = |cause| Error::io("cannot write a file for the recognition program", cause).with_path(&path);
        let mut file: File = private().open(&path).map_err(failed)?;
        let input = Input(path.clone());
        file.write_all(bytes).map_err(failed)?;
        Ok(input)
    }
}

/// A new file that only its owner may read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

impl Drop for Input {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The suffix that programs expect of what bytes are.
pub(super) fn suffix(bytes: &[u8], name: &Path) -> String {
    let known: [(&[u8], &str); 6] = [
        (b"%PDF", "pdf"),
        (b"\x89PNG", "png"),
        (b"\xFF\xD8", "jpg"),
        (b"II*\0", "tif"),
        (b"MM\0*", "tif"),
        (b"GIF8", "gif"),
    ];
    let found = known.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, suffix)| (*suffix).to_owned());
    let own = super::detect::suffix(name);
    let is_plain = !own.is_empty() && own.len() <= 5 && own.bytes().all(|byte| byte.is_ascii_alphanumeric());
    found.unwrap_or_else(|| if is_plain { own } else { "bin".to_owned() })
}

/// Recognition sets blanks between Chinese characters; nobody wrote them.
fn join_characters(text: &str) -> String {
    let is_wide =
        |c: char| matches!(c, '\u{3000}'..='\u{9FFF}' | '\u{FF00}'..='\u{FFEF}' | '“' | '”' | '‘' | '’' | '…' | '—');
    let chars: Vec<char> = text.chars().collect();
    let mut joined = String::with_capacity(text.len());
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at)).is_some_and(|c| is_wide(*c));
        let after = chars.get(at + 1).is_some_and(|c| is_wide(*c));
        if *c == ' ' && before && after {
            continue;
        }
        joined.push(*c);
    }
    joined
}

fn split(line: &str) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut argument = String::new();
    let mut is_open = false;
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (None, '"' | '\'') => {
                quote = Some(c);
                is_open = true;
            }
            (Some(open), c) if c == open => quote = None,
            (None, c) if c.is_whitespace() => {
                if is_open {
                    arguments.push(std::mem::take(&mut argument));
                    is_open = false;
                }
            }
            (_, c) => {
                argument.push(c);
                is_open = true;
            }
        }
    }
    if is_open {
        arguments.push(argument);
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_split_and_need_a_place_for_the_file() {
        assert_eq!(split("a 'b c'  \"{input}\" d"), ["a", "b c", "{input}", "d"]);
        assert!(Ocr::parse("tesseract {input} stdout").is_ok());
        assert_eq!(Ocr::parse("tesseract").unwrap_err().kind(), ErrorKind::InvalidArgument);
        assert_eq!(Ocr::parse("").unwrap_err().kind(), ErrorKind::InvalidArgument);
    }

    #[cfg(unix)]
    #[test]
    fn a_program_is_run_on_a_file_that_is_gone_afterwards() {
        let text = "第 一 条 为了 GDP 增长\n".as_bytes();
        let read = Ocr::parse("cat {input}").unwrap().run(text, "png").unwrap();
        assert_eq!(read.paragraphs[0].text, "第一条为了 GDP 增长");
        let named = Ocr::parse("echo {input}").unwrap().run(text, "png").unwrap();
        assert!(named.paragraphs[0].text.ends_with(".png"));
        assert!(!Path::new(&named.paragraphs[0].text).exists());
        assert_eq!(Ocr::parse("false {input}").unwrap().run(text, "png").unwrap_err().kind(), ErrorKind::Scanned);
        assert!(Ocr::parse("no-such-program {input}").unwrap().run(text, "png").is_err());
    }

    #[test]
    fn blanks_between_chinese_characters_go() {
        assert_eq!(join_characters("关 于 印 发 《 办 法 》 2022 年 GDP 的"), "关于印发《办法》 2022 年 GDP 的");
    }
}
