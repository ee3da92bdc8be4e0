//! The tables that the simulation prints: their settings and columns.

use contend_analysis::statistics::PAIR_ERROR;

use super::Simulation;
use super::blocks::{Block, Outcomes};
use super::dependence::coverage;
use super::false_alarms::{self, false_alarms};
use super::interim;
use super::markdown::{percent, row, titled, whole};
use super::method::Method;
use super::noise_models::{self, NoiseModel, QUIET, SKEWED, STALLING, STEADY, TWO_PEAKED};
use super::pairs::{Performance, Setting, perform};

const FORKS: [usize; 6] = [6, 8, 10, 12, 21, 24];

/// Every noise model for all contenders of a block, and a mixture of four.
fn all_models() -> Vec<(String, Vec<NoiseModel>)> {
    let alone = std::iter::once(QUIET).chain(noise_models::ALL);
    let mut all: Vec<_> = alone.map(|one| (one.name.to_owned(), vec![one])).collect();
    let four = vec![STEADY, SKEWED, TWO_PEAKED, STALLING];
    all.push(("a mixture of four of them".to_owned(), four));
    all
}

fn one_pair(forks: usize, simulation: Simulation) -> Vec<Vec<Option<Performance>>> {
    let setting = |model| Setting { model, forks, error: PAIR_ERROR, gap: 0.3 };
    let settings = noise_models::ALL.map(setting);
    simulation.each(&settings, |setting, n, rng| perform(*setting, &Method::ALL, n, rng))
}

pub fn pair_by_model(simulation: Simulation) -> String {
    let of = |one: Option<Performance>| {
        one.map_or("–".to_owned(), |one| {
            let half_width = one.half_width.exp_m1();
            format!("{}, ±{}", percent(one.coverage), percent(half_width))
        })
    };
    let rows = one_pair(12, simulation)
        .into_iter()
        .zip(noise_models::ALL)
        .map(|(methods, one)| row(one.name, methods.into_iter().map(of)));
    titled(
        "One pair, 12 forks, nominal coverage 99 %: coverage and median half-width in %",
        "noise of one contender; the other is steady",
        Method::ALL.map(Method::name),
        rows,
    )
}

pub fn pair_by_forks(simulation: Simulation) -> String {
    let results: Vec<_> = FORKS.iter().map(|&forks| one_pair(forks, simulation)).collect();
    let rows = |of: fn(&[Performance]) -> f64| {
        let results = results.iter().zip(FORKS);
        results.map(move |(models, forks)| {
            let of_method = |method: usize| {
                let one = models.iter().map(|methods| methods[method]);
                let all: Option<Vec<Performance>> = one.collect();
                all.map_or("–".to_owned(), |all| percent(of(&all)))
            };
            row(&forks.to_string(), (0..Method::ALL.len()).map(of_method))
        })
    };
    let worst = |all: &[Performance]| all.iter().map(|one| one.coverage).fold(1.0, f64::min);
    let mean = |all: &[Performance]| all.iter().map(|one| one.power).sum::<f64>() / all.len() as f64;
    let methods = Method::ALL.map(Method::name);
    let coverage = "One pair, nominal coverage 99 %: coverage for the worst noise model, in %";
    let power = "One pair that differs by 30 %: power in %, mean over all noise models";
    let width = "One pair, both steady: median half-width in %";
    [
        titled(coverage, "forks", methods, rows(worst)),
        titled(width, "forks", methods, rows(|all| all[0].half_width.exp_m1())),
        titled(power, "forks", methods, rows(mean)),
    ]
    .join("\n")
}

fn blocks(contenders: usize, forks: usize, method: Method, simulation: Simulation) -> Vec<Option<Outcomes>> {
    blocks_with(0, contenders, forks, method, simulation)
}

/// Blocks in which this many contenders are far ahead.
fn blocks_with(
    ahead: usize,
    contenders: usize,
    forks: usize,
    method: Method,
    simulation: Simulation,
) -> Vec<Option<Outcomes>> {
    let block = |(_, models)| Block { models, contenders, ahead, forks, method };
    let settings: Vec<Block> = all_models().into_iter().map(block).collect();
    simulation.each(&settings, Block::simulate)
}

