//! `gongwen inspect`: what would be indexed of a file.

use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;

use gongwen::extract::{self, Part};
use gongwen::structure;
use serde_json::json;

use super::Outcome;
use crate::args::Inspect;
use crate::exit_code::Exit;
use crate::output::document;

pub fn run(args: &Inspect) -> Outcome {
    let bytes = read(&args.file).map_err(|error| format!("{}: cannot read the file: {error}", args.file.display()))?;
    let options = super::read_options(&args.read)?;
    let mut out = std::io::stdout().lock();
    let mut failed = 0_u64;
    let mut count = 0_u64;
    let mut broken: Result<(), Box<dyn std::error::Error>> = Ok(());
    let result = extract::documents_guarded(&Arc::new(bytes), &args.file, &options, &mut |part| {
        count += 1;
        if broken.is_ok() {
            broken = show(args, part, &mut out, &mut failed);
        }
        Ok(())
    });
    broken?;
    result.map_err(|error| failure(&args.file.display().to_string(), &error))?;
    if failed == count && count == 1 {
        return Ok(Exit::Failed);
    }
    Ok(if failed > 0 { Exit::Failed } else { Exit::Found })
}

fn failure(name: &str, error: &gongwen::Error) -> String {
    format!("{name}: {}", crate::output::error_text(error).trim_start_matches("gongwen: "))
}

/// One document of the file; a file of several shows each under its path.
fn show(
    args: &Inspect,
    part: Part,
    out: &mut impl std::io::Write,
    failed: &mut u64,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut name = args.file.display().to_string();
    if let Some(member) = &part.member {
        name = format!("{name}!/{member}");
    }
    let extracted = match part.result {
        Ok(extracted) => extracted,
        Err(error) => {
            *failed += 1;
            writeln!(std::io::stderr(), "gongwen: {}", failure(&name, &error))?;
            return Ok(());
        }
    };
    let parsed = structure::parse(&extracted, std::path::Path::new(&name));
    if args.json {
        let mut value = serde_json::to_value(&parsed)?;
        if let Some(number) = &parsed.metadata.number {
            value["metadata"]["number_parts"] =
                json!({ "prefix": number.prefix, "year": number.year, "serial": number.serial });
        }
        value["file"] = json!(name);
        value["format"] = json!(extracted.format.name());
        value["encoding"] = json!(extracted.encoding);
        serde_json::to_writer(&mut *out, &value)?;
        writeln!(out)?;
        return Ok(());
    }
    if part.member.is_some() {
        writeln!(out, "{}", crate::sanitize::text(&name))?;
    }
    writeln!(out, "{} · {}", extracted.format.name(), extracted.encoding.unwrap_or("-"))?;
    if args.sources {
        document::sources(&parsed, out)?;
    }
    document::outline(&parsed, out)?;
    Ok(())
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
