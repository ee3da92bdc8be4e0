//! The names nearest to a mistyped one.

/// The `most` of `names` that are nearest to `text`, the nearest first, and of equally near ones the shortest. Each is
/// named once.
pub fn nearest<'a>(text: &str, names: impl IntoIterator<Item = &'a str>, most: usize) -> Vec<&'a str> {
    let mut names: Vec<_> =
        names.into_iter().map(|name| (distance(text, name), name.chars().count(), name)).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().take(most).map(|(.., name)| name).collect()
}

/// The number of edits that turn `text` into the most similar part of `name`. So a short text is near to names that
/// almost contain it.
fn distance(text: &str, name: &str) -> usize {
    let text: Vec<char> = text.to_lowercase().chars().collect();
    // Sellers' algorithm: a match may begin and end anywhere in `name`.
    let mut row: Vec<usize> = (0..=text.len()).collect();
    let mut best = text.len();
    for char in name.to_lowercase().chars() {
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
    fn a_match_may_begin_and_end_anywhere() {
        assert_eq!((distance("abc", "xxabcxx"), distance("abc", "xxabxx")), (0, 1));
    }

    #[test]
    fn the_nearest_and_shortest_comes_first() {
        let names = ["counter/hot", "map", "counter", "counter"];
        assert_eq!(nearest("counterr", names, 2), ["counter", "counter/hot"]);
        assert_eq!(nearest("", names, 1), ["map"]);
    }
}
