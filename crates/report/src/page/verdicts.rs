//! The board of a workload's verdicts: a row for each variant and class, a field for each block.

use contend_analysis::text::{Escaped, number};
use contend_analysis::verdict::Standing;
use contend_record::{Class, VariantId, WorkloadGroup};

use crate::chart::slug;
use crate::headlines::{block_headline, classes, headline, rank_changes, standing};
use crate::report_model::{Variant, Workload};

/// The most thread counts that fit into columns. With more, sentences replace the table.
const COLUMNS: usize = 6;

/// The boards of a group of workloads.
pub struct BoardGroup {
    pub title: &'static str,
    pub boards: Vec<Board>,
}

/// The verdicts of a workload.
pub struct Board {
    pub id: String,
    pub detail: String,
    pub name: String,
    pub title: String,
    pub question: String,
    /// The thread counts; empty where there are too many for columns.
    pub threads: Vec<Column>,
    pub rows: Vec<Row>,
    pub rank_changes: Vec<String>,
}

/// A thread count.
pub struct Column {
    pub threads: usize,
    pub oversubscribed: bool,
}

/// A variant's class.
pub struct Row {
    pub link: String,
    pub variant: String,
    /// The variant's title.
    pub title: String,
    /// The class, where it is not the variant's first.
    pub class: String,
    /// The headline over all thread counts.
    pub sentence: String,
    /// Whether there is never another contender, so that the sentence is enough.
    pub alone: bool,
    pub fields: Vec<Field>,
}

/// A block's class.
pub struct Field {
    pub at: String,
    pub block: String,
    pub kind: &'static str,
    pub words: String,
}

impl BoardGroup {
    /// The boards of a run, whose workloads are sorted by group.
    pub fn of(workloads: &[Workload]) -> Vec<Self> {
        let groups = workloads.chunk_by(|one, next| one.group == next.group);
        groups.map(Self::group).collect()
    }

    fn group(workloads: &[Workload]) -> Self {
        Self { title: group_title(workloads[0].group), boards: workloads.iter().map(Board::of).collect() }
    }
}

/// The title of a group.
pub fn group_title(group: WorkloadGroup) -> &'static str {
    match group {
        WorkloadGroup::Core => "Core",
        WorkloadGroup::Patterns => "Patterns of the Go tutorials",
        WorkloadGroup::Own => "Own workloads",
    }
}

impl Board {
    /// The board of a workload.
    pub fn of(workload: &Workload) -> Self {
        let mut threads = columns(workload);
        if threads.len() > COLUMNS {
            threads.clear();
        }
        let mut rows = Vec::new();
        let mut changes = Vec::new();
        for variant in &workload.variants {
            for (index, class) in classes(variant).into_iter().enumerate() {
                rows.push(row(variant, class, index == 0, &threads));
                for change in rank_changes(variant, class) {
                    changes.push(format!("<code>{}</code> {}", escaped(variant), change.sentence().html()));
                }
            }
        }
        let slug = slug(workload.name);
        let info = workload.info;
        Self {
            id: format!("verdict-{slug}"),
            detail: format!("in-{slug}"),
            name: workload.name.to_owned(),
            title: info.map_or_else(String::new, |info| info.title.clone()),
            question: info.map_or_else(String::new, |info| info.question.clone()),
            threads,
            rows,
            rank_changes: changes,
        }
    }
}

fn columns(workload: &Workload) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for block in workload.variants.iter().flat_map(|variant| &variant.blocks) {
        let threads = block.block.threads;
        if !columns.iter().any(|known| known.threads == threads) {
            columns.push(Column { threads, oversubscribed: block.oversubscribed });
        }
    }
    columns.sort_by_key(|column| column.threads);
    columns
}

fn escaped(variant: &Variant) -> String {
    Escaped(&variant.id.variant).to_string()
}

/// The id of the section with a variant's charts and numbers.
pub fn section(variant: &VariantId) -> String {
    format!("of-{}-{}", slug(&variant.workload), slug(&variant.variant))
}

fn row(variant: &Variant, class: Class, first: bool, threads: &[Column]) -> Row {
    let standings = || variant.blocks.iter().filter_map(|block| standing(block, class));
    let alone = standings().all(|standing| standing.order.len() < 2);
    let fields = threads.iter().map(|column| {
        let block = variant.blocks.iter().find(|block| block.block.threads == column.threads);
        let standing = block.and_then(|block| standing(block, class));
        let (kind, words) = match standing.map(|standing| &standing.standing) {
            None | Some(Standing::NotMeasured) => ("none", "not measured".to_owned()),
            Some(standing) => (kind(standing), block_headline(standing).html()),
        };
        Field {
            at: number::plural(column.threads, "thread", "threads"),
            block: format!("{}/{}", variant.id, column.threads),
            kind,
            words,
        }
    });
    Row {
        link: section(&variant.id),
        variant: variant.id.variant.clone(),
        title: variant.info.map_or_else(String::new, |info| info.title.clone()),
        class: if first { String::new() } else { class.name().to_owned() },
        sentence: headline(variant, class).html(),
        alone,
        fields: if alone { Vec::new() } else { fields.collect() },
    }
}

/// The CSS class of a standing.
pub fn kind(standing: &Standing) -> &'static str {
    match standing {
        Standing::Winner { .. } => "winner",
        Standing::Tied { .. } => "tied",
        Standing::Unresolved { .. } => "unresolved",
        Standing::Alone { .. } => "alone",
        Standing::NotMeasured => "none",
    }
}
