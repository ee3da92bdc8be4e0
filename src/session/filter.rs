//! Which ids a filter means: as with criterion, those that contain it or that it matches as a
//! regular expression. The first so that `+fetch_add` needs no escaping.

use regex::Regex;

use super::plan::PlanError;

/// How many ids an error names.
const NEAREST: usize = 3;

/// A filter from the command line.
pub(crate) struct Filter {
    text: String,
    exact: bool,
    regex: Option<Regex>,
}

impl Filter {
    pub(crate) fn new(text: &str, exact: bool) -> Result<Self, PlanError> {
        Ok(Self { text: text.to_owned(), exact, regex: Regex::new(text).ok() })
    }

    pub(crate) fn matches(&self, id: &str) -> bool {
        if self.exact {
            return self.text == id;
        }
        id.contains(&self.text) || self.regex.as_ref().is_some_and(|regex| regex.is_match(id))
    }

    /// The error of a filter that matches none of `ids`: it names the nearest.
    pub(super) fn no_match(&self, ids: impl Iterator<Item = String>) -> PlanError {
        let text = &self.text;
        let mut ids: Vec<_> = ids.map(|id| (distance(text, &id), id)).collect();
        ids.sort();
        ids.dedup();
        let nearest: Vec<_> = ids.iter().take(NEAREST).map(|(_, id)| format!("`{id}`")).collect();
        let nearest = nearest.join(", ");
        PlanError(format!(
            "the filter `{text}` matches no cell; the nearest are {nearest}, and `--list` shows all"
        ))
    }
}

/// How much of `text` must change to stand in `id`: edits of the best aligned stretch, so that a
/// short filter is near to the ids that almost contain it.
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
        let matches = |filter: &str, id| Filter::new(filter, false).unwrap().matches(id);
        let id = "counter/hot/std::sync::atomic+fetch_add/2";
        assert!(matches("atomic+fetch", id));
        assert!(matches("^counter/.*/2$", id));
        assert!(!matches("^hot", id));
        assert!(!matches("(", id));
    }

    #[test]
    fn an_exact_filter_is_the_whole_id() {
        let filter = Filter::new("a/b/c/1", true).unwrap();
        assert!(filter.matches("a/b/c/1") && !filter.matches("a/b/c/12"));
    }

    #[test]
    fn a_slip_of_the_pen_finds_what_was_meant() {
        let ids = ["map/write/flume::bounded/2", "map/write/std::sync::Mutex/2"];
        let filter = Filter::new("std::sync::Mutx", false).unwrap();
        let error = filter.no_match(ids.map(str::to_owned).into_iter()).to_string();
        assert!(error.contains("nearest are `map/write/std::sync::Mutex/2`"), "{error}");
        assert_eq!((distance("abc", "xxabcxx"), distance("abc", "xxabxx")), (0, 1));
    }
}
