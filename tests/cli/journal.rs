//! The files of a run under damage, two runs at once, and full disks: nothing is lost or mixed without a word.

use super::*;

use contend::record::{DAMAGED, Record, read, sealed};

/// A complete run that says it was interrupted, so that `--resume` looks for what it lacks.
fn resumable() -> (TempDir, PathBuf) {
    let (reports, run) = short_run();
    let path = run.join("run.json");
    let text = fs::read_to_string(&path).expect("run.json");
    fs::write(&path, text.replacen("\"complete\"", "\"interrupted\"", 1)).expect("it can be written");
    (reports, run)
}

fn resume(reports: &Path) -> Output {
    contend(&["run", "--resume"], reports)
}

/// Whether the run has each planned round exactly once, and nothing is wrong with its records.
fn assert_whole(run: &Path) {
    let data = read(run).expect("it can be read");
    assert!(data.problems.is_empty() && !data.cut_off, "{:?}", data.problems);
    for block in &data.run.plan.blocks {
        for cell in &block.cells {
            let cell = block.block.cell(&cell.contender);
            let of_cell = || data.records.iter().filter(|record| record.cell == cell);
            let rounds: BTreeSet<_> = of_cell().map(|record| (record.fork, record.round)).collect();
            assert_eq!(rounds.len(), 3 * 2, "{cell}");
            let valid: Vec<_> = of_cell().filter(|r| r.valid).map(|r| (r.fork, r.round)).collect();
            assert_eq!(valid.iter().collect::<BTreeSet<_>>().len(), valid.len(), "{cell} has a round twice");
        }
    }
}

