//! Scaling: throughput over threads, both logarithmic, a line for each contender. What to take, the baseline and the
//! floor stand out. All others are grey, and the page's script brings out any of them by their class names alone.

use contend_analysis::text::number;

use super::Drawing;
use super::label::{place_labels, widest};
use super::row::heading;
use super::scale::{Decades, ThreadAxis};
use super::svg::{Path, Px, Svg};
use super::{fill_class, stroke_class};

const TOP: f64 = 56.0;
const LEFT: f64 = 52.0;
const PLOT_WIDTH: f64 = 360.0;
const PLOT_HEIGHT: f64 = 252.0;
const BELOW: f64 = 40.0;
/// The distance of the first and the last count from the plot's edges.
const INSET: f64 = 16.0;
/// How far beyond the count of the CPUs the region of more threads begins, so that its points are outside.
const BEYOND: f64 = 6.0;
/// The least distance of two names.
const LABEL_APART: f64 = 13.0;

/// The scaling of one variant.
#[derive(Clone, Debug)]
pub struct Scaling {
    /// The drawing's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its content in words.
    pub description: String,
    /// The unit of the y axis: `Mops/s`.
    pub unit: String,
    /// The measured thread counts, ascending.
    pub threads: Vec<usize>,
    /// The allowed CPUs. More threads are oversubscribed.
    pub cores: usize,
    /// The contenders and the floor.
    pub series: Vec<Series>,
}

/// A line.
#[derive(Clone, Debug)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// The colour of its family.
    pub colour: Option<usize>,
    /// Whether it stands out.
    pub role: Role,
    /// Why, beside its name; empty where it does not.
    pub note: String,
    /// Its points: a thread count with a value. A missing count is a gap.
    pub points: Vec<(usize, f64)>,
}

/// Whether a line stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// It does not.
    Other,
    /// The driver's own cost.
    Floor,
    /// The contender that others are compared with.
    Baseline,
    /// What to take at the main thread count.
    Take,
}

struct Plot<'a> {
    chart: &'a Scaling,
    x: ThreadAxis,
    y: Decades,
    right: f64,
    bottom: f64,
}

impl Scaling {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let values = || self.series.iter().flat_map(|series| &series.points).map(|point| point.1);
        let sound = || values().filter(|value| value.is_finite() && *value > 0.0);
        let low = sound().fold(f64::INFINITY, f64::min);
        let high = sound().fold(0.0, f64::max);
        // Every line has its name beside it, so a chart of many lines is high.
        let height = PLOT_HEIGHT.max((self.series.len() as f64 - 1.0) * LABEL_APART + 8.0);
        let (right, bottom) = (LEFT + PLOT_WIDTH, TOP + height);
        let plot = Plot {
            chart: self,
            x: ThreadAxis::new(&self.threads, LEFT + INSET, right - INSET),
            y: Decades::new(low, high, bottom, TOP),
            right,
            bottom,
        };
        let labels: Vec<String> = self.series.iter().map(Series::label).collect();
        let mut svg = Svg::default();
        plot.frame(&mut svg);
        plot.lines(&mut svg);
        plot.names(&mut svg);
        Drawing {
            id: self.id.clone(),
            title: format!("{}: {} over threads", self.title, self.unit),
            description: self.description.clone(),
            width: right + 24.0 + widest(labels.iter().map(String::as_str), 60.0),
            height: bottom + BELOW,
            body: svg.finish(),
        }
    }
}

