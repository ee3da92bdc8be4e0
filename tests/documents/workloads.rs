//! The generated blocks of docs/workloads.md: what the suite says of each workload, its variants and its contenders.
//! A block stands between `<!-- generated: NAME -->` and `<!-- end -->`. NAME is a workload, or `contenders` for the
//! facts of all contenders.

use std::collections::BTreeSet;
use std::{env, fs};

use contend::Suite;
use contend::record::{Absent, WorkloadInfo};
use contend::registry::{Checked, RegisteredContender, ThreadCounts, Tier, Variant};
use contend_workloads::rank;

use super::{read, root};

const PAGE: &str = "docs/workloads.md";

/// The block with every contender's facts.
const CONTENDERS: &str = "contenders";

const BEGIN: &str = "<!-- generated: ";
const END: &str = "<!-- end -->\n";

#[test]
fn the_workloads_are_described_as_the_suite_has_them() {
    let page = read(PAGE);
    let wanted = with_blocks(&page, &contend::suite()).unwrap_or_else(|wrong| panic!("{PAGE}: {wrong}"));
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(root().join(PAGE), wanted).expect("the page can be written");
        return;
    }
    let different = page.lines().zip(wanted.lines()).find(|(here, there)| here != there);
    assert!(page == wanted, "{PAGE} differs: {different:#?}; try UPDATE_DOCS=1 cargo test --test documents");
}

/// The page with each of its blocks as the suite has it.
///
/// # Errors
/// Where a block has no name or no end, is unknown, or stands there twice, and where one is missing.
fn with_blocks(page: &str, suite: &Suite) -> Result<String, String> {
    let mut missing: BTreeSet<&str> = suite.workloads.iter().map(|workload| &*workload.name).collect();
    missing.insert(CONTENDERS);
    let mut parts = page.split(BEGIN);
    let mut all = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) =
            part.split_once(" -->\n").ok_or_else(|| format!("`{part:.40}` is no block's begin"))?;
        let (_, after) = rest.split_once(END).ok_or_else(|| format!("the block `{name}` has no end"))?;
        if !missing.remove(name) {
            return Err(format!("`{name}` is no workload, or has a second block"));
        }
        all += &format!("{BEGIN}{name} -->\n{}{END}{after}", block(name, suite));
    }
    if missing.is_empty() { Ok(all) } else { Err(format!("there is no block of {missing:?}")) }
}

fn block(name: &str, suite: &Suite) -> String {
    match suite.workloads.iter().find(|workload| workload.name == name) {
        Some(info) => workload(info, suite),
        None => facts(suite),
    }
}

/// The block of a workload.
fn workload(info: &WorkloadInfo, suite: &Suite) -> String {
    let WorkloadInfo { title, models, question, timed, oracle, operation, .. } = info;
    let variants: Vec<_> = suite.variants.iter().filter(|one| one.info.id.workload == info.name).collect();
    let mut block = format!(
        "> {question}\n\n{title}.\n\n- **Stands for**: {models}\n- **Operation**: {operation}\n- **Timed**: {timed}\n\
         - **Oracle**: {oracle}\n\n"
    );
    block += &table(
        ["variant", "what is done", "parameters", "presets", "threads"],
        variants.iter().map(|variant| variant_row(variant)),
    );
    block += &table(["contender", "class", "variants", "how it is used"], contender_rows(&variants));
    block + &absent_list(info, suite)
}

fn variant_row(variant: &Variant) -> [String; 5] {
    let parameters: Vec<_> =
        variant.info.parameters.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    let presets = match (variant.tier, variant.standard_subset) {
        (Tier::Quick, _) => "all",
        (Tier::Standard, _) => "standard, thorough",
        (Tier::Thorough, Some(_)) => "a part in standard, thorough",
        (Tier::Thorough, None) => "thorough",
    };
    [
        code(&variant.info.id.variant),
        variant.info.title.clone(),
        parameters.join("; "),
        presets.to_owned(),
        threads(variant.thread_counts),
    ]
}

