//! `contend verify [RUN]`: what a run's files prove, and what they do not.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::args::VerifyArgs;
use super::exit::Exit;
use super::output::print;
use super::run::this_executable;
use super::run_folder::named_or_newest;
use crate::record::{self, RunData, Status};
use crate::report::{self, MADE_FROM_RECORDS};
use crate::session::{Manifest, OLDER, OWN, forks_missing, kept};
use contend_analysis::text::number::plural;

/// The largest file of a report that is compared, in bytes.
const MADE_LIMIT: u64 = 1 << 30;

/// What is known of a run's files, a sentence each.
#[derive(Default)]
struct Findings {
    proven: Vec<String>,
    not_proven: Vec<String>,
    wrong: Vec<String>,
}

/// Prints what the files of a run prove, and fails if any of them is wrong.
pub(super) fn verify(args: &VerifyArgs) -> Result<Exit, Exit> {
    let folder = named_or_newest(&args.reports, args.run.as_deref())?;
    let mut findings = Findings::default();
    findings.check_manifest(&folder);
    match record::read(&folder) {
        Ok(data) => {
            findings.check_run(&folder, &data);
            findings.check_made_again(&folder, data).map_err(|error| Exit::Incomplete(error.to_string()))?;
        }
        Err(error) => findings.wrong.push(error.to_string()),
    }
    findings.not_proven.push(
        "who ran it, that the machine is the one it names, and that nobody has written records and \
             manifest again: the files say so themselves"
            .to_owned(),
    );
    print(&findings.text());
    Ok(match findings.wrong.is_empty() {
        true => Exit::Success,
        false => Exit::Failed,
    })
}

impl Findings {
    /// Whether the measured files are as they were when measuring ended.
    fn check_manifest(&mut self, folder: &Path) {
        let manifest = match Manifest::read(folder) {
            None => {
                let why = "there is no manifest.json: nothing says whether run.json and the records are as they \
                           were when measuring ended";
                // Runs that recorded no executable had none either.
                let is_older =
                    record::read_metadata(folder).is_ok_and(|found| found.run.executable.is_none());
                let list = if is_older { &mut self.not_proven } else { &mut self.wrong };
                return list.push(why.to_owned());
            }
            Some(Err(wrong)) => return self.wrong.push(wrong),
            Some(Ok(manifest)) => manifest,
        };
        let now = match Manifest::of(folder) {
            Ok(now) => now,
            Err(error) => return self.wrong.push(format!("cannot read the run's files: {error}")),
        };
        let differences = manifest.differences(&now);
        if differences.is_empty() {
            let files: Vec<&str> = manifest.files().collect();
            self.proven.push(format!("unchanged since measuring ended, by SHA-256: {}", files.join(", ")));
        }
        self.wrong.extend(differences);
    }

    /// What the records and `run.json` say of themselves.
    fn check_run(&mut self, folder: &Path, data: &RunData) {
        let run = &data.run;
        self.wrong.extend(data.problems.iter().map(ToString::to_string));
        let parts = run.merged.iter().flat_map(|merged| &merged.parts).filter(|part| part.changed);
        self.wrong.extend(parts.map(|part| {
            let shard = &part.run;
            format!("the run.json of shard {shard} had been changed when it was merged")
        }));
        let missing_shards = run.merged.as_ref().and_then(record::Merged::missing_words);
        if let Some(words) = &missing_shards {
            self.wrong.push(format!("the plan is not covered: {words}"));
        }
        match forks_missing(data) {
            missing if missing.is_empty() && missing_shards.is_some() => {}
            missing if missing.is_empty() => self.proven.push(format!(
                "the plan is covered: {} with all forks and rounds",
                plural(run.plan.blocks.len(), "block", "blocks")
            )),
            missing => self.wrong.push(format!("the plan is not covered: {}", missing.join("; "))),
        }
        let windows = data.records.iter().chain(&data.long);
        let count = data.records.len() + data.long.len() + data.against.len();
        let failed: BTreeSet<String> = windows
            .filter(|record| record.status == Status::Failed)
            .map(|record| record.cell.to_string())
            .collect();
        match failed.is_empty() {
            true => self.proven.push(format!(
                "each of {count} windows passed its check when it was measured{}",
                match data.against.iter().any(|record| record.status == Status::Failed) {
                    true => ", except some of the older build",
                    false => "",
                }
            )),
            false => {
                let failed: Vec<String> = failed.into_iter().collect();
                self.wrong.push(format!("cells failed their check: {}", failed.join(", ")));
            }
        }
        let fact =
            |key: &str| run.environment.facts.iter().find(|fact| fact.key == key).map(|fact| &*fact.value);
        match (fact("commit"), fact("tree")) {
            (Some(commit), Some("as committed")) => {
                self.proven
                    .push(format!("built from commit {commit}, without changes, as the build recorded it"));
            }
            (commit, tree) => self.not_proven.push(format!(
                "what it was built from: commit {}, sources {}",
                commit.unwrap_or("unknown"),
                tree.unwrap_or("unknown"),
            )),
        }
        match &run.executable {
            Some(sha256) => {
                self.proven.push(format!(
                    "each fork was the executable with SHA-256 {sha256}, as the run recorded it"
                ));
                self.check_kept(folder, OWN, sha256);
            }
            None => self.not_proven.push("that all forks were one executable: none is recorded".to_owned()),
        }
        if let Some(older) = &run.against {
            let sha256 = &older.executable;
            self.proven.push(format!(
                "each fork of the older build was the executable with SHA-256 {sha256}, as recorded"
            ));
            self.check_kept(folder, OLDER, sha256);
        }
        match &run.fingerprint {
            Some(print) => {
                let fields = [&print.vendor, &print.family, &print.model, &print.stepping, &print.microcode];
                let fields = fields.map(|field| field.as_deref().unwrap_or("unknown"));
                self.proven.push(format!(
                    "one fingerprint, as the run recorded it: vendor {}, family {}, model {}, stepping {}, \
                     microcode {}",
                    fields[0], fields[1], fields[2], fields[3], fields[4],
                ));
            }
            None => self.not_proven.push("the kind of machine: no fingerprint is recorded".to_owned()),
        }
    }

