//! `gongwen inspect`: what would be indexed of a file.

use std::io::{self, Read as _, Write as _};
use std::path::Path;

use gongwen::{extract, structure};
use serde_json::json;

use super::Outcome;
use crate::args::Inspect;
use crate::exit_code::Exit;
use crate::output::document;

pub fn run(args: &Inspect) -> Outcome {
    let name = args.file.display();
    let bytes = read(&args.file).map_err(|error| format!("{name}: cannot read the file: {error}"))?;
    let extracted = extract::extract(&bytes, &args.file)
        .map_err(|error| format!("{name}: {}", crate::output::error_text(&error).trim_start_matches("gongwen: ")))?;
    let parsed = structure::parse(&extracted, &args.file);
    let mut out = std::io::stdout().lock();
    if args.json {
        let mut value = serde_json::to_value(&parsed)?;
        if let Some(number) = &parsed.metadata.number {
            value["metadata"]["number_parts"] =
                json!({ "prefix": number.prefix, "year": number.year, "serial": number.serial });
        }
        value["file"] = json!(args.file.display().to_string());
        value["format"] = json!(extracted.format.name());
        value["encoding"] = json!(extracted.encoding);
        serde_json::to_writer(&mut out, &value)?;
        writeln!(out)?;
    } else {
        writeln!(out, "{} · {}", extracted.format.name(), extracted.encoding.unwrap_or("-"))?;
        if args.sources {
            document::sources(&parsed, &mut out)?;
        }
        document::outline(&parsed, &mut out)?;
    }
    Ok(Exit::Found)
}

/// A file's bytes; devices and pipes, which may have no end, are refused.
fn read(file: &Path) -> io::Result<Vec<u8>> {
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
    }
    let mut bytes = Vec::new();
    // One byte more than is read, so that the limit is noticed.
    std::fs::File::open(file)?.take(extract::MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
