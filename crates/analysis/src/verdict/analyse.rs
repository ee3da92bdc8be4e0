//! The analysis of a whole run: every cell, pair and block. The only module that knows which cells are compared.

use std::collections::HashMap;

use contend_record::{BlockPlan, Class, InterimAnalysis, Record, Run};

use super::decision::DecisionRule;
use super::interim;
use super::pair::{self, ClassPair, compare, judge};
use super::resolution;
use super::split_half;
use super::summary::summarise;
use super::threshold::Threshold;
use super::windows::{Windows, by_block, higher_is_better};
use super::{
    Analysis, BlockAnalysis, BlockDisturbance, CellSummary, ClassStanding, ContenderDecision, Verdict,
    baseline, choice, distance, disturbances, leader,
};

/// Analyses the records of the cells that `run` planned.
pub fn analyse(run: &Run, records: &[Record]) -> Analysis {
    let mut analysis = Analysis {
        threshold: run.plan.threshold,
        blocks: Vec::new(),
        comparisons: 0,
        expected_wrong: 0.0,
        controls: 0,
        controls_failed: 0,
        split_half_checks: 0,
        split_half_failures: 0,
        window_checks: Vec::new(),
    };
    let mut disturbed = disturbances::by_block(run, records);
    let retaken = disturbances::retaken_forks(records);
    for (plan, windows) in run.plan.blocks.iter().zip(by_block(run, records)) {
        let block = Block { run, plan, windows: &windows };
        let disturbed = disturbed.remove(&plan.block).unwrap_or_default();
        block.add_to(&mut analysis, disturbed, retaken.get(&plan.block).copied().unwrap_or_default());
    }
    analysis
}

/// One block of a run, with its records.
struct Block<'w, 'a> {
    run: &'a Run,
    plan: &'a BlockPlan,
    windows: &'w [Windows<'a>],
}

impl<'w, 'a> Block<'w, 'a> {
    fn add_to(&self, analysis: &mut Analysis, disturbed: Vec<BlockDisturbance>, retaken_forks: u32) {
        let cells: Vec<CellSummary> =
            self.windows.iter().map(|windows| summarise(self.run, windows)).collect();
        let mut verdicts = Vec::new();
        let mut standings = Vec::new();
        let mut half_widths = Vec::new();
        let mut decisions = Vec::new();
        for class in self.classes() {
            let ranked: Vec<&Windows> = self.ranked(class).collect();
            let pairs = pair::of_class(&ranked);
            let judged = self.verdicts(&ranked, &pairs);
            analysis.comparisons += judged.len() as u32;
            // A pair with too few forks gets no verdict, so none can be wrong, and its interval has no coverage.
            let mut of_class = Errors { block: self, contenders: ranked.len(), known: HashMap::new() };
            let error = |(verdict, interim): &(Verdict, _)| of_class.of(verdict.forks, *interim);
            let errors: Vec<Option<f64>> = judged.iter().map(error).collect();
            let decidable = judged.iter().zip(&errors).filter(|(_, error)| error.is_some());
            half_widths.extend(decidable.map(|((verdict, _), _)| resolution::half_width(verdict)));
            analysis.expected_wrong += errors.iter().flatten().sum::<f64>();
            let of_class: Vec<Verdict> = judged.into_iter().map(|(verdict, _)| verdict).collect();
            let order = order(&ranked, &cells);
            decisions.extend(self.decisions(&ranked, &pairs, &order, &cells));
            standings.push(ClassStanding { class, standing: leader::standing(&order, &of_class), order });
            verdicts.extend(of_class);
        }
        for differs in self.windows.iter().filter_map(|cell| self.split_half_differs(cell)) {
            analysis.split_half_checks += 1;
            analysis.split_half_failures += u32::from(differs);
        }
        let (control, control_resolution) = self.control().unzip();
        verdicts.extend(control.clone());
        let mut block = BlockAnalysis {
            block: self.plan.block.clone(),
            oversubscribed: self.plan.block.threads > self.run.plan.cores,
            cells,
            verdicts,
            standings,
            resolution: resolution::median(half_widths),
            control_resolution: control_resolution.flatten(),
            decisions,
            choices: Vec::new(),
            control,
            disturbed,
            retaken_forks,
        };
        choice::choose(&mut block, &self.run.contenders, self.run.plan.threshold);
        analysis.controls += u32::from(block.control.is_some());
        analysis.controls_failed += u32::from(block.control_failed());
        analysis.blocks.push(block);
    }