    /// Whether an executable that the folder keeps is the one that measured.
    fn check_kept(&mut self, folder: &Path, name: &str, sha256: &str) {
        // A link that leads nowhere keeps nothing.
        if folder.join(name).exists() && kept(folder, name, sha256).is_none() {
            self.wrong
                .push(format!("{name}, the executable that is kept, has another SHA-256 than {sha256}"));
        }
    }

    /// Whether verdicts, page, summary and charts are those that this contend makes of the records.
    fn check_made_again(
        &mut self,
        folder: &Path,
        mut data: RunData,
    ) -> Result<(), Box<dyn std::error::Error>> {
        let found = made_again(folder, &data)?;
        // A run that was renamed has the report of its name before, until the next one.
        let renamed = !found.is_empty() && {
            data.run.run = record::read_metadata(folder)?.name_before;
            made_again(folder, &data)?.is_empty()
        };
        if found.is_empty() || renamed {
            let made = MADE_FROM_RECORDS.join(", ");
            let then = if renamed { ", before the run was renamed" } else { "" };
            self.proven.push(format!("made of these records, byte for byte{then}: {made}"));
            return Ok(());
        }
        self.wrong.extend(found);
        let is_this =
            |sha256: &String| this_executable(true).is_ok_and(|now| now.identity().sha256() == sha256);
        if data.run.contend != env!("CARGO_PKG_VERSION") {
            self.not_proven
                .push(format!("that contend {} made other files of the same records", data.run.contend));
        } else if !data.run.executable.as_ref().is_some_and(is_this) {
            let made =
                "that the executable which measured makes other files of the same records: this is another";
            self.not_proven.push(made.to_owned());
        }
        Ok(())
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for (title, sentences) in
            [("wrong", &self.wrong), ("proven", &self.proven), ("not proven", &self.not_proven)]
        {
            for sentence in sentences {
                text.push_str(&format!("{title}: {}\n", contend_analysis::text::plain(sentence)));
            }
        }
        text
    }
}

/// How the files that are made of records differ from those that this contend makes of them now: a sentence each.
fn made_again(folder: &Path, data: &RunData) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let place = tempfile::tempdir()?;
    let again = place.path().join(&data.run.run);
    fs::create_dir(&again)?;
    let claims = folder.join(crate::claim::FOLDER);
    if claims.is_dir() {
        copy_files(&claims, &again.join(crate::claim::FOLDER))?;
    }
    if let Err(error) = report::write(&again, data) {
        return Ok(vec![format!("the report cannot be made again: {error}")]);
    }
    let mut found = Vec::new();
    for name in MADE_FROM_RECORDS {
        compare(&folder.join(name), &again.join(name), name, &mut found);
    }
    Ok(found)
}

/// Adds a sentence for each file below `path` or `again` that the other lacks or that differs.
fn compare(path: &Path, again: &Path, name: &str, wrong: &mut Vec<String>) {
    if path.is_dir() || again.is_dir() {
        let names: BTreeSet<_> = [path, again]
            .into_iter()
            .filter_map(|folder| fs::read_dir(folder).ok())
            .flat_map(|entries| entries.filter_map(|entry| Some(entry.ok()?.file_name())))
            .collect();
        for file in names {
            let name = format!("{name}/{}", file.to_string_lossy());
            compare(&path.join(&file), &again.join(&file), &name, wrong);
        }
        return;
    }
    let read = |path| record::read_regular(path, MADE_LIMIT);
    match (read(path), read(again)) {
        (Ok(one), Ok(other)) if one == other => {}
        (Ok(_), Ok(_)) => wrong.push(format!("{name} is not what these records make")),
        (Err(error), _) if error.kind() == std::io::ErrorKind::NotFound => {
            wrong.push(format!("{name} is missing"));
        }
        (Err(error), _) => wrong.push(format!("{name} cannot be read: {error}")),
        (_, Err(_)) => wrong.push(format!("{name} is not made of these records")),
    }
}

fn copy_files(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        record::require_regular(&entry.path())?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}
