//! What reading a run says of its files' ends, versions, names and sizes.

use std::fs;
use std::path::Path;

use contend_fixture::{block_of, run_of};
use contend_record::{
    AGAINST, Class, DAMAGED, OlderBuild, RUN, Record, RunStatus, SCHEMA, WINDOW_CHECK, WindowCheck, read,
    read_metadata, repair, sealed, sealed_run,
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
    run.plan.window_check = Some(WindowCheck { window_ns: 60_000_000, forks: 7 });
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

#[test]
fn values_that_no_window_measures_are_named_and_left_out() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    write(folder, RunStatus::Complete);
    let record = |value: f64| Record {
        value: Some(value),
        unit: Some("ms".to_owned()),
        operations: vec![50],
        window_ns: 1_000,
        ..Record::blank("counter/hot/a/2".parse().unwrap(), 1, 1)
    };
    // The first was found to draw an axis without end.
    for wrong in [5e-324, 1e-19, 1e19, 0.0, -1.0] {
        fs::write(folder.join("samples.jsonl"), sealed([&record(wrong)]).unwrap()).unwrap();
        let data = read(folder).unwrap();
        let said: Vec<String> = data.problems.iter().map(ToString::to_string).collect();
        let named = format!("samples.jsonl:1: counter/hot/a/2 has the value {wrong:?}; left out");
        assert!(data.records.is_empty() && said == [named], "{said:?}");
    }
    for right in [1e-18, 1.0, 1e18] {
        fs::write(folder.join("samples.jsonl"), sealed([&record(right)]).unwrap()).unwrap();
        assert_eq!(read(folder).unwrap().records.len(), 1, "{right}");
    }
}

#[test]
fn cpu_time_that_was_used_for_fewer_operations_than_there_are_is_named() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    write(folder, RunStatus::Complete);
    for (used_for, is_right) in [(None, true), (Some(50), true), (Some(80), true), (Some(49), false)] {
        let record = Record {
            value: Some(2.0),
            operations: vec![50],
            window_ns: 1_000,
            used_for,
            ..Record::blank("counter/hot/a/2".parse().unwrap(), 1, 1)
        };
        fs::write(folder.join("samples.jsonl"), sealed([&record]).unwrap()).unwrap();
        let named = "samples.jsonl:1: counter/hot/a/2 has 50 operations, and its CPU time was used for 49";
        assert_eq!(said(folder), if is_right { vec![] } else { vec![named.to_owned()] });
    }
}

/// Writes a run with these rounds of two cells, and returns the text of its records.
fn write_rounds(folder: &Path, status: RunStatus, rounds: u32) -> String {
    let block = block_of("counter/hot/2".parse().unwrap(), &["a", "b"], |_| Class::Immediate);
    let record = |name: &str, fork| Record {
        ns_per_op: Some(10.0),
        operations: vec![50, 50],
        window_ns: 1_000,
        ..Record::blank(block.block.cell(name), fork, 1)
    };
    let rounds = (1..=rounds).flat_map(|fork| sealed(&[record("a", fork), record("b", fork)]).unwrap());
    let text = String::from_utf8(rounds.collect()).unwrap();
    let mut run = run_of(vec![block.clone()]);
    run.status = status;
    run.plan.window_check = Some(WindowCheck { window_ns: 60_000_000, forks: 3 });
    fs::write(folder.join(RUN), sealed_run(&run).unwrap()).unwrap();
    fs::write(folder.join("samples.jsonl"), &text).unwrap();
    text
}

/// What is said of a run's files.
fn said(folder: &Path) -> Vec<String> {
    read(folder).unwrap().problems.iter().map(ToString::to_string).collect()
}

/// It has no seal, and was taken for the round of a run before seals.
#[test]
fn a_first_round_that_was_cut_off_is_named_and_set_aside() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let text = write_rounds(folder, RunStatus::Interrupted, 1);
    let samples = folder.join("samples.jsonl");
    let first_line = text.find('\n').unwrap() + 1;
    for end in [first_line / 2, first_line, text.len() - 20] {
        fs::write(&samples, &text[..end]).unwrap();
        let data = read(folder).unwrap();
        assert!(data.cut_off && data.records.is_empty(), "{end}: {:?}", data.records);
        let problems = repair(folder, |path, text| fs::write(path, text)).unwrap();
        assert_eq!(problems.len(), 1, "{end}");
        assert!(problems[0].to_string().starts_with("samples.jsonl:1: the last round was cut off"));
        assert_eq!(fs::read_to_string(&samples).unwrap(), "");
        let aside = fs::read_to_string(folder.join(DAMAGED)).unwrap();
        assert_eq!(aside.trim_end(), text[..end].trim_end());
        fs::remove_file(folder.join(DAMAGED)).unwrap();
    }
}

