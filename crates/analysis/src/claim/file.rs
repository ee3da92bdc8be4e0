//! Parsing of `claims/*.toml`. Each error names the file, the line and the fix.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use contend_record::{Run, TEXT_LIMIT, VariantId, printable, read_regular_text};
use toml::Spanned;

use super::Condition;
use super::cells::CellRef;
use super::reason::{RawReasons, Reason};
use super::statement::{Claim, Part, Statement};
use super::threads::{RawThreads, Threads};
use super::within;
use crate::text::number::plural;

/// One file of claims.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimFile {
    /// Its path, as it was given.
    pub path: PathBuf,
    /// Its claims, in order.
    pub claims: Vec<Claim>,
}

/// The errors of a file of claims.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}; a file of claims is TOML, like claims/known-results.toml")]
    File {
        /// Its path.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// A line is invalid.
    #[error("{path}:{line}: {what}")]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The problem and the fix.
        what: String,
    },
}

/// The files of claims in a folder, `*.toml`, sorted; empty where there is no such folder.
///
/// # Errors
/// Where the folder cannot be read.
pub fn files_in(folder: &Path) -> Result<Vec<PathBuf>, ClaimError> {
    let unread = |source| ClaimError::File { path: folder.to_owned(), source };
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unread(error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(unread)?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The text of a file, which has at most [`FILE_LIMIT`] bytes.
fn text_of(path: &Path) -> Result<String, ClaimError> {
    read_regular_text(path, FILE_LIMIT as u64)
        .map_err(|source| ClaimError::File { path: path.to_owned(), source })
}

impl ClaimFile {
    /// Reads a file of claims. An error names the file, the line and the fix.
    pub fn read(path: &Path) -> Result<Self, ClaimError> {
        Self::parse(path, &text_of(path)?)
    }

    /// Reads all files of claims in `folder`, each of which may be damaged. Their paths are given as if the folder were
    /// `named`.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn read_all(folder: &Path, named: &Path) -> Result<Vec<Result<Self, ClaimError>>, ClaimError> {
        let read = |path: PathBuf| {
            let text = text_of(&path)?;
            let name = path.file_name().unwrap_or_default();
            Self::parse(&named.join(name), &text)
        };
        Ok(files_in(folder)?.into_iter().map(read).collect())
    }

    /// Parses the text of a file of claims; `path` is for error messages.
    pub fn parse(path: &Path, text: &str) -> Result<Self, ClaimError> {
        let lines = Lines::new(path, text);
        if text.len() > FILE_LIMIT {
            return Err(lines.error(0..0, format!("the file has more than {} MiB", FILE_LIMIT >> 20)));
        }
        let raw: RawFile = toml::from_str(text).map_err(|error| {
            let at = error.span().unwrap_or(0..0);
            let what = error.message().trim().replace('\n', "; ");
            lines.error(at, what)
        })?;
        if raw.claim.is_empty() {
            return Err(lines.error(0..0, "no claim; each claim starts with `[[claim]]`"));
        }
        if raw.claim.len() > MOST_CLAIMS {
            let what = format!("the file has more than {MOST_CLAIMS} claims; use several files");
            return Err(lines.error(0..0, what));
        }
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut claims = Vec::new();
        for raw in raw.claim {
            let at = raw.get_ref().claim.span();
            let claim = raw.into_inner().checked(&lines)?;
            if let Some(line) = seen.insert(claim.claim.clone(), claim.line) {
                let what = format!("duplicate of the claim in line {line}");
                return Err(lines.error(at, what));
            }
            claims.push(claim);
        }
        Ok(Self { path: path.to_owned(), claims })
    }

    /// Checks that every contender of the claims exists. A run without filters knows all contenders of its blocks, if
    /// only as absent. The error names the line and the nearest name.
    pub fn validate_against(&self, run: &Run) -> Result<(), ClaimError> {
        if !run.plan.filters.is_empty() {
            return Ok(());
        }
        for claim in &self.claims {
            for part in &claim.says {
                for cell in part.statement.cells() {
                    if let Some(what) = cell.unknown_to(run) {
                        return Err(ClaimError::Line { path: self.path.clone(), line: part.line, what });
                    }
                }
            }
        }
        Ok(())
    }
}

/// Where the lines of a file begin, for line numbers in errors.
struct Lines<'a> {
    path: &'a Path,
    ends: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(path: &'a Path, text: &str) -> Self {
        Self { path, ends: text.match_indices('\n').map(|(at, _)| at).collect() }
    }

    fn line(&self, at: &Range<usize>) -> usize {
        1 + self.ends.partition_point(|end| *end < at.start)
    }

    fn error(&self, at: Range<usize>, what: impl Into<String>) -> ClaimError {
        let what = printable(&what.into(), TEXT_LIMIT);
        ClaimError::Line { path: self.path.to_owned(), line: self.line(&at), what }
    }
}

