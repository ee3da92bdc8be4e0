//! The rows of a block's charts, and the brackets around undecided ones.

use std::collections::BTreeMap;

use contend_analysis::verdict::{BlockAnalysis, CellState, CellSummary, Outcome};
use contend_record::Class;

use crate::chart::{Bracket, Group, Row};
use crate::headlines::standing;

/// A block's rows by class: the ranked ones, then those without numbers.
pub fn groups<T>(
    block: &BlockAnalysis,
    styles: &BTreeMap<&str, usize>,
    data: impl Fn(&CellSummary) -> Option<T>,
) -> Vec<Group<T>> {
    let mut classes: Vec<Class> =
        block.cells.iter().filter(|cell| cell.cell.is_contender()).map(|cell| cell.class).collect();
    classes.sort_unstable();
    classes.dedup();
    let row = |cell: &CellSummary| Row {
        name: cell.cell.contender.clone(),
        style: styles.get(cell.cell.contender.as_str()).copied(),
        data: match &cell.state {
            CellState::Measured => data(cell).ok_or_else(|| "no number".to_owned()),
            CellState::Failed(reason) => Err(format!("failed: {reason}")),
            CellState::Missing(reason) => Err(reason.clone()),
        },
    };
    classes
        .into_iter()
        .map(|class| {
            let order = standing(block, class).map_or(&[][..], |standing| &standing.order);
            let ranked = order.iter().filter_map(|name| block.cell(name));
            let rest = block.cells.iter().filter(|cell| {
                cell.cell.is_contender() && cell.class == class && !order.contains(&cell.cell.contender)
            });
            Group { title: class.name().to_owned(), rows: ranked.chain(rest).map(row).collect() }
        })
        .collect()
}

/// The longest ranges of a ranking in which no pair is decided.
pub fn brackets<T>(block: &BlockAnalysis, rows: &[Row<T>]) -> Vec<Bracket> {
    let drawn = rows.iter().take_while(|row| row.data.is_ok()).count();
    let outcome = |one: usize, other: usize| {
        let verdict = block.between(&rows[one].name, &rows[other].name);
        verdict.map_or(Outcome::Unresolved, |verdict| verdict.verdict)
    };
    let mut brackets: Vec<Bracket> = Vec::new();
    for from in 0..drawn {
        let mut to = from;
        while to + 1 < drawn && (from..=to).all(|row| outcome(row, to + 1) != Outcome::Faster) {
            to += 1;
        }
        let within = brackets.last().is_some_and(|before| before.to >= to);
        if to > from && !within {
            let pairs = (from..to).flat_map(|one| (one + 1..=to).map(move |other| (one, other)));
            let tie = pairs.into_iter().all(|(one, other)| outcome(one, other) == Outcome::Tie);
            brackets.push(Bracket { from, to, tie });
        }
    }
    brackets
}