impl Plot<'_> {
    fn frame(&self, svg: &mut Svg) {
        let chart = self.chart;
        heading(svg, &chart.title, "over threads, both axes logarithmic");
        self.shade(svg);
        let unit = format!("↑ {}", chart.unit);
        svg.text("text", &[("class", &"unit"), ("x", &0), ("y", &(TOP - 18.0))], &unit);
        let mut grid = Path::default();
        let ticks = self.y.ticks(9);
        for tick in &ticks {
            grid.go(LEFT, self.y.at(*tick)).level(self.right);
        }
        svg.leaf("path", &[("class", &"grid"), ("d", &grid)]);
        svg.group("g", &[("class", &"tick y")], |svg| {
            for tick in &ticks {
                let y = Px(self.y.at(*tick) + 4.0);
                svg.text("text", &[("x", &(LEFT - 7.0)), ("y", &y)], &Decades::label(*tick));
            }
        });
        let mut axis = Path::default();
        axis.go(LEFT, self.bottom).level(self.right);
        for threads in &chart.threads {
            axis.go(self.x.at(*threads), self.bottom).upright(self.bottom + 4.0);
        }
        svg.leaf("path", &[("class", &"axis"), ("d", &axis)]);
        svg.group("g", &[("class", &"tick x")], |svg| {
            for threads in self.x.labelled(&chart.threads, 20.0) {
                let (x, y) = (Px(self.x.at(threads)), Px(self.bottom + 17.0));
                svg.text("text", &[("x", &x), ("y", &y)], &threads.to_string());
            }
        });
        let (x, y) = (Px(self.right), Px(self.bottom + 33.0));
        svg.text("text", &[("class", &"unit end"), ("x", &x), ("y", &y)], "threads →");
    }

    /// The region of more workers than CPUs.
    fn shade(&self, svg: &mut Svg) {
        let (threads, cores) = (&self.chart.threads, self.chart.cores);
        let Some(first) = threads.iter().copied().find(|count| *count > cores) else {
            return;
        };
        // Without a count at or below the cores, the whole plot is shaded.
        let all = threads.first() == Some(&first);
        let from = if all { LEFT } else { self.x.at(cores) + BEYOND };
        svg.leaf(
            "rect",
            &[
                ("class", &"over"),
                ("x", &Px(from)),
                ("y", &TOP),
                ("width", &Px(self.right - from)),
                ("height", &Px(self.bottom - TOP)),
            ],
        );
        let text = format!("more threads than {}", number::plural(cores, "CPU", "CPUs"));
        let (x, y) = (Px(self.right), TOP - 6.0);
        svg.text("text", &[("class", &"note end"), ("x", &x), ("y", &y)], &text);
    }

    /// The lines, those that stand out on top.
    fn lines(&self, svg: &mut Svg) {
        let mut series: Vec<&Series> = self.chart.series.iter().collect();
        series.sort_by_key(|series| series.role);
        svg.group("g", &[], |svg| {
            for series in series {
                let mut line = Path::default();
                for stretch in self.stretches(series) {
                    match stretch[..] {
                        [(x, y)] => _ = line.dot(x, y),
                        [(x, y), ref further @ ..] => {
                            line.go(x, y);
                            further.iter().for_each(|(x, y)| _ = line.line(*x, *y));
                        }
                        [] => {}
                    }
                }
                if !line.is_empty() {
                    let class = format!("s {}{}", series.role.class(), stroke_class(series.colour));
                    svg.leaf("path", &[("class", &class), ("data-n", &series.name), ("d", &line)]);
                }
            }
        });
    }

    /// Points without a gap between them: neighbours among the measured counts.
    fn stretches(&self, series: &Series) -> Vec<Vec<(f64, f64)>> {
        let place = |threads: usize| self.chart.threads.iter().position(|count| *count == threads);
        let mut stretches: Vec<Vec<(f64, f64)>> = Vec::new();
        let mut before = None;
        for (threads, value) in series.points.iter().filter(|(_, value)| value.is_finite() && *value > 0.0) {
            let at = place(*threads);
            let point = (self.x.at(*threads), self.y.at(*value));
            match stretches.last_mut() {
                Some(stretch) if before.is_some() && at == before.map(|before: usize| before + 1) => {
                    stretch.push(point);
                }
                _ => stretches.push(vec![point]),
            }
            before = at;
        }
        stretches
    }

    /// The names at the right, each at the height of its line's end.
    fn names(&self, svg: &mut Svg) {
        let mut named: Vec<(&Series, (usize, f64))> = self
            .chart
            .series
            .iter()
            .filter_map(|series| {
                let sound = series.points.iter().rev().find(|(_, value)| value.is_finite() && *value > 0.0);
                Some((series, *sound?))
            })
            .collect();
        named.sort_by(|a, b| self.y.at(a.1.1).total_cmp(&self.y.at(b.1.1)).then(a.0.name.cmp(&b.0.name)));
        let wanted: Vec<f64> = named.iter().map(|(_, (_, value))| self.y.at(*value)).collect();
        let places = place_labels(&wanted, LABEL_APART, TOP + 4.0, self.bottom - 4.0);
        let mut leads = Path::default();
        for ((_, (threads, value)), y) in named.iter().zip(&places) {
            leads.go(self.x.at(*threads) + 4.0, self.y.at(*value));
            leads.line(self.right + 2.0, *y).level(self.right + 8.0);
        }
        if !leads.is_empty() {
            svg.leaf("path", &[("class", &"lead"), ("d", &leads)]);
        }
        let right = format!("translate({})", Px(self.right + 12.0));
        svg.group("g", &[("transform", &right)], |svg| {
            for ((series, _), y) in named.iter().zip(places) {
                let class = format!("n {}{}", series.role.class(), fill_class(series.colour));
                let y = Px(y + 4.0);
                // The script needs the name where the text has more.
                let name = if series.note.is_empty() { "" } else { &series.name };
                svg.text("text", &[("class", &class), ("data-n", &name), ("y", &y)], &series.label());
            }
        });
    }
}

impl Role {
    fn class(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Floor => "floor",
            Self::Baseline => "key base",
            Self::Take => "key",
        }
    }
}

impl Series {
    /// The name with its note.
    fn label(&self) -> String {
        if self.note.is_empty() { self.name.clone() } else { format!("{} ({})", self.name, self.note) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(name: &str, role: Role, points: &[(usize, f64)]) -> Series {
        Series {
            name: name.to_owned(),
            colour: Some(1),
            role,
            note: if role == Role::Take { "take at 2 threads".to_owned() } else { String::new() },
            points: points.to_vec(),
        }
    }

    fn scaling(series: Vec<Series>) -> String {
        let chart = Scaling {
            id: "a-b-scaling".to_owned(),
            title: "a/b".to_owned(),
            description: String::new(),
            unit: "Mops/s".to_owned(),
            threads: vec![1, 2, 4],
            cores: 2,
            series,
        };
        chart.draw().inline()
    }

    #[test]
    fn every_line_is_named_however_many_there_are() {
        let names: Vec<String> = (0..60).map(|index| format!("some::crate::Lock{index}")).collect();
        let lines = names.iter().map(|name| series(name, Role::Other, &[(1, 5.0), (2, 6.0), (4, 7.0)]));
        let svg = scaling(lines.collect());
        for name in &names {
            assert!(svg.contains(&format!(">{name}</text>")), "{name}");
        }
    }

    #[test]
    fn a_missing_count_is_a_gap_and_a_value_that_is_none_too() {
        let whole = scaling(vec![series("a", Role::Take, &[(1, 5.0), (2, 6.0), (4, 7.0)])]);
        let gap = scaling(vec![series("a", Role::Take, &[(1, 5.0), (2, f64::NAN), (4, 7.0)])]);
        let moves = |svg: &str| {
            let (_, line) = svg.split_once("data-n=\"a\" d=\"").expect("a line");
            line.split('"').next().expect("its path").matches(['M', 'm']).count()
        };
        assert_eq!((moves(&whole), moves(&gap)), (1, 2));
    }
}
