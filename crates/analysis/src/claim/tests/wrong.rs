//! Invalid files of claims, each with the line and the text of its error.

use std::path::Path;

use crate::claim::ClaimFile;

use super::{claim, file};

#[test]
fn errors_name_file_line_and_fix() {
    let part = |says: &str| claim(&format!("[[claim.says]]\nin = \"counter/hot\"\n{says}"));
    for (text, line, what) in [
        (String::new(), 1, "each claim starts with"),
        ("[[claim]\n".to_owned(), 1, ""),
        ("[[claim]]\nclaim = \"x\"\n".to_owned(), 1, "missing field `source`"),
        (claim("sorce = \"x\""), 4, "unknown field `sorce`"),
        (part("fster = \"a\""), 6, "unknown field `fster`"),
        (claim("when = \"cores > many\""), 4, "not a condition"),
        (claim(""), 2, "has no statement"),
        (claim("not-testable = \"\""), 4, "needs the reason"),
        (claim("why-not = \" \"\nnot-testable = \"x\""), 4, "`why-not` is empty"),
        (part("tie = [\"a\", \"b\"]").replace("It is so.", " "), 2, "`claim` is empty"),
        (part(""), 4, "one of `faster`"),
        (part("faster = \"a\"\ncorrect = \"b\"\nthan = \"c\""), 4, "faster and correct"),
        (part("faster = \"a\""), 4, "`faster` needs `than`"),
        (part("faster = \"a b\"\nthan = \"c\""), 6, "cannot be a contender's name"),
        (part("faster = \"a\"\nthan = \"counter/a\""), 7, "workload/variant/contender"),
        (part("faster = \"a\"\nthan = \"a\""), 4, "compared with itself"),
        (part("faster = \"a\"\nthan = []"), 7, "at least 1"),
        (part("tie = \"a\""), 6, "at least 2"),
        (part("tie = [\"a\", \"b\"]\nat-least = 2"), 7, "not valid with `tie`"),
        (part("faster = \"a\"\nthan = \"b\"\nat-least = 0"), 8, "not a speed-up"),
        (part("faster = \"a\"\nthan = \"b\"\nat-least = 0.5"), 8, "not a speed-up"),
        (part("faster = \"a\"\nthan = \"b\"\nat-least = -1"), 8, "not a speed-up"),
        (part("faster = \"a\"\nthan = \"b\"\nat-least = nan"), 8, "not a speed-up"),
        (part("faster = \"a\"\nthan = \"b\"\nat-least = \"x\""), 8, "invalid type"),
        (part("correct = \"a\"\nat = 0"), 7, "at least 1"),
        (part("correct = \"a\"\nat = []"), 7, "at least 1"),
        (part("correct = \"a\"\nat = \"often\""), 7, "use all, cores"),
        (part("correct = \"floor\""), 4, "floor has no result"),
        (part("of-the-best = []"), 6, "at least 1"),
        (part("of-the-best = \"floor\""), 4, "floor is not ranked"),
        (part("of-the-best = [\"a\", \"a\"]"), 4, "compared with itself"),
        (part("of-the-best = \"a\"\nwithin = \"5\""), 7, "write it as \"5 %\""),
        (part("of-the-best = \"a\"\nwithin = \"-5 %\""), 7, "write it as \"5 %\""),
        (part("of-the-best = \"a\"\nwithin = 0.05"), 7, "invalid type"),
        (part("of-the-best = \"a\"\nat-least = 2"), 7, "not valid with `of-the-best`"),
        (part("tie = [\"a\", \"b\"]\nwithin = \"5 %\""), 7, "not valid with `tie`"),
        (part("within = \"5 %\""), 4, "one of `faster`"),
        (part("scales = \"a\"\nfrom = 0"), 7, "at least 1"),
        (part("scales = \"a\"\nfrom = 4\nat = 2"), 4, "not more threads"),
        (part("faster = \"a\"\nthan = \"b\"").replace("counter/hot", "counter"), 5, "workload/variant"),
        (claim("[[claim.says]]\ncorrect = \"a\""), 5, "names no variant"),
        (part("correct = \"a\"") + &part("correct = \"a\""), 8, "duplicate of the claim in line 2"),
    ] {
        let error = file(&text).expect_err(&text).to_string();
        let wanted = format!("claims/test.toml:{line}: ");
        assert!(error.starts_with(&wanted), "{error}\nfor\n{text}");
        assert!(error.contains(what), "{error}\nfor\n{text}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
    let error = ClaimFile::read(Path::new("no/such.toml")).unwrap_err().to_string();
    assert!(error.starts_with("cannot read no/such.toml: "), "{error}");
}

#[test]
fn a_large_file_is_read_in_time_that_grows_with_its_size() {
    let many: String = (0..20_000)
        .map(|n| format!("[[claim]]\nclaim = \"Claim {n}.\"\nsource = \"s\"\nnot-testable = \"why\"\n"))
        .collect();
    let start = std::time::Instant::now();
    let last = file(&many).expect("it is valid").claims.pop().expect("claims");
    assert_eq!(last.line, 4 * 20_000 - 2);
    // Counting the lines before each claim again took minutes.
    assert!(start.elapsed() < std::time::Duration::from_secs(40), "{:?}", start.elapsed());
}

#[test]
fn long_lists_are_errors_and_texts_are_printable() {
    let names = |count: usize| (0..count).map(|n| format!("\"a{n}\"")).collect::<Vec<_>>().join(", ");
    let says = |says: String| claim(&format!("[[claim.says]]\nin = \"counter/hot\"\n{says}"));
    let tie = |count| says(format!("tie = [{}]", names(count)));
    assert!(file(&tie(100)).is_ok());
    assert!(file(&tie(101)).unwrap_err().to_string().contains("more than 100 contenders"));
    let text = claim("not-testable = \"x\\u001b[2J\\u202e\"").replace("It is so.", "a\\u009bb");
    let read = file(&text).expect(&text);
    let shown =
        format!("{}{}", read.claims[0].claim, read.claims[0].not_testable.clone().unwrap_or_default());
    assert!(shown.chars().all(contend_record::is_printable), "{shown:?}");
}

#[test]
fn a_file_of_too_many_claims_is_refused() {
    let many =
        (0..20_001).map(|at| format!("[[claim]]\nclaim=\"c{at}\"\nsource=\"s\"\nnot-testable=\"n\"\n"));
    let error = file(&many.collect::<String>()).unwrap_err().to_string();
    assert!(error.contains("more than 20000 claims; use several files"), "{error}");
    let error = file(&"#".repeat(5 << 20)).unwrap_err().to_string();
    assert!(error.contains("more than 4 MiB"), "{error}");
}
