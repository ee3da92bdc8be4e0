//! What reading a run says of its files' ends, versions, names and sizes.

use std::fs;
use std::path::Path;

use contend_fixture::{block_of, run_of};
use contend_record::{
    AGAINST, Class, OlderBuild, RUN, Record, RunStatus, SCHEMA, WINDOW_CHECK, read, read_metadata, sealed,
    sealed_run,
};

/// Writes a run of two builds with one round in each of its three files of records.
fn write(folder: &Path, status: RunStatus) {
    let block = block_of("counter/hot/2".parse().unwrap(), &["a"], |_| Class::Immediate);
    let record = Record {
        ns_per_op: Some(10.0),
        operations: vec![50, 50],
        window_ns: 1_000,
        ..Record::blank(block.block.cell("a"), 1, 1)
    };
    let mut run = run_of(vec![block]);
    run.status = status;
    let (executable, file) = ("e".to_owned(), "older".to_owned());
    run.against = Some(OlderBuild { executable, file, run: None, commit: None });
    fs::write(folder.join(RUN), sealed_run(&run).unwrap()).unwrap();
    for file in ["samples.jsonl", WINDOW_CHECK, AGAINST] {
        fs::write(folder.join(file), sealed([&record]).unwrap()).unwrap();
    }
}

/// The error of reading `run.json` with this text.
fn error_of(text: &[u8]) -> String {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join(RUN), text).unwrap();
    read_metadata(place.path()).unwrap_err().to_string()
}

#[test]
fn an_end_that_is_cut_off_is_no_damage_in_a_run_that_may_have_been_killed() {
    for status in [RunStatus::Running, RunStatus::Interrupted, RunStatus::Complete] {
        for file in ["samples.jsonl", WINDOW_CHECK, AGAINST] {
            let place = tempfile::tempdir().unwrap();
            let folder = place.path();
            write(folder, status);
            let path = folder.join(file);
            let text = fs::read(&path).unwrap();
            fs::write(&path, [&text[..], &text[..text.len() / 2]].concat()).unwrap();
            let data = read(folder).unwrap();
            let said: Vec<String> = data.problems.iter().map(ToString::to_string).collect();
            match status {
                RunStatus::Complete => {
                    assert!(!data.cut_off, "{file}");
                    assert_eq!(said, [format!("{file}:2: the last round was cut off; left out")]);
                }
                _ => assert!(data.cut_off && said.is_empty(), "{status:?} {file}: {said:?}"),
            }
            assert_eq!((data.records.len(), data.long.len(), data.against.len()), (1, 1, 1));
        }
    }
}

#[test]
fn another_schema_is_named_with_its_line_whether_the_file_is_a_run_or_not() {
    let place = tempfile::tempdir().unwrap();
    write(place.path(), RunStatus::Complete);
    let text = fs::read_to_string(place.path().join(RUN)).unwrap();
    let other = SCHEMA + 6;
    let changed = text.replacen(&format!("\"schema\": {SCHEMA}"), &format!("\"schema\": {other}"), 1);
    assert!(changed != text);
    for text in [changed, format!("{{\n\n  \"schema\": {other}\n}}")] {
        let line = text.lines().position(|line| line.contains("schema")).unwrap() + 1;
        let error = error_of(text.as_bytes());
        let named = format!("{RUN}:{line}: schema {other}, but this contend reads schema {SCHEMA}");
        assert!(error.contains(&named), "`{error}`, not `{named}`");
    }
    let error = error_of(format!("{{\n  \"schema\": {SCHEMA}\n}}").as_bytes());
    assert!(error.contains("run.json:3: missing field") && !error.contains("this contend"), "{error}");
}

#[test]
fn a_run_has_the_name_of_its_folder() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("renamed");
    fs::create_dir(&folder).unwrap();
    write(&folder, RunStatus::Complete);
    fs::create_dir(folder.join("charts")).unwrap();
    for path in [folder.clone(), folder.join("."), folder.join("charts/..")] {
        assert_eq!(read_metadata(&path).unwrap().run.run, "renamed", "{}", path.display());
    }
}

#[test]
fn text_that_is_no_utf_8_is_named_with_its_line() {
    for (text, line) in [(&b"\xff"[..], 1), (b"{\n\n\"run\": \"\xff\"\n}", 3), (b"{\n\xff", 2)] {
        let error = error_of(text);
        assert!(error.ends_with(&format!("run.json:{line}: invalid UTF-8")), "{error}");
    }
}

#[test]
fn a_file_that_is_larger_than_any_that_was_written_is_not_read() {
    let place = tempfile::tempdir().unwrap();
    let file = fs::File::create(place.path().join(RUN)).unwrap();
    let error_at = |size: u64| {
        file.set_len(size).unwrap(); // without a byte on the disk
        read_metadata(place.path()).unwrap_err().to_string()
    };
    assert!(error_at((64 << 20) + 1).contains("it has 67108865 bytes"));
    assert!(error_at((64 << 20) + 9).contains("it has 67108873 bytes"));
    assert!(error_at(64 << 20).contains("run.json:1: "), "it is read, and no JSON");
}