/// Thread counts in words, with the first few of those that a condition allows.
fn threads(counts: ThreadCounts) -> String {
    let join = |counts: &[usize]| counts.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
    match counts {
        ThreadCounts::All => "the machine's".to_owned(),
        ThreadCounts::Own(counts) => join(counts),
        ThreadCounts::Only(fits) => {
            let first: Vec<_> = (1..).filter(|count| fits(*count)).take(3).collect();
            format!("of the machine's, those in {}, …", join(&first))
        }
    }
}

/// A contender's row for each class and role that it has in these variants.
fn contender_rows(variants: &[&Variant]) -> Vec<[String; 4]> {
    let mut seen: Vec<(&RegisteredContender, Vec<&str>)> = Vec::new();
    for variant in variants {
        for contender in &variant.contenders {
            let same =
                |known: &RegisteredContender| known.info == contender.info && known.class == contender.class;
            let name = &*variant.info.id.variant;
            match seen.iter_mut().find(|(known, _)| same(known)) {
                Some((_, names)) => names.push(name),
                None => seen.push((contender, vec![name])),
            }
        }
    }
    let all: Vec<_> = variants.iter().map(|variant| &*variant.info.id.variant).collect();
    seen.sort_by_key(|(contender, _)| rank(contender.info.family));
    let row = |(contender, names): (&RegisteredContender, Vec<&str>)| {
        let RegisteredContender { info, class, .. } = contender;
        [code(&info.name), class.name().to_owned(), some_of(&names, &all), info.role.to_owned()]
    };
    seen.into_iter().map(row).collect()
}

/// Which of all variants, in the shortest way to say it.
fn some_of(names: &[&str], all: &[&str]) -> String {
    let others: Vec<_> = all.iter().copied().filter(|name| !names.contains(name)).collect();
    if others.is_empty() {
        return "all".to_owned();
    }
    let except = |others: String| format!("all except {others}");
    let ways = [
        Some(codes(names)),
        Some(except(codes(&others))),
        product(names).map(|pattern| code(&pattern)),
        product(&others).map(|pattern| except(code(&pattern))),
    ];
    ways.into_iter().flatten().min_by_key(String::len).expect("the first two are always there")
}

/// The names as a shell's braces, `{1to1,Nto1}-{1,64}{,-256B}`, where they are a product of at least two sets.
fn product(names: &[&str]) -> Option<String> {
    let longest = names.iter().map(|name| name.split('-').count()).max()?;
    let sets: Vec<Vec<String>> =
        (0..longest).map(|at| distinct(names.iter().map(|name| part(name, at)))).collect();
    let size: usize = sets.iter().map(Vec::len).product();
    let choices = sets.iter().filter(|set| set.len() > 1).count();
    let braces =
        |set: &Vec<String>| if set.len() == 1 { set[0].clone() } else { format!("{{{}}}", set.join(",")) };
    (size == names.len() && choices > 1).then(|| sets.iter().map(braces).collect())
}

/// The part of a name at a place, with the dash before it: nothing where it has no such part.
fn part(name: &str, at: usize) -> String {
    let dash = if at == 0 { "" } else { "-" };
    name.split('-').nth(at).map_or_else(String::new, |part| format!("{dash}{part}"))
}

fn distinct(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = Vec::new();
    for one in all {
        if !seen.contains(&one) {
            seen.push(one);
        }
    }
    seen
}

/// What a workload leaves out, a line for each reason.
fn absent_list(info: &WorkloadInfo, suite: &Suite) -> String {
    let here = |absent: &&Absent| absent.block.split('/').next() == Some(&*info.name);
    let mut each: Vec<(&str, &str, Vec<&str>)> = Vec::new();
    for Absent { block, contender, reason } in suite.absent.iter().filter(here) {
        let variant = block.split('/').nth(1);
        match each.iter_mut().find(|(name, why, _)| name == contender && why == reason) {
            Some((_, _, variants)) => variants.extend(variant),
            None => each.push((contender, reason, variant.into_iter().collect())),
        }
    }
    let mut lines: Vec<(&str, Vec<&str>, Vec<&str>)> = Vec::new();
    for (contender, reason, variants) in each {
        match lines.iter_mut().find(|(why, _, scope)| *why == reason && *scope == variants) {
            Some((_, contenders, _)) => contenders.push(contender),
            None => lines.push((reason, vec![contender], variants)),
        }
    }
    let line = |(reason, contenders, variants): (&str, Vec<&str>, Vec<&str>)| {
        let scope = if variants.is_empty() { String::new() } else { format!(" in {}", codes(&variants)) };
        format!("- {}{scope}: {reason}.\n", codes(&contenders))
    };
    let lines: String = lines.into_iter().map(line).collect();
    if lines.is_empty() { lines } else { format!("Absent:\n\n{lines}\n") }
}