/// The largest file of claims, in bytes.
const FILE_LIMIT: usize = 4 << 20;

/// The most claims of a file. To read and check as many takes two seconds.
const MOST_CLAIMS: usize = 20_000;

/// The most contenders of a list. Statements compare their pairs.
const MOST_CONTENDERS: usize = 100;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    claim: Vec<Spanned<RawClaim>>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawClaim {
    claim: Spanned<String>,
    source: Spanned<String>,
    when: Option<Spanned<String>>,
    why_not: Option<Spanned<RawReasons>>,
    #[serde(default)]
    says: Vec<Spanned<RawPart>>,
    not_testable: Option<Spanned<String>>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawPart {
    r#in: Option<Spanned<String>>,
    at: Option<Spanned<RawThreads>>,
    faster: Option<Spanned<String>>,
    than: Option<Spanned<Names>>,
    tie: Option<Spanned<Names>>,
    of_the_best: Option<Spanned<Names>>,
    within: Option<Spanned<String>>,
    scales: Option<Spanned<String>>,
    degrades: Option<Spanned<String>>,
    correct: Option<Spanned<Names>>,
    from: Option<Spanned<i64>>,
    at_least: Option<Spanned<f64>>,
    why_not: Option<Spanned<RawReasons>>,
}

/// The keys of statements.
const STATEMENTS: &str = "`faster`, `tie`, `of-the-best`, `scales`, `degrades` or `correct`";

/// A text that the page and terminals show.
fn text(text: Spanned<String>) -> String {
    printable(&text.into_inner(), TEXT_LIMIT)
}

impl RawClaim {
    fn checked(self, lines: &Lines) -> Result<Claim, ClaimError> {
        let line = lines.line(&self.claim.span());
        for (name, text) in [("claim", &self.claim), ("source", &self.source)] {
            if text.get_ref().trim().is_empty() {
                return Err(lines.error(text.span(), format!("`{name}` is empty")));
            }
        }
        let when = self
            .when
            .map(|when| Condition::parse(when.get_ref()).map_err(|what| lines.error(when.span(), what)));
        let when = when.transpose()?;
        let says = self.says.into_iter().map(|raw| {
            let line = lines.line(&raw.span());
            raw.into_inner().checked(line, lines)
        });
        let mut says: Vec<Part> = says.collect::<Result<_, _>>()?;
        if let Some(why_not) = self.why_not {
            let at = why_not.span();
            let reasons = reasons(why_not, lines)?;
            let [part] = &mut says[..] else {
                let what =
                    "`why-not` explains one statement; put it into the `[[claim.says]]` that it is about";
                return Err(lines.error(at, what));
            };
            part.why_not.extend(reasons);
        }
        match (&self.not_testable, says.is_empty()) {
            (None, true) => Err(lines.error(
                self.claim.span(),
                "the claim has no statement; add a `[[claim.says]]`, or `not-testable` with the reason",
            )),
            (Some(reason), false) => {
                Err(lines.error(reason.span(), "a claim with statements is testable; remove `not-testable`"))
            }
            (Some(reason), true) if reason.get_ref().trim().is_empty() => {
                Err(lines.error(reason.span(), "`not-testable` needs the reason"))
            }
            _ => Ok(Claim {
                line,
                claim: text(self.claim),
                source: text(self.source),
                when,
                says,
                not_testable: self.not_testable.map(text),
            }),
        }
    }
}

impl RawPart {
    fn checked(self, line: usize, lines: &Lines) -> Result<Part, ClaimError> {
        let here = |what: String| ClaimError::Line { path: lines.path.to_owned(), line, what };
        let given = [
            self.faster.as_ref().map(|_| "faster"),
            self.tie.as_ref().map(|_| "tie"),
            self.of_the_best.as_ref().map(|_| "of-the-best"),
            self.scales.as_ref().map(|_| "scales"),
            self.degrades.as_ref().map(|_| "degrades"),
            self.correct.as_ref().map(|_| "correct"),
        ];
        let given: Vec<&str> = given.into_iter().flatten().collect();
        let [kind] = given[..] else {
            return Err(here(match given.is_empty() {
                true => format!("a `[[claim.says]]` needs one of {STATEMENTS}"),
                false => format!(
                    "a `[[claim.says]]` has one statement, not {}; write a second one",
                    given.join(" and ")
                ),
            }));
        };
        let belongs = |name: &str, to: &[&str], at: Option<Range<usize>>| match at {
            Some(at) if !to.contains(&kind) => {
                Err(lines.error(at, format!("`{name}` is not valid with `{kind}`")))
            }
            _ => Ok(()),
        };
        belongs("than", &["faster"], self.than.as_ref().map(Spanned::span))?;
        belongs("from", &["scales", "degrades"], self.from.as_ref().map(Spanned::span))?;
        belongs("within", &["of-the-best"], self.within.as_ref().map(Spanned::span))?;
        belongs("at-least", &["faster", "scales", "degrades"], self.at_least.as_ref().map(Spanned::span))?;

        let variant = self.r#in.map(|of| {
            let id = of.get_ref().parse::<VariantId>();
            id.map_err(|error| lines.error(of.span(), error.to_string()))
        });
        let variant = variant.transpose()?;
        let cell = |name: &str, at: Range<usize>| {
            CellRef::parse(name, variant.as_ref()).map_err(|what| lines.error(at, what))
        };
        let one = |name: Option<Spanned<String>>| {
            let name = name.ok_or_else(|| here(format!("`{kind}` needs a contender")))?;
            cell(name.get_ref(), name.span())
        };
        let several = |names: Option<Spanned<Names>>, key: &str, least: usize| {
            let names = names.ok_or_else(|| here(format!("`{kind}` needs `{key}`")))?;
            let at = names.span();
            let names = names.into_inner().all();
            if names.len() > MOST_CONTENDERS {
                let what = format!("`{key}` has more than {MOST_CONTENDERS} contenders; split the claim");
                return Err(lines.error(at, what));
            }
            if names.len() < least {
                let what = format!("`{key}` needs at least {}", plural(least, "contender", "contenders"));
                return Err(lines.error(at, what));
            }
            let cells = names.iter().map(|name| cell(name, at.clone()));
            cells.collect::<Result<Vec<_>, _>>()
        };
        let at_least = self.at_least.map(|ratio| {
            let value = *ratio.get_ref();
            match value.is_finite() && value >= 1.0 {
                true => Ok(value),
                false => Err(lines.error(
                    ratio.span(),
                    format!(
                        "`at-least = {value}` is not a speed-up of at least 1; for the opposite, swap the two \
                         contenders"
                    ),
                )),
            }
        });
        let at_least = at_least.transpose()?;
        let within = self
            .within
            .map(|share| within::share(share.get_ref()).map_err(|what| lines.error(share.span(), what)));
        let within = within.transpose()?;
        let from = self.from.map(|from| {
            let count = usize::try_from(*from.get_ref()).ok();
            count
                .filter(|count| *count > 0)
                .ok_or_else(|| lines.error(from.span(), "`from` must be a number of threads, at least 1"))
        });
        let from = from.transpose()?.unwrap_or(1);
        let statement = match kind {
            "faster" => {
                Statement::Faster { one: one(self.faster)?, than: several(self.than, "than", 1)?, at_least }
            }
            "tie" => Statement::Tie { of: several(self.tie, "tie", 2)? },
            "of-the-best" => {
                Statement::OfTheBest { of: several(self.of_the_best, "of-the-best", 1)?, within }
            }
            "scales" => Statement::Scales { one: one(self.scales)?, from, at_least },
            "degrades" => Statement::Degrades { one: one(self.degrades)?, from, at_least },
            _ => Statement::Correct { of: several(self.correct, "correct", 1)? },
        };
        let at = match self.at {
            Some(at) => {
                let span = at.span();
                let threads = at.into_inner().checked();
                threads.map_err(|what| lines.error(span, what))?
            }
            None => Threads::All,
        };
        let why_not = self.why_not.map_or_else(|| Ok(Vec::new()), |why_not| reasons(why_not, lines))?;
        let part = Part { line, statement, at, why_not };
        part.validate().map_err(here)?;
        Ok(part)
    }
}

fn reasons(raw: Spanned<RawReasons>, lines: &Lines) -> Result<Vec<Reason>, ClaimError> {
    let at = raw.span();
    let mut reasons = raw.into_inner().checked().map_err(|what| lines.error(at, what))?;
    for reason in &mut reasons {
        reason.because = printable(&reason.because, TEXT_LIMIT);
    }
    Ok(reasons)
}

/// A name, or a list of names.
#[derive(serde::Deserialize)]
#[serde(untagged, expecting = "expected a contender's name or a list of them")]
enum Names {
    One(String),
    Several(Vec<String>),
}

impl Names {
    fn all(self) -> Vec<String> {
        match self {
            Self::One(name) => vec![name],
            Self::Several(names) => names,
        }
    }
}
