//! The last lines of a run in the terminal.

use contend_analysis::text::{conditions, plain};
use contend_analysis::verdict::Analysis;
use contend_record::{Class, Run};

use super::headlines::{classes, headline};
use super::report_model::{ReportModel, Workload};
use super::rich_text::{Sentence, Span};

/// The most lines of a workload.
const LINES: usize = 5;

/// A few lines for each workload: who leads at which thread counts, and by how much.
pub fn terminal(run: &Run, analysis: &Analysis, colour: bool) -> String {
    let model = ReportModel::new(run, &[], false, analysis);
    let mut out = String::new();
    let conditions = conditions(&run.plan);
    if !conditions.is_empty() {
        out = format!("conditions: {}\n", conditions.join("; "));
    }
    for workload in &model.workloads {
        let mut lines = lines(workload, colour);
        if lines.len() > LINES {
            let more = lines.len() - (LINES - 1);
            lines.truncate(LINES - 1);
            lines.push(format!("{}: {more} more verdicts on the page", plain(workload.name)));
        }
        for line in lines {
            out.push_str(&line);
            out.push('\n');
        }
    }
    out
}

/// A line for the first class of each variant, then one for each other class.
fn lines(workload: &Workload, colour: bool) -> Vec<String> {
    let (mut first, mut others) = (Vec::new(), Vec::new());
    for variant in &workload.variants {
        let id = plain(&variant.id.to_string());
        let classes = classes(variant);
        for (index, class) in classes.iter().enumerate() {
            let sentence = painted(&headline(variant, *class), colour);
            match (index, class) {
                (0, Class::Immediate) => first.push(format!("{id}: {sentence}")),
                (0, class) => first.push(format!("{id} ({}): {sentence}", class.name())),
                (_, class) => others.push(format!("{id} ({}): {sentence}", class.name())),
            }
        }
        if classes.is_empty() {
            first.push(format!("{id}: nothing measured."));
        }
    }
    first.extend(others);
    first
}

fn painted(sentence: &Sentence, colour: bool) -> String {
    let spans = sentence.0.iter();
    let texts = spans.map(|span| match span {
        Span::Subject(name) if colour => format!("\u{1b}[1m{}\u{1b}[0m", plain(name)),
        Span::Speedup(_) | Span::Range(..) if colour => {
            let number = Sentence(vec![span.clone()]).plain();
            format!("\u{1b}[32m{number}\u{1b}[0m")
        }
        span => plain(&Sentence(vec![span.clone()]).plain()),
    });
    texts.collect()
}
