//! A terminal that cannot draw, and colours.

use super::*;

/// The output of a command in a terminal of this kind, by `script` of util-linux.
fn in_terminal(kind: &str, variables: &[(&str, &str)], args: &str) -> String {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let contend = env!("CARGO_BIN_EXE_contend");
    let line = format!("'{contend}' {args} --reports '{}'", reports.path().display());
    let mut command = Command::new("script");
    command.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
    command.env("TERM", kind).env_remove("CARGO_TERM_COLOR").env_remove("NO_COLOR");
    command.envs(variables.iter().copied());
    let output = command.output().expect("`script` is installed");
    let text = stdout(&output);
    assert!(output.status.code().is_some_and(|code| code < 2), "{text}");
    text
}

const RUN: &str = "run counter/hot/std::sync --threads 1 --forks 8 --rounds 2 --window 2ms";

#[test]
fn a_dumb_terminal_gets_plain_lines() {
    let text = in_terminal("dumb", &[], RUN);
    assert!(text.contains("plan: ") && text.contains("index.html"), "{text}");
    assert!(!text.contains('\u{1b}'), "escapes: {text:?}");
    let unknown = in_terminal("", &[], RUN);
    assert!(!unknown.contains('\u{1b}'), "escapes: {unknown:?}");
    let drawn = in_terminal("xterm-256color", &[], RUN);
    assert!(drawn.contains('\u{1b}') && drawn.contains(" left"), "no bar: {drawn:?}");
}

#[test]
fn cargos_choice_of_colours_is_followed() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let coloured = |variables: &[(&str, &str)], args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_contend"));
        command.args(["check", "claims.toml", "--run", "before"]).args(args).current_dir(&fixtures);
        command.env_remove("CARGO_TERM_COLOR").env_remove("NO_COLOR").envs(variables.iter().copied());
        stdout(&command.output().expect("contend starts")).contains('\u{1b}')
    };
    assert!(!coloured(&[], &[]));
    assert!(coloured(&[("CARGO_TERM_COLOR", "always")], &[]));
    assert!(!coloured(&[("CARGO_TERM_COLOR", "always"), ("NO_COLOR", "1")], &[]));
    assert!(!coloured(&[("CARGO_TERM_COLOR", "always")], &["--color", "never"]));
    assert!(coloured(&[("CARGO_TERM_COLOR", "never")], &["--color", "always"]));
    let fixtures = fixtures.display();
    let check = format!("check '{fixtures}/claims.toml' --run '{fixtures}/before'");
    assert!(in_terminal("xterm", &[], &check).contains('\u{1b}'));
    assert!(!in_terminal("xterm", &[("CARGO_TERM_COLOR", "never")], &check).contains('\u{1b}'));
    assert!(!in_terminal("dumb", &[], &check).contains('\u{1b}'));
}

#[test]
fn help_has_the_colours_of_the_rest() {
    for (variables, coloured) in [
        (&[][..], true),
        (&[("CARGO_TERM_COLOR", "never")], false),
        (&[("NO_COLOR", "1")], false),
        (&[("TERM", "dumb")], false),
    ] {
        let output = Command::new("script")
            .args(["--quiet", "--return", "--command"])
            .arg(format!("'{}' run --help", env!("CARGO_BIN_EXE_contend")))
            .arg("/dev/null")
            .env("TERM", "xterm")
            .env_remove("CARGO_TERM_COLOR")
            .env_remove("NO_COLOR")
            .envs(variables.iter().copied())
            .output()
            .expect("`script` is installed");
        let text = stdout(&output);
        assert!(text.contains("--quick"), "{text}");
        assert_eq!(text.contains('\u{1b}'), coloured, "{variables:?}");
    }
}

/// Names of folders, files and arguments are text from outside.
#[test]
#[cfg(unix)]
fn no_name_takes_a_control_character_to_a_terminal_or_page() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let reports = tempfile::tempdir().expect("a temporary folder");
    let odd = "a\u{1b}[31m\u{202e}b";
    let run = reports.path().join(odd);
    fs::create_dir_all(run.join("claims")).expect("a folder");
    for file in ["run.json", "samples.jsonl"] {
        fs::copy(fixtures.join("before").join(file), run.join(file)).expect("a copy");
    }
    let claims = run.join("claims").join(format!("{odd}.toml"));
    fs::copy(fixtures.join("claims.toml"), &claims).expect("a copy");
    let is_raw = |text: &str| text.contains(['\u{1b}', '\u{202e}']);
    let claims = claims.to_str().expect("Unicode");
    let commands: [&[&str]; 8] = [
        &["report", odd],
        &["check", claims, "--run", odd],
        &["check", odd, "--run", odd],
        &["cite", "counter/hot", odd],
        &["verify", odd],
        &["run", odd],
        &["run", "--window", odd],
        &[odd],
    ];
    for command in commands {
        let output = contend(command, reports.path());
        let (out, err) = (stdout(&output), stderr(&output));
        assert!(!is_raw(&out) && !is_raw(&err), "{command:?}: {out:?} {err:?}");
        assert!(!out.is_empty() || !err.is_empty(), "{command:?} says nothing");
    }
    for file in ["index.html", "summary.md", "verdicts.json"] {
        let text = fs::read_to_string(run.join(file)).expect("the report was written");
        assert!(!is_raw(&text), "{file}");
    }
    let page = fs::read_to_string(run.join("index.html")).expect("the page");
    assert!(page.contains("claims/a%1B%5B31m%E2%80%AEb.toml"), "no link to the claims");
}
