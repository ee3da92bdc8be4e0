//! The end of a run in the terminal: a table of what to take.

use contend_analysis::text::{conditions, number, plain};
use contend_analysis::verdict::{Analysis, BASELINE, BlockAnalysis, ClassChoice, Guarantee};
use contend_record::{Class, Run};

use super::headlines::{classes, reason, standing};
use super::report_model::{ReportModel, Variant};
use super::resolution;
use super::staying::staying;

/// The most lines, with the head and the line that counts the rest.
const LINES: usize = 25;

/// The space between two columns.
const GAP: &str = "  ";

/// A table of what to take and the differences that the run shows, at most 25 lines: for each variant its first class
/// at its main thread count. Where there are more variants, each workload keeps its first ones, and the last line
/// counts the rest.
pub fn terminal(run: &Run, analysis: &Analysis, colour: bool) -> String {
    let model = ReportModel::new(run, &[], false, analysis);
    let rows: Vec<Vec<Row>> = model
        .workloads
        .iter()
        .map(|workload| workload.variants.iter().map(|variant| Row::of(variant, run)).collect())
        .collect();
    let differences = resolution::sentence(analysis);
    let conditions = conditions(&run.plan);
    let more = usize::from(differences.is_some()) + usize::from(!conditions.is_empty());
    let shown = fitting(&rows, LINES - 2 - more);
    let all: usize = analysis.blocks.iter().map(|block| block.choices.len()).sum();
    let rows: Vec<Row> =
        rows.into_iter().zip(&shown).flat_map(|(rows, most)| rows.into_iter().take(*most)).collect();
    let baseline = run.plan.baseline_contender.as_deref().unwrap_or(BASELINE);
    let head = Row::head(plain(baseline));
    let mut out = String::new();
    if !conditions.is_empty() {
        out = format!("conditions: {}\n", conditions.join("; "));
    }
    let widths: [usize; 3] = std::array::from_fn(|column| {
        let of = rows.iter().chain([&head]).map(|row| row.cells[column].chars().count());
        of.max().unwrap_or(0)
    });
    for row in std::iter::once(&head).chain(&rows) {
        out.push_str(&row.line(&widths, colour));
        out.push('\n');
    }
    let chosen = rows.iter().filter(|row| row.is_choice).count();
    if all > chosen {
        let more = number::plural(all - chosen, "more", "more");
        out.push_str(&format!("{more} on the page: other variants, classes and thread counts\n"));
    }
    if let Some(sentence) = differences {
        out.push_str(&sentence);
        out.push('\n');
    }
    out
}

/// How many rows of each workload are shown where all together may be `most`: as many as fit, one after another.
fn fitting(rows: &[Vec<Row>], most: usize) -> Vec<usize> {
    let mut shown = vec![0; rows.len()];
    let mut left = most;
    loop {
        let before = left;
        for (shown, rows) in shown.iter_mut().zip(rows) {
            if left > 0 && *shown < rows.len() {
                *shown += 1;
                left -= 1;
            }
        }
        if left == before {
            return shown;
        }
    }
}

/// A row of the table.
struct Row {
    /// Where, what to take, what is proven of it, and what the baseline costs.
    cells: [String; 4],
    /// Whether something is proven.
    is_proven: bool,
    /// Whether it shows a choice.
    is_choice: bool,
}

impl Row {
    fn head(baseline: String) -> Self {
        let cells =
            ["variant and threads", "take", "which is", &format!("{baseline} takes")].map(str::to_owned);
        Self { cells, is_proven: false, is_choice: false }
    }

    fn of(variant: &Variant, run: &Run) -> Self {
        let id = plain(&variant.id.to_string());
        let first = classes(variant).into_iter().next();
        let found = variant.main_block().zip(first);
        let Some((block, choice)) = found.and_then(|(block, class)| Some((block, block.choice(class)?)))
        else {
            let cells = [id, String::new(), "nothing measured".to_owned(), String::new()];
            return Self { cells, is_proven: false, is_choice: false };
        };
        let place = match choice.class {
            Class::Immediate => format!("{id} {}", block.block.threads),
            class => format!("{id} {} ({})", block.block.threads, class.name()),
        };
        // Longer windows may refute a winner: no word of the table says so.
        let refuted = standing(block, choice.class).and_then(|of| reason(&of.standing));
        let refuted = refuted.map(|reason| format!("unresolved: {}", plain(reason)));
        let cost = [Some(cost(block, choice, run)), refuted].into_iter().flatten();
        let cost: Vec<String> = cost.filter(|part| !part.is_empty()).collect();
        let pick = choice.pick.as_deref().map_or("–".to_owned(), plain);
        Self {
            cells: [place, pick, choice.words.clone(), cost.join("; ")],
            is_proven: choice.guarantee != Guarantee::Open,
            is_choice: true,
        }
    }

    fn line(&self, widths: &[usize; 3], colour: bool) -> String {
        let mut line = String::new();
        for (column, text) in self.cells.iter().enumerate() {
            let width = widths.get(column).copied().unwrap_or(0);
            let padding = " ".repeat(width.saturating_sub(text.chars().count()));
            let text = match (colour && self.is_proven, column) {
                (true, 1) => format!("\u{1b}[1m{text}\u{1b}[0m"),
                (true, 2) => format!("\u{1b}[32m{text}\u{1b}[0m"),
                _ => text.clone(),
            };
            line.push_str(&text);
            line.push_str(&padding);
            line.push_str(GAP);
        }
        line.trim_end().to_owned()
    }
}

/// What the baseline costs there. Its kin is named, where the block has another in its place.
fn cost(block: &BlockAnalysis, choice: &ClassChoice, run: &Run) -> String {
    let Some(staying) = staying(block, choice) else {
        let is_baseline = |decision: &&contend_analysis::verdict::ContenderDecision| {
            decision.pick && decision.baseline.as_deref() == Some(&*decision.contender)
        };
        let own = block.decisions.iter().filter(|of| of.class == choice.class).any(|of| is_baseline(&of));
        return if own { "–".to_owned() } else { String::new() };
    };
    let named = run.plan.baseline_contender.as_deref().unwrap_or(BASELINE);
    let word = staying.word().map_or(String::new(), |word| format!(" {word}"));
    let kin = match staying.baseline == named {
        true => String::new(),
        false => format!(" ({})", plain(staying.baseline)),
    };
    format!("{}{word}{kin}", staying.ratio())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(count: usize) -> Vec<Row> {
        let row = || Row { cells: Default::default(), is_proven: false, is_choice: false };
        std::iter::repeat_with(row).take(count).collect()
    }

    #[test]
    fn every_workload_keeps_its_first_rows() {
        assert_eq!(fitting(&[rows(2), rows(1)], 23), [2, 1]);
        assert_eq!(fitting(&[rows(9), rows(1), rows(9)], 7), [3, 1, 3]);
        assert_eq!(fitting(&[], 23), [0; 0]);
    }
}
