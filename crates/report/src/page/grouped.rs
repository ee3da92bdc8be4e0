//! Names that have something in common, so that it is said once.

/// The names of each value, both in the order in which they come first.
pub fn grouped<T: PartialEq>(pairs: impl Iterator<Item = (String, T)>) -> Vec<(Vec<String>, T)> {
    let mut groups: Vec<(Vec<String>, T)> = Vec::new();
    for (name, value) in pairs {
        match groups.iter_mut().find(|(_, known)| *known == value) {
            Some((names, _)) => names.push(name),
            None => groups.push((vec![name], value)),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stands_once_with_all_its_names() {
        let pairs = [("a", 1), ("b", 2), ("c", 1)];
        let groups = grouped(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)));
        let names = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<String>>();
        assert_eq!(groups, [(names(&["a", "c"]), 1), (names(&["b"]), 2)]);
    }
}
