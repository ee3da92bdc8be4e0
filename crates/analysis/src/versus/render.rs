//! Two contenders as a table for a terminal, and as Markdown for a review.

use std::fmt::Write;

use contend_record::Class;

use crate::text::{markdown_name, markdown_text, number, plain, two_classes};

use super::{BlockVersus, Versus};

/// What a planned comparison is, and what it is not.
const PLANNED: &str = "One named pair is a planned comparison: each interval holds with 99 %. Asking many pairs until \
                       one pleases is not: then use what the page says to take, whose bounds hold together.";

/// The table for a terminal.
pub fn terminal(versus: &Versus, colour: bool) -> String {
    let mut out = format!("{}\n", plain(&head(versus)));
    let ratios: Vec<String> = versus.blocks.iter().map(ratio).collect();
    let width = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    let first = width(&mut versus.blocks.iter().map(|block| block.block.chars().count()));
    let second = width(&mut ratios.iter().map(|ratio| ratio.chars().count()));
    for (block, ratio) in versus.blocks.iter().zip(&ratios) {
        let padded = |text: &str, width: usize| format!("{text}{}", " ".repeat(width - text.chars().count()));
        let verdict = plain(&verdict(block));
        let verdict = match colour && block.of.is_some() {
            true => format!("\u{1b}[1m{verdict}\u{1b}[0m"),
            false => verdict,
        };
        let (block, ratio) = (padded(&plain(&block.block), first), padded(ratio, second));
        let _ = writeln!(out, "  {block}  {ratio}  {verdict}");
    }
    for reason in &versus.missing {
        let _ = writeln!(out, "  {}", plain(reason));
    }
    for note in summary(versus).into_iter().map(|text| plain(&text)).chain(promises(versus)) {
        let _ = writeln!(out, "{note}");
    }
    let _ = writeln!(out, "{PLANNED}");
    out
}

/// The table as Markdown.
pub fn markdown(versus: &Versus) -> String {
    let mut out = format!("**{}**\n\n", markdown_text(&head(versus)));
    out.push_str("| block | times as long | verdict |\n| --- | --- | --- |\n");
    for block in &versus.blocks {
        let _ = writeln!(
            out,
            "| {} | {} | {} |",
            markdown_name(&block.block),
            ratio(block),
            markdown_text(&verdict(block))
        );
    }
    out.push('\n');
    let notes = versus
        .missing
        .iter()
        .cloned()
        .chain(summary(versus))
        .chain(promises(versus))
        .map(|note| markdown_text(&note));
    for note in notes.chain([PLANNED.to_owned()]) {
        let _ = writeln!(out, "- {note}");
    }
    out
}

fn head(versus: &Versus) -> String {
    let Versus { run, a, b, .. } = versus;
    format!("Run {run}: the time of {a} over the time of {b}")
}

/// The ratio with its interval.
fn ratio(block: &BlockVersus) -> String {
    let of = &block.comparison;
    number::times_with_interval(of.ratio, of.low, of.high)
}

/// The verdict in words.
fn stated(block: &BlockVersus) -> String {
    match &block.of {
        Some(name) => format!("{name} is {}", block.word.label()),
        None => block.word.label().to_owned(),
    }
}

/// The verdict, with the classes where they differ and with notes.
fn verdict(block: &BlockVersus) -> String {
    let mut verdict = stated(block);
    if block.a_class != block.b_class {
        verdict += &format!(" {}", two_classes(block.a_class, block.b_class));
    }
    for note in &block.comparison.notes {
        verdict += &format!("; {note}");
    }
    verdict
}

/// How many of several blocks have which verdict, the most frequent first.
fn summary(versus: &Versus) -> Option<String> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for block in &versus.blocks {
        let word = stated(block);
        match counts.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => *count += 1,
            None => counts.push((word, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let words: Vec<String> = counts.iter().map(|(word, count)| format!("{word} in {count}")).collect();
    let blocks = versus.blocks.len();
    (blocks > 1).then(|| format!("Of {blocks} blocks: {}.", words.join(", ")))
}

/// The promises of the classes, where the two are in different ones.
fn promises(versus: &Versus) -> Vec<String> {
    let different = versus.blocks.iter().filter(|block| block.a_class != block.b_class);
    let mut classes: Vec<Class> = different.flat_map(|block| [block.a_class, block.b_class]).collect();
    classes.sort_unstable();
    classes.dedup();
    classes.into_iter().map(|class| format!("{}: {}.", class.name(), class.promise())).collect()
}
