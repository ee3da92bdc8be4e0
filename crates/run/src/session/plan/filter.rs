//! Filters on cell ids. As in criterion, a filter matches the ids that contain it, or that it matches as a
//! regular expression. So `+fetch_add` needs no escaping.

use contend_analysis::text::nearest;
use contend_record::CellId;
use regex::Regex;

use super::selection::PlanError;

/// The number of ids that an error names.
const NEAREST: usize = 3;

/// A filter from the command line.
pub(crate) struct Filter {
    text: String,
    exact: bool,
    regex: Result<Regex, String>,
}

impl Filter {
    /// A filter that matches parts of ids, or only whole ids if `exact`.
    pub(crate) fn new(text: &str, exact: bool) -> Self {
        Self { text: text.to_owned(), exact, regex: regular_expression(text) }
    }

    pub(crate) fn matches(&self, id: &str) -> bool {
        if self.exact {
            return self.text == id;
        }
        let has_regex = || self.regex.as_ref().is_ok_and(|regex| regex.is_match(id));
        id.contains(&self.text) || has_regex() || self.has_words(id)
    }

    /// Whether the text is several words, all of which are in the id. No id has a space. As in the page's filter, case
    /// does not matter.
    fn has_words(&self, id: &str) -> bool {
        let id = id.to_lowercase();
        let words = || self.text.split_whitespace();
        words().nth(1).is_some() && words().all(|word| id.contains(&word.to_lowercase()))
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Why the text is no regular expression, if it is none.
    pub(crate) fn syntax_error(&self) -> Option<&str> {
        self.regex.as_ref().err().map(String::as_str).filter(|_| !self.exact)
    }

    /// The error of a filter that matches none of `ids`. It names the nearest, or why it matches only as text.
    pub(super) fn no_match(&self, ids: impl Iterator<Item = String>) -> PlanError {
        if let Some(reason) = self.syntax_error() {
            return PlanError::NoExpression { filter: self.text.clone(), reason: reason.to_owned() };
        }
        let names: Vec<String> = match self.exact {
            true => ids.collect(),
            false => ids.flat_map(parts).collect(),
        };
        let nearest = nearest(&self.text, names.iter().map(String::as_str), NEAREST);
        PlanError::NoMatch {
            filter: self.text.clone(),
            nearest: nearest.into_iter().map(|name| format!("`{name}`")).collect(),
        }
    }
}

/// The parts of an id that a suggestion may name: its workload, its variant, its contender, and the whole.
fn parts(id: String) -> Vec<String> {
    let own = id.parse::<CellId>().map(|cell| {
        let variant = cell.block().of_variant();
        [variant.to_string(), variant.workload, cell.contender]
    });
    own.into_iter().flatten().chain([id]).collect()
}

/// `text` as a regular expression.
///
/// # Errors
/// If it is none: the reason in a few words, without the picture of the place.
fn regular_expression(text: &str) -> Result<Regex, String> {
    Regex::new(text).map_err(|error| {
        let error = error.to_string();
        let reason = error.lines().rev().find_map(|line| line.strip_prefix("error: "));
        reason.unwrap_or_else(|| error.lines().next_back().unwrap_or_default()).to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_a_part_or_a_regular_expression() {
        let matches = |filter: &str, id| Filter::new(filter, false).matches(id);
        let id = "counter/hot/std::sync::atomic+fetch_add/2";
        assert!(matches("atomic+fetch", id));
        assert!(matches("^counter/.*/2$", id));
        assert!(!matches("^hot", id));
        assert!(!matches("(", id));
        for filter in [r"/\d$", r"\bstd\b", "(?i)COUNTER", r"sync::\w+", r"\p{Lowercase}_\pL", "(?i)σ|hot"] {
            assert!(matches(filter, id), "{filter}");
        }
    }

    #[test]
    fn words_are_all_in_the_id() {
        let matches = |filter: &str, id| Filter::new(filter, false).matches(id);
        let id = "map/read90/std::sync::Mutex/2";
        assert!(matches("map read90", id) && matches("  mutex  MAP ", id));
        assert!(!matches("map read50", id));
        assert!(!Filter::new("map read90", true).matches(id));
    }

    #[test]
    fn an_exact_filter_is_the_whole_id() {
        let filter = Filter::new("a/b/c/1", true);
        assert!(filter.matches("a/b/c/1") && !filter.matches("a/b/c/12"));
    }

    #[test]
    fn an_error_names_the_ids_nearest_to_a_typo() {
        let ids = ["map/write/flume::bounded/2", "map/write/std::sync::Mutex/2"];
        let filter = Filter::new("std::sync::Mutx", false);
        let error = filter.no_match(ids.map(str::to_owned).into_iter()).to_string();
        assert!(error.contains("nearest are `std::sync::Mutex`"), "{error}");
        let mistyped = Filter::new("mpa", false);
        let error = mistyped.no_match(ids.map(str::to_owned).into_iter()).to_string();
        assert!(error.contains("nearest are `map`, `map/write`"), "{error}");
    }
}