    /// The ranked classes, in the order of [`Class`].
    fn classes(&self) -> Vec<Class> {
        let mut classes: Vec<Class> = self.plan.cells.iter().map(|cell| cell.class).collect();
        classes.sort_unstable();
        classes.dedup();
        classes.retain(|class| *class != Class::Floor);
        classes
    }

    /// The measured cells of `class` that are ranked: neither the control nor the floor.
    fn ranked(&self, class: Class) -> impl Iterator<Item = &'w Windows<'a>> {
        self.windows
            .iter()
            .filter(move |cell| cell.cell.is_contender() && cell.plan.class == class && cell.measured())
    }

    /// The rule for the pairs of a class of this many contenders that are judged at this interim analysis.
    fn rule(&self, contenders: usize, interim: InterimAnalysis) -> DecisionRule {
        DecisionRule {
            threshold: Threshold::new(self.run.plan.threshold),
            contenders,
            share: interim.error,
            in_process: self.run.plan.in_process,
        }
    }

    /// The verdicts on all pairs of a class, each with the interim analysis at which it is judged.
    fn verdicts(&self, ranked: &[&Windows], pairs: &[ClassPair]) -> Vec<(Verdict, InterimAnalysis)> {
        let verdict = |(a, b, paired): &ClassPair| {
            let (a, b) = (ranked[*a], ranked[*b]);
            let interim = a.interim_with(b);
            Some((judge(a, b, paired, self.rule(ranked.len(), interim))?, interim))
        };
        pairs.iter().filter_map(verdict).collect()
    }

    /// The decisions on a class in the order of its contenders, before one is chosen.
    fn decisions(
        &self,
        ranked: &[&Windows],
        pairs: &[ClassPair],
        order: &[String],
        cells: &[CellSummary],
    ) -> Vec<ContenderDecision> {
        let distances = distance::of_class(ranked, pairs);
        let baseline = baseline::of_block(self.run, cells);
        let decision = |name: &String| {
            let at = ranked.iter().position(|windows| windows.cell.contender == *name)?;
            let cell = cells.iter().find(|cell| cell.cell == ranked[at].cell)?;
            Some(ContenderDecision::new(cell, distances[at], baseline, self.run.plan.threshold))
        };
        order.iter().filter_map(decision).collect()
    }

    /// The verdict on a contender and its second copy by the rule of their class, and half the width of its interval,
    /// a share. That is none where it has too few forks for a verdict.
    fn control(&self) -> Option<(Verdict, Option<f64>)> {
        let measured = || self.windows.iter().filter(|cell| cell.measured());
        let (copy, name) = measured().find_map(|cell| Some((cell, cell.cell.control_of()?)))?;
        let original = measured().find(|cell| cell.cell.contender == name)?;
        let rule = self.rule(self.ranked(copy.plan.class).count(), original.interim_with(copy));
        let verdict = compare(original, copy, rule)?;
        let half_width = rule.ends(verdict.forks).map(|_| resolution::half_width(&verdict).exp_m1());
        Some((verdict, half_width))
    }

    fn split_half_differs(&self, cell: &Windows) -> Option<bool> {
        let measured = cell.measured() && !cell.cell.is_floor();
        let contenders = || self.ranked(cell.plan.class).count();
        measured.then(|| split_half::differs(cell, self.rule(contenders(), cell.interim)))?
    }
}

/// The names of a class's contenders from best to worst by the medians over forks.
fn order(ranked: &[&Windows], cells: &[CellSummary]) -> Vec<String> {
    let median = |windows: &&Windows| {
        let cell = cells.iter().find(|cell| cell.cell == windows.cell)?;
        let sign = if higher_is_better(&cell.unit) { -1.0 } else { 1.0 };
        Some((sign * cell.median?, cell.cell.contender.clone()))
    };
    let mut medians: Vec<(f64, String)> = ranked.iter().filter_map(median).collect();
    medians.sort_by(|a, b| a.0.total_cmp(&b.0));
    medians.into_iter().map(|(_, name)| name).collect()
}

/// The errors that the intervals of a class are allowed, over all interim analyses. Most of its pairs have the same
/// number of forks.
struct Errors<'b, 'w, 'a> {
    block: &'b Block<'w, 'a>,
    contenders: usize,
    /// By the forks of a pair, and those of the interim analysis at which it was judged.
    known: HashMap<(u32, u32), Option<f64>>,
}

