//! `contend schema`, and runs of other schema versions.

use super::*;

/// `contend` with these arguments alone.
fn plain(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_contend")).args(args).output().expect("contend starts")
}

/// `crates/schema` checks what the schemas say.
#[test]
fn the_schemas_are_printed_as_they_are_committed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/run/schema");
    for name in ["run", "record", "verdicts"] {
        let output = plain(&["schema", name]);
        assert!(output.status.success(), "{}", stderr(&output));
        let text = stdout(&output);
        if let Ok(committed) = fs::read_to_string(folder.join(format!("{name}.json"))) {
            assert_eq!(text, committed.replace('\r', ""), "{name}");
        }
        let schema: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    }
}

#[test]
fn another_word_than_those_of_the_schemas_is_an_error_that_names_them() {
    for args in [&["schema", "samples"][..], &["schema", "Run"]] {
        let output = plain(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains("run, record, verdicts"), "{args:?}: {}", stderr(&output));
        assert!(output.stdout.is_empty(), "{args:?}");
    }
    let output = plain(&["schema"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("is missing"), "{}", stderr(&output));
}

/// A run of another version is no run that a newer one could be made from: `report` must not change it.
#[test]
fn every_command_refuses_a_run_of_another_schema_by_its_number() {
    let (reports, good) = short_run();
    let good = good.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
    let other = reports.path().join("other");
    fs::create_dir(&other).expect("a folder");
    fs::copy(reports.path().join(&good).join("samples.jsonl"), other.join("samples.jsonl")).expect("records");
    let text = fs::read_to_string(reports.path().join(&good).join("run.json")).expect("run.json");
    let (a, b) = ("std::sync::Mutex", "std::sync::atomic+fetch_add");
    for version in [0, 2, 99] {
        let text = text.replacen("\"schema\": 1", &format!("\"schema\": {version}"), 1);
        fs::write(other.join("run.json"), &text).expect("written");
        for args in [
            &["report", "other"][..],
            &["compare", "other", &good],
            &["compare", &good, "other"],
            &["compare", &good, "other", "--fail-on", "slower"],
            &["versus", a, b, "--run", "other"],
            &["cite", "counter", "--run", "other"],
            &["check", "--run", "other"],
            &["export", "csv", "other"],
            &["export", "bencher", "other"],
            &["merge", "other", &good, "--into", "both"],
        ] {
            let output = contend(args, reports.path());
            let error = stderr(&output);
            assert_eq!(output.status.code(), Some(2), "{args:?}: {error}");
            let named = error.contains(&format!("schema {version}, but")) && error.contains("run.json:2: ");
            assert!(named, "{args:?}: {error}");
            assert!(output.stdout.is_empty(), "{args:?}");
        }
        // What `verify` finds is its result.
        let output = contend(&["verify", "other"], reports.path());
        assert_eq!(output.status.code(), Some(1));
        assert!(stdout(&output).contains(&format!("schema {version}, but")), "{}", stdout(&output));
        let names: Vec<String> = fs::read_dir(&other)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        assert_eq!(names.len(), 2, "nothing is written: {names:?}");
        assert_eq!(fs::read_to_string(other.join("run.json")).expect("run.json"), text);
        assert!(!reports.path().join("both").exists());
    }
}
