//! Every program in `refused` is refused, in the words beside it; every one in `accepted` compiles, and
//! counts right.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The compiler whose words they are. `TRYBUILD=overwrite` takes down those of another.
const WORDS_OF: &str = "rustc 1.95.";

#[test]
fn a_race_does_not_compile() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/accepted/*.rs");
    match other_words() {
        None => cases.compile_fail("tests/refused/*.rs"),
        Some(why) => eprintln!("only the errors' codes were compared: {why}"),
    }
}

/// Why this compiler may word its errors otherwise.
fn other_words() -> Option<&'static str> {
    let (_, version) = output(Command::new("rustc").arg("-V"));
    let (_, sysroot) = output(Command::new("rustc").args(["--print", "sysroot"]));
    if !version.starts_with(WORDS_OF) {
        return Some("the words are those of Rust 1.95");
    }
    let sources = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library");
    sources.exists().then_some("rust-src is installed, and with it rustc shows lines of std as well")
}

/// Whatever the compiler is, and however it words them: the same errors, by their codes.
#[test]
fn a_race_does_not_compile_in_any_words() {
    let refused = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/refused");
    let files = refused.read_dir().unwrap().map(|entry| entry.unwrap().path());
    let programs: Vec<PathBuf> = files.filter(|path| path.extension().unwrap() == "rs").collect();
    assert!(programs.len() >= 7, "{programs:?}");
    for program in programs {
        let words = std::fs::read_to_string(program.with_extension("stderr")).unwrap();
        let code = words.split(['[', ']']).nth(1).unwrap();
        let mut rustc = Command::new("rustc");
        rustc.args(["--edition", "2024", "--emit", "metadata", "--out-dir"]);
        // Never `-o /dev/null`: rustc puts a file in its place, where it may.
        rustc.arg(env!("CARGO_TARGET_TMPDIR")).arg(&program);
        let (compiled, says) = output(&mut rustc);
        assert!(!compiled, "{} compiles", program.display());
        assert!(says.contains(&format!("error[{code}]")), "{says}");
    }
}

/// Whether it ended well, and all that it said.
fn output(command: &mut Command) -> (bool, String) {
    let output = command.output().expect("rustc is there where cargo is");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}