#[test]
fn damaged_rounds_are_set_aside_named_and_measured_again() {
    let (reports, run) = resumable();
    let path = run.join("samples.jsonl");
    let samples = fs::read_to_string(&path).expect("samples");
    let lines: Vec<&str> = samples.lines().collect();
    // A changed digit, a line that is no record, and one that is gone: of three rounds.
    let mut changed: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    let ends: Vec<usize> = (0..lines.len()).filter(|i| lines[*i].contains("\"seal\"")).collect();
    changed[0] = changed[0].replacen("\"window_ns\":", "\"window_ns\":9", 1);
    changed[ends[1]] = "no record \u{1b}[2J".to_owned();
    changed.remove(ends[3] - 1);
    fs::write(&path, changed.join("\n")).expect("it can be written");

    let output = contend(&["report"], reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    for named in ["samples.jsonl:1: the round does not match its checksum", "samples.jsonl:"] {
        assert!(stderr(&output).contains(named), "{named}: {}", stderr(&output));
    }
    assert!(fs::read_to_string(run.join("index.html")).expect("a page").contains("damaged or changed"));

    let output = resume(reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("set aside in damaged.jsonl"), "{}", stderr(&output));
    let aside = fs::read_to_string(run.join(DAMAGED)).expect("what was set aside");
    assert!(aside.contains("no record") && aside.contains(&changed[0]), "{aside}");
    assert_whole(&run);
}

#[test]
fn a_missing_last_line_end_and_a_half_written_round_are_mended() {
    for cut in [1, 200] {
        let (reports, run) = resumable();
        let path = run.join("samples.jsonl");
        let samples = fs::read(&path).expect("samples");
        fs::write(&path, &samples[..samples.len() - cut]).expect("it can be written");
        let output = resume(reports.path());
        assert!(output.status.success(), "{}", stderr(&output));
        assert_whole(&run);
        assert!(fs::read(&path).expect("samples").starts_with(&samples[..samples.len() - 6_000]));
    }
}

/// A file without a checksum was taken for one of an older run, and its half round for a whole one.
#[test]
fn a_first_round_that_was_cut_off_is_named_set_aside_and_measured_again() {
    let (reports, run) = resumable();
    let path = run.join("samples.jsonl");
    let samples = fs::read_to_string(&path).expect("samples");
    // A round that was disturbed may have one line.
    let of_round = samples.find("\"seal\"").expect("a round");
    let last_line = samples[..of_round].rfind('\n').map_or(of_round, |at| at + 1);
    for end in [100, last_line] {
        fs::write(&path, &samples[..end]).expect("it can be written");
        let output = contend(&["report"], reports.path());
        assert!(stderr(&output).contains("the last round was cut off"), "{}", stderr(&output));
        let output = resume(reports.path());
        assert!(output.status.success(), "{}", stderr(&output));
        for named in ["samples.jsonl:1: the last round was cut off", "set aside in damaged.jsonl"] {
            assert!(stderr(&output).contains(named), "{named}: {}", stderr(&output));
        }
        let aside = fs::read_to_string(run.join(DAMAGED)).expect("what was set aside");
        assert!(aside.contains(samples[..end].trim_end()), "{aside}");
        assert_whole(&run);
        let text = fs::read_to_string(run.join("run.json")).expect("run.json");
        fs::write(run.join("run.json"), text.replacen("\"complete\"", "\"interrupted\"", 1))
            .expect("written");
    }
}

/// What every command that reads a run says of it.
fn assert_named(reports: &Path, named: &str) {
    for command in [&["report"][..], &["cite", "counter/hot"], &["check"], &["export", "csv"]] {
        let output = contend(command, reports);
        assert!(stderr(&output).contains(named), "{command:?}: {named}: {}", stderr(&output));
    }
    let output = contend(&["verify"], reports);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    assert!(stdout(&output).contains(&format!("wrong: {named}")), "{named}: {}", stdout(&output));
}

#[test]
fn checksums_and_records_that_were_removed_are_named_by_every_command() {
    let (reports, run) = short_run();
    let (samples, manifest) = (run.join("samples.jsonl"), run.join("manifest.json"));
    let text = fs::read_to_string(&samples).expect("samples");
    let without_seal = |line: &str| match line.find(",\"seal\"") {
        Some(at) => format!("{}}}\n", &line[..at]),
        None => format!("{line}\n"),
    };
    fs::write(&samples, text.lines().map(without_seal).collect::<String>()).expect("it can be written");
    assert_named(reports.path(), "samples.jsonl:1: the file has no checksums, though run.json has");
    let page = fs::read_to_string(run.join("index.html")).expect("a page");
    assert!(page.contains("damaged or changed part") && page.contains("has no checksums"));

    // A refuted winner would come back with the file of its longer windows.
    fs::write(&samples, &text).expect("it can be written");
    let names = fs::read_to_string(&manifest).expect("a manifest");
    let with_check = names.replacen("\"sha256\": {", "\"sha256\": {\n    \"window-check.jsonl\": \"0\",", 1);
    fs::write(&manifest, with_check).expect("it can be written");
    assert_named(reports.path(), "window-check.jsonl:1: the file is missing, though manifest.json names it");
    fs::write(run.join("window-check.jsonl"), "").expect("it can be written");
    assert_named(
        reports.path(),
        "window-check.jsonl:1: the file has no records, though manifest.json names it",
    );
    let page = fs::read_to_string(run.join("index.html")).expect("a page");
    assert!(page.contains("window-check.jsonl:1: the file has no records"));

    fs::write(&samples, "").expect("it can be written");
    for command in [&["report"][..], &["cite", "counter/hot"], &["export", "csv"]] {
        let output = contend(command, reports.path());
        let named = "samples.jsonl:1: the file has no records, though run.json says";
        assert!(stderr(&output).contains(named), "{command:?}: {}", stderr(&output));
    }
    let output = contend(&["check"], reports.path());
    assert!(output.status.code() == Some(2) && stderr(&output).contains("no valid record"));
}

#[test]
fn a_second_run_in_a_folder_is_told_who_measures_there() {
    let (reports, run) = resumable();
    let held = fs::File::create(run.join(".lock")).expect("a file");
    held.lock().expect("it is free");
    fs::write(run.join(".lock"), "process 4711 since then\u{1b}").expect("it can be written");
    let before = fs::read(run.join("samples.jsonl")).expect("samples");
    let output = resume(reports.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("process 4711 since then\\u{1b} measures there"), "{}", stderr(&output));
    assert_eq!(fs::read(run.join("samples.jsonl")).expect("samples"), before);
    drop(held);
    assert!(resume(reports.path()).status.success());
    assert_whole(&run);
}

#[test]
fn a_cell_that_failed_stays_failed() {
    let (reports, run) = resumable();
    let path = run.join("samples.jsonl");
    let data = read(&run).expect("it can be read");
    let last = data.run.plan.blocks.last().expect("a block");
    let cell = last.block.cell("std::sync::Mutex");
    let is_kept = |r: &&Record| !(r.cell.block() == last.block && r.fork > 1 || r.cell == cell);
    let mut kept: Vec<_> = data.records.iter().filter(is_kept).cloned().collect();
    let failed = contend::record::Status::Failed;
    let reason = Some("an update was lost".to_owned());
    kept.push(Record { status: failed, valid: false, reason, ..Record::blank(cell.clone(), 1, 1) });
    let rounds = kept.chunk_by(|a, b| (a.cell.block(), a.fork, a.round) == (b.cell.block(), b.fork, b.round));
    let text: Vec<u8> = rounds.flat_map(|round| sealed(round).expect("JSON")).collect();
    fs::write(&path, text).expect("it can be written");

    let output = resume(reports.path());
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("1 cell failed before"), "{}", stderr(&output));
    let records = read(&run).expect("it can be read").records;
    let of_cell: Vec<_> = records.iter().filter(|record| record.cell == cell).collect();
    assert!(of_cell.len() == 1 && of_cell[0].status == failed, "{of_cell:?}");
    assert!(records.iter().any(|r| r.cell.block() == last.block && r.fork == 3));
}

