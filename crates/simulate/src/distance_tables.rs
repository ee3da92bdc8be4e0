//! The tables on distances from the best: their settings and columns.

use super::Simulation;
use super::distances::{Class, Form, Outcomes};
use super::markdown::{percent, row, titled, whole};
use super::noise_models::{self, NoiseModel, QUIET, TWO_PEAKED};
use super::race::race;

/// How far the others are behind where one is ahead of all, a logarithm: 10 %.
const BEHIND: f64 = 0.095;

/// The same for one that is twice as fast.
const FAR_BEHIND: f64 = std::f64::consts::LN_2;

/// Just beyond the threshold: a pick of any of these is false.
const JUST_BEYOND: f64 = 0.0305;

fn models() -> impl Iterator<Item = NoiseModel> {
    std::iter::once(QUIET).chain(noise_models::ALL)
}

/// A class for each noise model.
fn of_models(class: impl Fn(NoiseModel) -> Class, simulation: Simulation) -> Vec<Outcomes> {
    let classes: Vec<Class> = models().map(class).collect();
    simulation.each(&classes, Class::simulate)
}

pub fn coverage(simulation: Simulation) -> String {
    let equals = |model| Class::led(model, model, 0.0, 13, 12);
    let led = |(contenders, forks)| move |model| Class::led(model, model, BEHIND, contenders, forks);
    let alone = |behind| move |model| Class::led(QUIET, model, behind, 13, 12);
    let columns = [
        of_models(equals, simulation),
        of_models(led((3, 12)), simulation),
        of_models(led((13, 12)), simulation),
        of_models(led((22, 14)), simulation.one_of(4)),
        of_models(led((13, 24)), simulation.one_of(4)),
        of_models(alone(FAR_BEHIND), simulation),
        of_models(alone(JUST_BEYOND), simulation),
    ];
    let rows = models().enumerate().map(|(at, model)| {
        let shown = columns.iter().map(|column| {
            let of = column[at];
            [of.covered, of.false_pick].map(percent).join(", ")
        });
        row(model.name, shown)
    });
    titled(
        "Distances from the best: all upper and lower bounds of a class hold together, a contender wrongly called \
         within 3 %, in % of blocks",
        "noise of all contenders",
        [
            "13 equals, 12 forks",
            "one of 3 ahead by 10 %, 12 forks",
            "one of 13, 12 forks",
            "one of 22, 14 forks",
            "one of 13, 24 forks",
            "a quiet one of 13 twice as fast, 12 forks",
            "a quiet one of 13 ahead by 3.1 %, 12 forks",
        ],
        rows,
    )
}

pub fn power(simulation: Simulation) -> String {
    let simulation = simulation.one_of(4);
    let sizes = [(3, 12), (13, 12), (3, 24), (13, 24)];
    let equals = sizes.map(|(contenders, forks)| {
        of_models(|model| Class::led(model, model, 0.0, contenders, forks), simulation)
    });
    let led =
        [12, 24].map(|forks| of_models(|model| Class::led(model, model, BEHIND, 13, forks), simulation));
    let rows = models().enumerate().map(|(at, model)| {
        let equals = equals.iter().map(|column| column[at].within.map(whole).join(", "));
        let led = led.iter().map(|column| {
            let of = column[at];
            let shown = [of.within[0], of.within[1], of.proven_behind].map(whole);
            shown.join(", ")
        });
        row(model.name, equals.chain(led))
    });
    let equals = sizes.map(|(contenders, forks)| format!("{contenders} equals, {forks} forks"));
    let led = [12, 24].map(|forks| format!("one of 13 ahead by 10 %, {forks} forks"));
    titled(
        "A contender is proven to be within 3 %, within 10 % of the best, in % of blocks. Where one is ahead: the \
         others proven to be behind, in % of them",
        "noise of all contenders",
        equals.into_iter().chain(led),
        rows,
    )
}

pub fn forms(simulation: Simulation) -> String {
    let of = |form: Form| {
        let simulation = simulation.one_of(if form == Form::SignedRanks { 20 } else { 4 });
        let with = |class: Class| Class { form, ..class };
        let led = |best, behind, forks| {
            of_models(move |model| with(Class::led(best, model, behind, 13, forks)), simulation)
        };
        let twelve = [led(QUIET, JUST_BEYOND, 12), led(QUIET, FAR_BEHIND, 12)].concat();
        let more = [led(QUIET, FAR_BEHIND, 24), led(TWO_PEAKED, FAR_BEHIND, 24)].concat();
        let equals = of_models(|model| with(Class::led(model, model, 0.0, 13, 12)), simulation);
        let least = |of: &[Outcomes]| of.iter().map(|one| one.covered).fold(1.0, f64::min);
        let mean = |at: usize| equals.iter().map(|one| one.within[at]).sum::<f64>() / equals.len() as f64;
        let figures = [
            least(&twelve),
            least(&more),
            twelve.iter().map(|one| one.false_pick).fold(0.0, f64::max),
            mean(0),
            mean(1),
        ];
        row(form.name(), figures.map(percent))
    };
    titled(
        "Forms of bounds for 13 contenders, nominal coverage 95 %: for the worst noise model where one is ahead by \
         3.1 % or twice as fast, a quiet one or, with 24 forks, one with two modes; for 13 equals the mean over all \
         noise models; in %",
        "form",
        [
            "12 forks: all bounds hold",
            "24 forks: all bounds hold",
            "12 forks: a contender wrongly called within 3 %",
            "equals, 12 forks: within 3 %",
            "equals, 12 forks: within 10 %",
        ],
        Form::ALL.map(of),
    )
}

pub fn races(simulation: Simulation) -> String {
    let simulation = simulation.one_of(8);
    let of = |class: &dyn Fn(NoiseModel) -> Class| {
        let classes: Vec<Class> = models().map(class).collect();
        simulation.each(&classes, race)
    };
    let columns = [
        ("13 equals", of(&|model| Class::led(model, model, 0.0, 13, 21))),
        ("a quiet one of 13 ahead by 3.1 %", of(&|model| Class::led(QUIET, model, JUST_BEYOND, 13, 21))),
        ("one of 13 ahead by 10 %", of(&|model| Class::led(model, model, BEHIND, 13, 21))),
        ("one of 26 ahead by 10 %", of(&|model| Class::led(model, model, BEHIND, 26, 21))),
    ];
    let rows = models().enumerate().map(|(at, model)| {
        let figures = columns.iter().map(|(_, column)| {
            let of = column[at];
            let shown = [of.covered, of.false_pick].map(percent).into_iter();
            let shown = shown.chain([of.decided_at_first, of.decided, of.forks].map(whole));
            shown.collect::<Vec<_>>().join(", ")
        });
        row(model.name, figures)
    });
    titled(
        "Races of 21 to 42 forks: all bounds hold at every analysis, a contender wrongly called within 3 %, one called \
         so at the first analysis, at any, in % of blocks; the forks that they take, in % of 42 for each",
        "noise of all contenders",
        columns.iter().map(|(name, _)| (*name).to_owned()),
        rows,
    )
}