pub fn blocks_by_model(simulation: Simulation) -> String {
    let of = |forks| blocks(13, forks, Method::OrderStatistics, simulation);
    let (twelve, more, most) = (of(12), of(21), of(24));
    let rows = all_models().into_iter().enumerate().map(|(at, (name, _))| {
        let [twelve, more, most] = [&twelve, &more, &most].map(|of| of[at].unwrap_or_default());
        let figures = [
            twelve.missed,
            twelve.false_pair,
            twelve.covered,
            twelve.false_winner,
            more.missed,
            more.false_pair,
            more.covered,
            most.missed,
            most.covered,
            twelve.leader_uncorrected,
        ];
        row(&name, figures.into_iter().map(percent))
    });
    titled(
        "Blocks of 13 equals: intervals that miss and pairs called `faster`, in % of pairs; others in % of blocks",
        "noise of all contenders",
        [
            "12 forks: pairs that miss",
            "a false `faster`",
            "all of one contender cover",
            "a false winner",
            "21 forks: pairs that miss",
            "a false `faster`",
            "all of one cover",
            "24 forks: pairs that miss",
            "all of one cover",
            "12 forks: leader wrongly ahead by 95 % intervals without correction",
        ],
        rows,
    )
}

pub fn blocks_by_size(simulation: Simulation) -> String {
    let sizes = [2, 3, 4, 5, 8, 14];
    let worst = |contenders, forks| {
        let all: Option<Vec<Outcomes>> =
            blocks(contenders, forks, Method::OrderStatistics, simulation).into_iter().collect();
        all.map_or("–".to_owned(), |all| percent(all.iter().map(|one| one.covered).fold(1.0, f64::min)))
    };
    let rows = sizes.map(|size| row(&size.to_string(), FORKS.map(|forks| worst(size, forks))));
    titled(
        "All intervals of one contender cover, for the worst noise model, in % of blocks",
        "contenders",
        FORKS.map(|forks| format!("{forks} forks")),
        rows,
    )
}

pub fn blocks_by_method(simulation: Simulation) -> String {
    let rows = Method::ALL.map(|method| {
        let every = match method {
            Method::SignedRanks => 20,
            method if method.is_bootstrap() => 200,
            _ => 4,
        };
        let all: Vec<Outcomes> =
            blocks(13, 12, method, simulation.one_of(every)).into_iter().flatten().collect();
        let worst = |of: fn(&Outcomes) -> f64| all.iter().map(of).fold(0.0, f64::max);
        let named = all.iter().map(|one| one.winner_by[1]).sum::<f64>() / all.len() as f64;
        let figures = [
            worst(|one| one.missed),
            worst(|one| one.false_pair),
            1.0 - worst(|one| 1.0 - one.covered),
            worst(|one| one.false_winner),
            named,
        ];
        row(method.name(), figures.map(percent))
    });
    titled(
        "Blocks of 13, 12 forks, a pair may miss in 0.42 %: for the worst noise model, in % of pairs or blocks",
        "method",
        [
            "pairs that miss",
            "a false `faster`",
            "all of one contender cover",
            "a false winner",
            "winner by 30 % found, mean over all noise models",
        ],
        rows,
    )
}

pub fn false_winners(simulation: Simulation) -> String {
    let sizes = [(3, 8), (5, 12), (13, 12), (13, 14), (22, 14), (13, 21), (13, 24)];
    let of = |(size, forks)| {
        let simulation = simulation.one_of(4);
        blocks_with(2, size, forks, Method::OrderStatistics, simulation)
    };
    let results = sizes.map(of);
    let rows = all_models().into_iter().enumerate().map(|(at, (name, _))| {
        let figures = results.iter().map(|result| {
            let found = result[at].unwrap_or_default();
            let shown = [found.covered, found.false_winner].map(percent);
            shown.join(", ")
        });
        row(&name, figures)
    });
    titled(
        "Two equals, twice as fast as all others: all intervals of one of them cover, a false winner, in % of blocks",
        "noise of all contenders",
        sizes.map(|(size, forks)| format!("{size} contenders, {forks} forks")),
        rows,
    )
}