#[test]
fn what_is_not_of_the_plan_is_named() {
    let (reports, run) = short_run();
    let path = run.join("samples.jsonl");
    let mut samples = fs::read_to_string(&path).expect("samples");
    let data = read(&run).expect("it can be read");
    let valid = || data.records.iter().find(|record| record.valid).expect("a record").clone();
    let mut foreign = valid();
    foreign.cell.contender = "own::Foreign".to_owned();
    let late = Record { fork: 77, ..valid() };
    let negative = Record { ns_per_op: Some(-1.0), fork: 3, round: 2, ..valid() };
    for record in [foreign, late, valid(), negative] {
        samples += std::str::from_utf8(&sealed([&record]).expect("JSON")).expect("text");
    }
    fs::write(&path, samples).expect("it can be written");
    let output = contend(&["report"], reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    for named in ["is not in the plan; left out", "has fork 77 of 3 planned", " twice; left out"] {
        assert!(stderr(&output).contains(named), "{named}: {}", stderr(&output));
    }
}

#[test]
fn the_name_in_run_json_is_no_path() {
    let (reports, run) = short_run();
    let outside = reports.path().parent().expect("a parent").join("contend-no-run");
    let path = run.join("run.json");
    let text = fs::read_to_string(&path).expect("run.json");
    let name = run.file_name().expect("a name").to_string_lossy().into_owned();
    let text = text.replacen(&format!("\"run\": \"{name}\""), "\"run\": \"../contend-no-run\"", 1);
    fs::write(&path, text).expect("it can be written");
    let output = contend(&["report"], reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(!outside.exists());
    let index = fs::read_to_string(reports.path().join("index.html")).expect("a page");
    assert!(index.contains(&format!("./{name}/")), "its links lead elsewhere");
    // `verify` makes the report again, under the name before, in a folder of its own.
    let elsewhere = reports.path().join("elsewhere");
    let text = fs::read_to_string(&path).expect("run.json");
    let path_as_name = format!("\"run\": \"{}\"", elsewhere.display());
    fs::write(&path, text.replacen("\"run\": \"../contend-no-run\"", &path_as_name, 1))
        .expect("it can be written");
    assert_eq!(contend(&["verify"], reports.path()).status.code(), Some(1));
    assert!(!elsewhere.exists());
}

/// A file system of 64 kB, as small as a full disk. Without the right to mount one, the test says so and passes.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_ends_the_run_with_exit_3_and_resume_completes_it() {
    let place = tempfile::tempdir().expect("a folder");
    let mount = |options: &str| {
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(place.path());
        command.output().is_ok_and(|output| output.status.success())
    };
    if !mount("size=64k") {
        eprintln!("skipped: this user cannot mount a tmpfs");
        return;
    }
    let cells = ["counter/hot/std::sync", "counter/spaced/std::sync"];
    let sizes = ["--threads", "1,2", "--forks", "12", "--rounds", "3", "--window", "1ms"];
    let output = contend(&[&["run"][..], &cells, &sizes].concat(), place.path());
    let (code, errors) = (output.status.code(), stderr(&output));
    let resized = mount("remount,size=64m");
    let resumed = resume(place.path());
    let runs = runs(place.path());
    let data = read(&runs[0]);
    let _ = Command::new("umount").arg(place.path()).status();
    assert_eq!(code, Some(3), "{errors}");
    assert!(errors.contains("free some space and continue with `--resume`"), "{errors}");
    assert!(resized && resumed.status.success(), "{}", stderr(&resumed));
    let data = data.expect("it can be read");
    assert!(data.problems.is_empty() && runs.len() == 1, "{:?}", data.problems);
    for block in &data.run.plan.blocks {
        for cell in &block.cells {
            let cell = block.block.cell(&cell.contender);
            let rounds = data.records.iter().filter(|record| record.cell == cell);
            let rounds: BTreeSet<_> = rounds.map(|record| (record.fork, record.round)).collect();
            assert_eq!(rounds.len(), 12 * 3, "{cell}");
        }
    }
}

/// A run that cannot begin leaves nothing, and one that cannot write its page loses no record.
#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_is_full_at_the_start_or_at_the_end_is_no_usage_error() {
    let place = tempfile::tempdir().expect("a folder");
    let mount = |options: &str| {
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(place.path());
        command.output().is_ok_and(|output| output.status.success())
    };
    if !mount("size=16k") {
        eprintln!("skipped: this user cannot mount a tmpfs");
        return;
    }
    let begun = contend(SHORT, place.path());
    let left = runs(place.path());
    let grown = mount("remount,size=64m");
    let measured = contend(SHORT, place.path());
    let name = runs(place.path()).pop().and_then(|run| Some(run.file_name()?.to_str()?.to_owned()));
    let df =
        Command::new("df").args(["--output=used"]).arg(place.path()).output().expect("`df` is installed");
    let used = stdout(&df).lines().last().unwrap_or_default().trim().to_owned();
    let shrunk = mount(&format!("remount,size={used}k"));
    let unwritten = contend(&["report"], place.path());
    let resumed = resume(place.path());
    let _ = Command::new("umount").arg(place.path()).status();

    assert_eq!(begun.status.code(), Some(3), "{}", stderr(&begun));
    assert!(stderr(&begun).contains("No space left"), "{}", stderr(&begun));
    assert!(left.is_empty(), "{left:?}");
    assert!(grown && measured.status.success() && shrunk, "{}", stderr(&measured));
    let name = name.expect("a run");
    assert_eq!(unwritten.status.code(), Some(1), "{}", stderr(&unwritten));
    for part in ["No space left", "records are kept", &format!("`report {name}` writes the files again")] {
        assert!(stderr(&unwritten).contains(part), "{}", stderr(&unwritten));
    }
    assert_eq!(resumed.status.code(), Some(2));
    assert!(
        stderr(&resumed).contains(&format!("`report {name}` writes its page again")),
        "{}",
        stderr(&resumed)
    );
}