#[test]
fn removed_checksums_are_named_beside_a_run_json_that_has_one() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let text = write_rounds(folder, RunStatus::Complete, 2);
    let of_line = |line: &str| match line.find(",\"seal\"") {
        Some(at) => format!("{}}}\n", &line[..at]),
        None => format!("{line}\n"),
    };
    let unsealed: String = text.lines().map(of_line).collect();
    fs::write(folder.join("samples.jsonl"), unsealed.replace("\"ns_per_op\":10.0", "\"ns_per_op\":10.001"))
        .unwrap();
    let named =
        "samples.jsonl:1: the file has no checksums, though run.json has: they were removed (up to line 4)";
    assert_eq!(said(folder), [named]);
    let data = read(folder).unwrap();
    assert!(data.records.len() == 4 && data.problems[0].edited, "they make sense, and are used");
    // A run of a version before checksums has none in either file.
    let run = fs::read_to_string(folder.join(RUN)).unwrap();
    fs::write(folder.join(RUN), run.split(",\n\"seal\"").next().unwrap().to_owned() + "\n}\n").unwrap();
    assert!(said(folder).is_empty(), "{:?}", said(folder));
    // Where the rounds can be measured again, they are.
    fs::write(folder.join(RUN), run).unwrap();
    let problems = repair(folder, |path, text| fs::write(path, text)).unwrap();
    assert_eq!(problems[0].to_string(), format!("{named}; left out"));
    assert_eq!(fs::read_to_string(folder.join("samples.jsonl")).unwrap(), "");
}

#[test]
fn a_file_of_records_that_is_gone_or_empty_is_named() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    write_rounds(folder, RunStatus::Complete, 2);
    let (samples, check) = (folder.join("samples.jsonl"), folder.join(WINDOW_CHECK));
    // A run without winners has no window check.
    assert!(said(folder).is_empty());
    fs::write(folder.join("manifest.json"), "{\"sha256\": {\"window-check.jsonl\": \"0\"}}").unwrap();
    let missing = "window-check.jsonl:1: the file is missing, though manifest.json names it";
    assert_eq!(said(folder), [missing]);
    assert!(read(folder).unwrap().problems[0].edited, "the page names it too");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.join("nowhere"), &check).unwrap();
        assert_eq!(said(folder), [missing]);
        fs::remove_file(&check).unwrap();
    }
    fs::write(&check, "").unwrap();
    let empty = "window-check.jsonl:1: the file has no records, though manifest.json names it";
    assert_eq!(said(folder), [empty]);
    fs::write(&samples, "").unwrap();
    let named = "samples.jsonl:1: the file has no records, though run.json says that the run is complete";
    assert_eq!(said(folder), [named, empty]);
    let edited: Vec<bool> = read(folder).unwrap().problems.iter().map(|problem| problem.edited).collect();
    assert_eq!(edited, [false, true], "the plan names the records that are missing, and `merge` with it");
    let two_builds = |run: &mut contend_record::Run| {
        let (executable, file) = ("e".to_owned(), "older".to_owned());
        run.against = Some(OlderBuild { executable, file, run: None, commit: None });
    };
    let mut run = read_metadata(folder).unwrap().run;
    two_builds(&mut run);
    fs::write(folder.join(RUN), sealed_run(&run).unwrap()).unwrap();
    let against = "against.jsonl:1: the file is missing, though run.json says that the run is complete";
    assert_eq!(said(folder), [named, empty, against]);
    // One that was interrupted may have measured nothing.
    run.status = RunStatus::Interrupted;
    fs::write(folder.join(RUN), sealed_run(&run).unwrap()).unwrap();
    assert_eq!(said(folder), [empty]);
}

#[test]
fn the_window_check_is_checked_against_the_plan_as_other_records_are() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    write_rounds(folder, RunStatus::Complete, 2);
    let record = |name: &str, fork, round, ns_per_op: f64| Record {
        ns_per_op: Some(ns_per_op),
        operations: vec![50, 50],
        window_ns: 1_000,
        ..Record::blank(format!("counter/hot/{name}/2").parse().unwrap(), fork, round)
    };
    let records = [
        record("a", 1, 1, 10.0),
        record("own::Foreign", 1, 1, 10.0),
        record("b", 1, 1, -10.0),
        record("b", 77, 1, 10.0),
        record("b", 1, 2, 10.0),
        record("a", 1, 1, 10.0),
    ];
    let text: Vec<u8> = records.iter().flat_map(|record| sealed([record]).unwrap()).collect();
    fs::write(folder.join(WINDOW_CHECK), text).unwrap();
    let named = [
        "2: counter/hot/own::Foreign/2 is not in the plan",
        "3: counter/hot/b/2 has the value -10.0",
        "4: counter/hot/b/2 has fork 77 of 3 planned",
        "5: counter/hot/b/2 has round 2 of 1 planned",
        "6: counter/hot/a/2 has round 1 of fork 1 twice",
    ];
    assert_eq!(said(folder), named.map(|what| format!("window-check.jsonl:{what}; left out")));
    assert_eq!(read(folder).unwrap().long, records[..1]);
    // Blocks whose own windows are as long are not checked.
    let mut run = read_metadata(folder).unwrap().run;
    run.plan.window_check = Some(WindowCheck { window_ns: 1_000, forks: 3 });
    fs::write(folder.join(RUN), sealed_run(&run).unwrap()).unwrap();
    assert!(read(folder).unwrap().long.is_empty());
}
