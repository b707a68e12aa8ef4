//! What the program is built from: every crate of `Cargo.lock` has a licence that an
//! MIT program can be given away with, listed in `tests/licences.txt`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Licences that ask for no more than their text being passed on.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    // Of a file: changes to it must be shared, what uses it need not be.
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

fn file(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect(name)
}

/// Names and versions of the lock file, our own left out.
fn locked() -> Vec<String> {
    let value = |line: &str| line.split('"').nth(1).expect("a quoted value").to_owned();
    let lock = file("Cargo.lock");
    let packages = lock.split("[[package]]").skip(1).map(|package| {
        let field = |name: &str| package.lines().find(|line| line.starts_with(name)).map(value).expect("a field");
        format!("{} {}", field("name = "), field("version = "))
    });
    packages.filter(|package| !package.starts_with("gongwen ")).collect()
}

/// Whether one of the alternatives of an SPDX expression is allowed in all its parts.
fn is_allowed(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ").replace(['(', ')'], " ");
    let is_part_allowed = |part: &str| ALLOWED.contains(&part.trim());
    // `A OR B AND C` of the crates here always means that the ANDs may be taken whole.
    expression.split(" AND ").all(|all| all.split(" OR ").any(is_part_allowed))
}

/// What the crates themselves say, asked of cargo.
fn from_cargo() -> BTreeMap<String, String> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--all-features", "--locked", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages").iter().map(|package| {
        let text = |key: &str| package[key].as_str().unwrap_or("none").to_owned();
        (format!("{} {}", text("name"), text("version")), text("license"))
    });
    packages.filter(|(package, _)| !package.starts_with("gongwen ")).collect()
}

#[test]
fn every_crate_has_a_licence_that_is_allowed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/licences.txt");
    if std::env::var_os("GONGWEN_UPDATE_LICENCES").is_some() {
        let lines: String = from_cargo().iter().map(|(package, licence)| format!("{package}: {licence}\n")).collect();
        std::fs::write(&path, lines).expect("write");
    }
    let list = file("tests/licences.txt");
    let listed: BTreeMap<&str, &str> = list.lines().filter_map(|line| line.split_once(": ")).collect();
    let remedy = "run the tests with GONGWEN_UPDATE_LICENCES=1 and look at the difference";
    for package in locked() {
        let licence = listed.get(package.as_str());
        // Of targets that cargo has no sources for here (Windows), too.
        assert!(licence.is_some(), "{package} is in Cargo.lock but not in tests/licences.txt; {remedy}");
    }
    for (package, licence) in &listed {
        assert!(is_allowed(licence), "{package}: the licence {licence} is not allowed");
    }
}

#[test]
fn the_rules_refuse_what_they_should() {
    for expression in ["MIT", "MIT OR GPL-3.0", "Apache-2.0/MIT", "(MIT OR Apache-2.0) AND Unicode-3.0", "MPL-2.0"] {
        assert!(is_allowed(expression), "{expression}");
    }
    for expression in ["GPL-3.0-only", "AGPL-3.0", "LGPL-2.1", "MIT AND GPL-2.0", "none", "", "SSPL-1.0"] {
        assert!(!is_allowed(expression), "{expression}");
    }
}

#[test]
fn our_own_code_has_no_unsafe() {
    for root in ["src/lib.rs", "src/bin/gongwen/main.rs"] {
        assert!(file(root).contains("#![forbid(unsafe_code)]"), "{root}");
    }
}

#[test]
fn crates_come_from_the_registry_with_a_checksum() {
    let lock = file("Cargo.lock");
    for package in lock.split("[[package]]").skip(1).filter(|package| !package.contains("name = \"gongwen\"")) {
        assert!(package.contains("registry+https://github.com/rust-lang/crates.io-index"), "{package}");
        assert!(package.contains("checksum = "), "{package}");
    }
}

/// What `build.rs` asks the linker for, and what `GONGWEN_PIE` takes back: the type of an ELF
/// file, at its byte 16, is 2 for one that lies at a fixed address and 3 for one that may
/// lie anywhere.
#[test]
#[cfg(all(target_os = "linux", target_env = "gnu", not(target_feature = "crt-static")))]
fn the_program_lies_where_it_was_asked_to() {
    let program = std::fs::read(env!("CARGO_BIN_EXE_gongwen")).expect("the program");
    assert_eq!(program[..4], *b"\x7fELF");
    let is_anywhere = std::env::var_os("GONGWEN_PIE").is_some_and(|value| value == "1");
    assert_eq!(program[16], if is_anywhere { 3 } else { 2 });
}
