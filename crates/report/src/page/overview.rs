//! All verdicts on one screen: a line for each variant, at one thread, as many threads as CPUs, and more. Only the
//! first class; the boards below have every class and thread count.

use contend_analysis::text::number;
use contend_analysis::verdict::{BlockAnalysis, ClassStanding, Standing};
use contend_record::Class;

use crate::chart::slug;
use crate::headlines::{classes, leaders, rank_changes, reason, standing, with_reason};
use crate::report_model::{Variant, Workload};
use crate::rich_text::Sentence;

use super::verdicts::{group_title, kind, section};

/// The most undecided contenders that are named, and the most letters of their names. Otherwise they are counted.
const NAMED: usize = 2;
const LETTERS: usize = 30;

/// The table.
pub struct Overview {
    /// The titles of its columns.
    pub heads: Vec<&'static str>,
    /// Whether any ranking changes.
    pub changing: bool,
    pub groups: Vec<OverviewGroup>,
}

/// A group of workloads.
pub struct OverviewGroup {
    pub title: &'static str,
    pub rows: Vec<OverviewRow>,
}

/// A variant.
pub struct OverviewRow {
    pub workload: String,
    pub variant: String,
    /// Whether it is the first of its workload.
    pub first: bool,
    /// The id of its workload's board.
    pub board: String,
    /// The id of the section with its charts and numbers.
    pub link: String,
    pub fields: Vec<OverviewField>,
    /// The thread counts between which its ranking changes: `2 to 4`.
    pub rank_changes: Vec<String>,
}

/// A block, or none.
#[derive(Default)]
pub struct OverviewField {
    /// `8 threads`.
    pub at: String,
    pub block: String,
    pub kind: &'static str,
    pub words: String,
}

/// A column: its title, and which block of a variant it shows.
type Column = (&'static str, fn(&BlockAnalysis) -> bool);

const COLUMNS: [Column; 3] = [
    ("1 thread", |block| block.block.threads == 1),
    ("as many threads as CPUs", |block| block.block.threads > 1 && !block.oversubscribed),
    ("more threads than CPUs", |block| block.block.threads > 1 && block.oversubscribed),
];

impl Overview {
    /// The overview of a run, without empty columns.
    pub fn of(workloads: &[Workload]) -> Self {
        let variants = || workloads.iter().flat_map(|workload| &workload.variants);
        let columns: Vec<Column> = COLUMNS
            .into_iter()
            .filter(|(_, takes)| variants().any(|variant| block(variant, *takes).is_some()))
            .collect();
        let groups = workloads.chunk_by(|one, next| one.group == next.group);
        let groups: Vec<OverviewGroup> = groups
            .map(|workloads| OverviewGroup {
                title: group_title(workloads[0].group),
                rows: workloads.iter().flat_map(|workload| rows(workload, &columns)).collect(),
            })
            .collect();
        let mut rows = groups.iter().flat_map(|group| &group.rows);
        Self {
            heads: columns.iter().map(|(head, _)| *head).collect(),
            changing: rows.any(|row| !row.rank_changes.is_empty()),
            groups,
        }
    }
}

fn rows(workload: &Workload, columns: &[Column]) -> Vec<OverviewRow> {
    let variants = workload.variants.iter().enumerate();
    variants
        .map(|(index, variant)| {
            let class = classes(variant).first().copied();
            let changes = class.map_or_else(Vec::new, |class| rank_changes(variant, class));
            OverviewRow {
                workload: workload.name.to_owned(),
                variant: variant.id.variant.clone(),
                first: index == 0,
                board: format!("verdict-{}", slug(workload.name)),
                link: section(&variant.id),
                fields: columns.iter().map(|(_, takes)| field(block(variant, *takes), class)).collect(),
                rank_changes: changes
                    .iter()
                    .map(|change| format!("{} to {}", change.from, change.to))
                    .collect(),
            }
        })
        .collect()
}

/// The block with the most threads of those that a column may show.
fn block<'a>(variant: &Variant<'a>, takes: fn(&BlockAnalysis) -> bool) -> Option<&'a BlockAnalysis> {
    let mut blocks = variant.blocks.iter().rev();
    blocks.find(|block| takes(block)).copied()
}

fn field(block: Option<&BlockAnalysis>, class: Option<Class>) -> OverviewField {
    let Some((block, standing)) = block.zip(class).and_then(|(block, class)| {
        let standing = standing(block, class)?;
        (standing.standing != Standing::NotMeasured).then_some((block, standing))
    }) else {
        return OverviewField { kind: "none", words: "–".to_owned(), ..OverviewField::default() };
    };
    OverviewField {
        at: number::plural(block.block.threads, "thread", "threads"),
        block: block.block.to_string(),
        kind: kind(&standing.standing),
        words: in_short(standing).html(),
    }
}

/// The verdict on a block's class, in one line.
fn in_short(standing: &ClassStanding) -> Sentence {
    let several = |word: &'static str, last: &str| {
        let best = leaders(&standing.standing);
        let sentence = Sentence::default().tag(word).text(" ");
        let letters: usize = best.iter().map(String::len).sum();
        match best.len() <= NAMED && letters <= LETTERS {
            true => sentence.names(best, last, NAMED),
            false => sentence.text(format!("{} of {}", best.len(), standing.order.len())),
        }
    };
    match &standing.standing {
        Standing::Winner { contender, verdict, .. } => {
            Sentence::default().subject(contender).text(" ").speedup(verdict)
        }
        Standing::Tied { .. } => several("tie:", "and"),
        Standing::Unresolved { .. } => with_reason(several("unresolved:", "or"), reason(&standing.standing)),
        Standing::Alone { contender } => Sentence::default().subject(contender).text(" alone"),
        Standing::NotMeasured => Sentence::default(),
    }
}