/// The block of all contenders' facts. Contenders that share them share a row.
fn facts(suite: &Suite) -> String {
    let mut rows: Vec<([&str; 3], Option<Checked>, Vec<&str>)> = Vec::new();
    for contender in suite.variants.iter().flat_map(|variant| &variant.contenders) {
        let info = &contender.info;
        let said = [info.family, info.package, &*info.facts];
        match rows.iter_mut().find(|(known, checked, _)| (*known, *checked) == (said, info.checked)) {
            Some((.., names)) if names.contains(&&*info.name) => {}
            Some((.., names)) => names.push(&info.name),
            None => rows.push((said, info.checked, vec![&info.name])),
        }
    }
    let row = |([family, package, facts], checked, mut names): ([&str; 3], Option<Checked>, Vec<&str>)| {
        names.sort_unstable();
        let checked = checked.map_or(String::new(), |checked: Checked| checked.to_string());
        [shortened(&names), family.to_owned(), package.to_owned(), checked, facts.to_owned()]
    };
    rows.sort_by_key(|([family, ..], ..)| rank(family));
    table(["contenders", "family", "package", "checked", "facts"], rows.into_iter().map(row))
}

/// Sorted names, of which each leaves out the path that it has in common with the one before: `a::B`, `+c`.
fn shortened(names: &[&str]) -> String {
    let path = |name: &str| name.split('+').next().unwrap_or_default().len();
    let mut short = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let same = at > 0 && name[..path(name)] == names[at - 1][..path(names[at - 1])];
        short.push(if same { &name[path(name)..] } else { name });
    }
    codes(&short)
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn codes(texts: &[&str]) -> String {
    texts.iter().map(|text| code(text)).collect::<Vec<_>>().join(", ")
}

/// A table in Markdown, and an empty line after it.
fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let cell = |cell: &String| if cell.is_empty() { " |".to_owned() } else { format!(" {cell} |") };
    let line = |cells: &[String]| format!("|{}\n", cells.iter().map(cell).collect::<String>());
    let mut table = line(&head.map(str::to_owned)) + &line(&head.map(|_| "---".to_owned()));
    for row in rows {
        table += &line(&row.map(|cell| cell.replace('|', "\\|")));
    }
    table + "\n"
}

#[test]
fn a_page_without_a_block_or_with_a_wrong_one_is_an_error() {
    let suite = contend::suite();
    let page = read(PAGE);
    let wrong = |page: &str| with_blocks(page, &suite).expect_err("something is wrong");
    assert!(wrong("").contains("no block of"), "none at all");
    assert!(wrong(&page.replace("generated: map -->", "generated: mop -->")).contains("`mop`"));
    assert!(wrong(&page.replace("generated: map -->", "generated: counter -->")).contains("second block"));
    assert!(wrong(&page.replace(END, "")).contains("no end"));
}

#[test]
fn variants_are_named_in_the_shortest_way() {
    let all = ["a-1", "a-2", "b-1", "b-2", "c"];
    assert_eq!(some_of(&all, &all), "all");
    assert_eq!(some_of(&["c"], &all), "`c`");
    assert_eq!(some_of(&all[1..], &all), "all except `a-1`");
    let long = ["one-left", "one-right", "two-left", "two-right", "three", "four", "five", "six"];
    assert_eq!(some_of(&long[..4], &long), "`{one,two}{-left,-right}`");
}

#[test]
fn a_tables_cells_keep_their_bars() {
    let wanted = "| a | b |\n| --- | --- |\n| x \\| y | |\n\n";
    assert_eq!(table(["a", "b"], [["x | y".to_owned(), String::new()]]), wanted);
}