pub fn winners(simulation: Simulation) -> String {
    let sizes = [(2, 12), (5, 12), (13, 12), (2, 24), (5, 24), (13, 24)];
    let of = |(size, forks)| blocks(size, forks, Method::OrderStatistics, simulation.one_of(4));
    let results = sizes.map(of);
    let rows = all_models().into_iter().enumerate().map(|(at, (name, _))| {
        let figures = results.iter().map(|result| {
            let by = result[at].unwrap_or_default().winner_by;
            format!("{}, {}", whole(by[0]), whole(by[1]))
        });
        row(&name, figures)
    });
    titled(
        "One contender faster than all others by 10 %, by 30 %: found as winner, in % of blocks",
        "noise of all contenders",
        sizes.map(|(size, forks)| format!("{size} contenders, {forks} forks")),
        rows,
    )
}

pub fn interim_analyses(simulation: Simulation) -> String {
    let equals = [2, 5, 13].map(|size| (size, 0.0));
    let led = [(2, 0.1), (2, 0.3), (5, 0.3), (13, 0.3)];
    let of = |(contenders, gap): (usize, f64)| {
        let setting = |model| interim::Setting { model, contenders, gap };
        let settings: Vec<_> = std::iter::once(QUIET).chain(noise_models::ALL).map(setting).collect();
        let simulation = if gap > 0.0 { simulation.one_of(4) } else { simulation };
        simulation.each(&settings, |one, n, rng| one.simulate(n, rng))
    };
    let (equals, led) = (equals.map(of), led.map(of));
    let rows = std::iter::once(QUIET).chain(noise_models::ALL).enumerate().map(|(at, one)| {
        let equals = equals.iter().map(|of| {
            let of = of[at];
            let shares = [of.covered, of.covered_by_peeks, of.winner].map(percent);
            shares.join(", ")
        });
        let led = led.iter().map(|of| {
            let forks = of[at].forks;
            format!("{}, {forks:.1}", whole(of[at].winner))
        });
        row(one.name, equals.chain(led))
    });
    titled(
        "Three interim analyses. Equals: all intervals of one contender cover at all analyses, the same where each \
         analysis spends all of the error, a false winner, in % of blocks. Others: the winner \
         found, in % of blocks, and the mean number of forks",
        "noise of all contenders",
        ["2 equals", "5 equals", "13 equals", "2, by 10 %", "2, by 30 %", "5, by 30 %", "13, by 30 %"],
        rows,
    )
}

pub fn notes(simulation: Simulation) -> String {
    let setting = |model, over_the_run: f64, forks| false_alarms::Setting {
        model,
        over_the_run: over_the_run.ln_1p(),
        forks,
    };
    let mut settings: Vec<(String, false_alarms::Setting)> = std::iter::once(QUIET)
        .chain(noise_models::ALL)
        .map(|one| (one.name.to_owned(), setting(one, 0.0, 12)))
        .collect();
    settings.push(("steady, 8 forks".to_owned(), setting(STEADY, 0.0, 8)));
    settings.push(("steady, 30 % slower at the end".to_owned(), setting(STEADY, 0.3, 12)));
    let results = simulation.each(&settings, |(_, one), n, rng| false_alarms(*one, n, rng));
    let rows = results.iter().zip(&settings).map(|(found, (name, _))| {
        let figures =
            [found.modes, found.modes_of_pair, found.over_the_run, found.within_forks, found.split_half];
        row(name, figures.map(percent))
    });
    titled(
        "Notes, 12 forks, in % of contenders",
        "noise of the contender",
        [
            "two modes",
            "two modes of its ratio to a steady one",
            "drift over the run",
            "drift within forks",
            "split-half check differs",
        ],
        rows,
    )
}

pub fn dependence(simulation: Simulation) -> String {
    let forks = [12, 21, 24];
    let correlations = [0.0, 0.2, 0.4, 0.6, 0.8];
    let rows = simulation.each(&correlations, |&correlation, n, rng| {
        let figures = forks.map(|forks| percent(coverage(correlation, forks, n, rng)));
        row(&format!("{correlation:.1}"), figures)
    });
    titled(
        "Forks that depend on the fork before: coverage of the 99 % interval of a pair, in %",
        "correlation",
        forks.map(|forks| format!("{forks} forks")),
        rows,
    )
}