impl Errors<'_, '_, '_> {
    /// That of a pair with this many forks. None where they are too few for a verdict.
    fn of(&mut self, forks: u32, interim: InterimAnalysis) -> Option<f64> {
        let Self { block, contenders, known } = self;
        *known.entry((forks, interim.forks)).or_insert_with(|| {
            let here = block.rule(*contenders, interim).ends(forks)?.miss(forks);
            let miss = |of: &InterimAnalysis| {
                let ends = block.rule(*contenders, *of).ends(of.forks);
                ends.map_or(0.0, |ends| ends.miss(of.forks))
            };
            let others = interim::others(&block.run.plan, block.plan, interim);
            Some(here + others.iter().map(miss).sum::<f64>())
        })
    }
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record, run};
    use contend_record::Status;

    use super::super::{CellState, Outcome, Standing};
    use super::*;

    #[test]
    fn a_block_is_analysed_from_end_to_end() {
        let run = run(&["a", "b", "a~control", "broken", "absent", "floor"]);
        let mut records = Vec::new();
        for fork in 1..=12 {
            records.push(record("a", fork, 1, 100.0));
            records.push(record("b", fork, 1, 150.0));
            records.push(record("a~control", fork, 1, 100.0 + f64::from(fork % 2)));
            records.push(record("broken", fork, 1, 1.0));
            records.push(record("floor", fork, 1, 2.0));
        }
        let broken = &mut records[3];
        (broken.status, broken.valid) = (Status::Failed, false);
        broken.reason = Some("lost one".to_owned());

        let analysis = analyse(&run, &records);
        assert_eq!(analysis.comparisons, 1);
        assert_eq!(analysis.expected_wrong, 26.0 / 4096.0);
        assert_eq!((analysis.controls, analysis.controls_failed), (1, 0));

        let block = &analysis.blocks[0];
        assert_eq!(block.verdicts.len(), 2);
        assert_eq!(block.verdicts[0].verdict, Outcome::Faster);
        assert_eq!(block.control.as_ref(), block.verdicts.last());
        assert!(block.control.as_ref().unwrap().control && !block.control_failed());
        let half_width = 1.01_f64.sqrt() - 1.0;
        assert!((block.control_resolution.unwrap() - half_width).abs() < 1e-12);
        assert!(block.resolution.unwrap().abs() < 1e-12); // one pair, whose forks are alike

        let state = |name| &block.cell(name).unwrap().state;
        assert_eq!(*state("broken"), CellState::Failed("lost one".to_owned()));
        assert!(matches!(state("absent"), CellState::Missing(_)));
        assert_eq!(*state("floor"), CellState::Measured);

        let [class] = &block.standings[..] else {
            panic!("one class");
        };
        assert_eq!(class.order, ["a", "b"]);
        assert!(matches!(&class.standing, Standing::Winner { contender, .. } if contender == "a"));
    }

    #[test]
    fn classes_are_not_compared_with_each_other() {
        let mut run = run(&["a", "b", "c"]);
        run.plan.blocks[0].cells[2].class = Class::Deferred;
        let records: Vec<Record> =
            (1..=12).flat_map(|fork| ["a", "b", "c"].map(|name| record(name, fork, 1, 100.0))).collect();
        let analysis = analyse(&run, &records);
        let block = &analysis.blocks[0];
        assert_eq!(analysis.comparisons, 1);
        assert_eq!(block.verdicts[0].verdict, Outcome::Tie);
        let standings: Vec<&Standing> = block.standings.iter().map(|s| &s.standing).collect();
        assert!(matches!(standings[..], [Standing::Tied { .. }, Standing::Alone { .. }]));
        assert_eq!(block.resolution, Some(0.0));
        assert_eq!(block.control_resolution, None);
    }

    #[test]
    fn a_run_without_records_has_no_verdicts() {
        let analysis = analyse(&run(&["a", "b", "a~control", "floor"]), &[]);
        assert_eq!((analysis.comparisons, analysis.controls), (0, 0));
        assert_eq!(analysis.blocks[0].standings[0].standing, Standing::NotMeasured);
    }

    #[test]
    fn one_fork_decides_nothing() {
        let run = run(&["a", "b", "a~control"]);
        let records = ["a", "b", "a~control"].map(|name| record(name, 1, 1, 100.0));
        let analysis = analyse(&run, &records);
        let block = &analysis.blocks[0];
        assert!(block.control.is_some() && block.control_resolution.is_none());
        assert_eq!(block.resolution, None);
        assert!(block.verdicts.iter().all(|v| v.verdict == Outcome::Unresolved));
        assert_eq!(analysis.expected_wrong, 0.0);
        assert_eq!(analysis.split_half_checks, 0);
    }
}
