//! Filters on cell ids. As in criterion, a filter matches the ids that contain it, or that it matches as a
//! regular expression. So `+fetch_add` needs no escaping.

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
        id.contains(&self.text) || self.regex.as_ref().is_ok_and(|regex| regex.is_match(id))
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
        let mut ids: Vec<_> = ids.map(|id| (distance(&self.text, &id), id)).collect();
        ids.sort();
        ids.dedup();
        let nearest = ids.iter().take(NEAREST);
        PlanError::NoMatch {
            filter: self.text.clone(),
            nearest: nearest.map(|(_, id)| format!("`{id}`")).collect(),
        }
    }
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

/// The number of edits that turn `text` into the most similar part of `id`. So a short filter is near to ids
/// that almost contain it.
fn distance(text: &str, id: &str) -> usize {
    let text: Vec<char> = text.to_lowercase().chars().collect();
    // Sellers' algorithm: a match may begin and end anywhere in `id`.
    let mut row: Vec<usize> = (0..=text.len()).collect();
    let mut best = text.len();
    for char in id.to_lowercase().chars() {
        let mut diagonal = row[0];
        for (index, wanted) in text.iter().enumerate() {
            let change = diagonal + usize::from(*wanted != char);
            diagonal = row[index + 1];
            row[index + 1] = change.min(diagonal + 1).min(row[index] + 1);
        }
        best = best.min(row[text.len()]);
    }
    best
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
    fn an_exact_filter_is_the_whole_id() {
        let filter = Filter::new("a/b/c/1", true);
        assert!(filter.matches("a/b/c/1") && !filter.matches("a/b/c/12"));
    }

    #[test]
    fn an_error_names_the_ids_nearest_to_a_typo() {
        let ids = ["map/write/flume::bounded/2", "map/write/std::sync::Mutex/2"];
        let filter = Filter::new("std::sync::Mutx", false);
        let error = filter.no_match(ids.map(str::to_owned).into_iter()).to_string();
        assert!(error.contains("nearest are `map/write/std::sync::Mutex/2`"), "{error}");
        let distances = (distance("abc", "xxabcxx"), distance("abc", "xxabxx"));
        assert_eq!(distances, (0, 1));
    }
}
