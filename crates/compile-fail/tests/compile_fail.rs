//! Every program in `refused` fails to compile with the error beside it. Every program in `accepted` compiles,
//! and its result is right.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The compiler version of the expected errors. `TRYBUILD=overwrite` writes those of another.
const EXPECTED_VERSION: &str = "rustc 1.95.";

#[test]
fn a_race_does_not_compile() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/accepted/*.rs");
    match different_wording() {
        None => cases.compile_fail("tests/refused/*.rs"),
        Some(reason) => eprintln!("only error codes were compared: {reason}"),
    }
}

/// The reason why this compiler may word its errors differently.
fn different_wording() -> Option<&'static str> {
    let (_, version) = output(Command::new("rustc").arg("-V"));
    let (_, sysroot) = output(Command::new("rustc").args(["--print", "sysroot"]));
    if !version.starts_with(EXPECTED_VERSION) {
        return Some("the expected errors are those of Rust 1.95");
    }
    let sources = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library");
    sources.exists().then_some("with rust-src installed, rustc also shows lines of std")
}

/// With any compiler, the error codes are the expected ones.
#[test]
fn a_race_has_the_same_error_code_in_all_versions() {
    let refused = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/refused");
    let files = refused.read_dir().unwrap().map(|entry| entry.unwrap().path());
    let programs: Vec<PathBuf> = files.filter(|path| path.extension().unwrap() == "rs").collect();
    assert!(programs.len() >= 7, "{programs:?}");
    for program in programs {
        let expected = std::fs::read_to_string(program.with_extension("stderr")).unwrap();
        let code = expected.split(['[', ']']).nth(1).unwrap();
        let mut rustc = Command::new("rustc");
        rustc.args(["--edition", "2024", "--emit", "metadata", "--out-dir"]);
        // Not `-o /dev/null`: rustc would replace it by a file if it may.
        rustc.arg(env!("CARGO_TARGET_TMPDIR")).arg(&program);
        let (compiled, errors) = output(&mut rustc);
        assert!(!compiled, "{} compiles", program.display());
        assert!(errors.contains(&format!("error[{code}]")), "{errors}");
    }
}

/// Whether the command succeeded, and all of its output.
fn output(command: &mut Command) -> (bool, String) {
    let output = command.output().expect("rustc is available where cargo is");
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}
