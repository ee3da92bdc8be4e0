//! Names of workloads and variants. Ids and files are made of them.

/// Panics unless `name` can be part of an id.
#[track_caller]
pub(crate) fn assert_name(kind: &str, name: &str) {
    let first = name.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
    let rest = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.+-".contains(&b));
    assert!(
        first && rest && name.len() <= 60,
        "`{name}` cannot name a {kind}: use 1 to 60 of A-Z a-z 0-9 _ . + -, of which the first is a letter or digit"
    );
}
