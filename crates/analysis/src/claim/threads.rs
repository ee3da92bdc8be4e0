//! The thread counts that a statement or a reason is about: numbers, or a word for them.

use std::fmt;

/// Thread counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Threads {
    /// All that the run has; there must be at least one.
    All,
    /// As many as the run's CPUs.
    Cores,
    /// From two up to the run's CPUs.
    Contended,
    /// More than the run's CPUs.
    Oversubscribed,
    /// These, which the run must all have.
    These(Vec<usize>),
}

impl Threads {
    /// Whether they include this thread count, with this number of CPUs.
    pub(super) fn include(&self, count: usize, cores: usize) -> bool {
        match self {
            Self::All => true,
            Self::Cores => count == cores,
            Self::Contended => (2..=cores).contains(&count),
            Self::Oversubscribed => count > cores,
            Self::These(counts) => counts.contains(&count),
        }
    }
}

impl fmt::Display for Threads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("any thread count"),
            Self::Cores => f.write_str("as many threads as cores"),
            Self::Contended => f.write_str("two threads or more, up to the cores"),
            Self::Oversubscribed => f.write_str("more threads than cores"),
            Self::These(counts) => {
                let counts: Vec<String> = counts.iter().map(ToString::to_string).collect();
                let noun = if counts[..] == ["1"] { "thread" } else { "threads" };
                write!(f, "{} {noun}", counts.join(", "))
            }
        }
    }
}

/// The value of `at`.
#[derive(serde::Deserialize)]
#[serde(untagged, expecting = "expected a number of threads, a list of them, or a word for them")]
pub(super) enum RawThreads {
    Word(String),
    Count(i64),
    Counts(Vec<i64>),
}

impl RawThreads {
    pub(super) fn checked(self) -> Result<Threads, String> {
        match self {
            Self::Count(count) => Self::Counts(vec![count]).checked(),
            Self::Word(word) => match word.as_str() {
                "all" => Ok(Threads::All),
                "cores" => Ok(Threads::Cores),
                "contended" => Ok(Threads::Contended),
                "oversubscribed" => Ok(Threads::Oversubscribed),
                _ => Err(format!(
                    "`at = \"{word}\"` is not valid; use all, cores, contended, oversubscribed, or numbers of threads"
                )),
            },
            Self::Counts(counts) => {
                let positive = |count: i64| usize::try_from(count).ok().filter(|count| *count > 0);
                let counts: Option<Vec<usize>> = counts.into_iter().map(positive).collect();
                counts
                    .filter(|counts| !counts.is_empty())
                    .map(Threads::These)
                    .ok_or_else(|| "`at` needs numbers of threads, at least 1".to_owned())
            }
        }
    }
}
