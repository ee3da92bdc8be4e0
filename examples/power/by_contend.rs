//! The suite: a filtered run of standard settings.

use std::process::{Command, ExitCode, Stdio};

use contend::verdict::{Analysis, Outcome, analyse};
use contend::{Info, record};

use super::locks::{LONG, LONG_AND_THREE_TENTHS, SHORT, SHORT_AND_A_TENTH, Working};
use super::{Found, in_class};

/// The suite with the pairs in it.
pub fn bench() -> ExitCode {
    let mut suite = contend::workloads();
    suite.lock::<Working<(), SHORT>>(Info::new("power::1"));
    suite.lock::<Working<(), SHORT, true>>(Info::new("power::1-twin"));
    suite.lock::<Working<(), SHORT_AND_A_TENTH>>(Info::new("power::1-slower"));
    suite.lock::<Working<(), LONG>>(Info::new("power::2"));
    suite.lock::<Working<(), LONG, true>>(Info::new("power::2-twin"));
    suite.lock::<Working<(), LONG_AND_THREE_TENTHS>>(Info::new("power::2-slower"));
    in_class::register(&mut suite);
    contend::bench(suite)
}

/// What a run finds. The pair that does not differ is in the same block, which makes the differing
/// pair's interval wider, as in any block.
pub fn found(threads: usize) -> (Found, Found) {
    let names = ["", "-twin", "-slower"].map(|suffix| format!("power::{threads}{suffix}"));
    let analysis = analysed(&names, threads);
    let found = |first: &str, second: &str| {
        let verdict = analysis.blocks[0].verdicts.iter().find(|verdict| {
            let pair = [verdict.a.as_str(), &verdict.b];
            pair.contains(&first) && pair.contains(&second)
        });
        let verdict = verdict.expect("all pairs of a class are judged");
        match verdict.verdict {
            Outcome::Faster if verdict.a == first => Found::First,
            Outcome::Faster => Found::Second,
            Outcome::Slower | Outcome::Tie | Outcome::Unresolved => Found::Neither,
        }
    };
    (found(&names[0], &names[2]), found(&names[0], &names[1]))
}

/// The analysis of a run of these contenders in `counter/hot`.
pub fn analysed(names: &[String], threads: usize) -> Analysis {
    let reports = tempfile::tempdir().expect("a temporary folder can be made");
    let mut command = Command::new(std::env::current_exe().expect("this executable has a path"));
    command.args(["--bench", "--exact", "--threads", &threads.to_string()]);
    command.arg("--reports").arg(reports.path());
    command.args(names.iter().map(|name| format!("counter/hot/{name}/{threads}")));
    let command = command.stdout(Stdio::null()).stderr(Stdio::null());
    let ended = command.status().expect("this executable can be started");
    assert!(ended.success(), "the run failed");
    let run = std::fs::read_dir(reports.path()).expect("the run left a folder");
    let run = run
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.join("run.json").is_file())
        .expect("the run left its records");
    let journal = record::read(&run).expect("the run can be read");
    analyse(&journal.run, &journal.records)
}
