//! Throughput over threads, a line for each contender.

mod curves;
mod names;

use contend_analysis::text::number;

use super::Drawing;
use super::label::{fitted, width};
use super::scale::{FromZero, ThreadAxis};
use super::svg::{Path, Px, Svg};

const WIDTH: f64 = 580.0;
const TOP: f64 = 60.0;
const PLOT_HEIGHT: f64 = 272.0;
const BELOW: f64 = 40.0;
const LEFT: f64 = 40.0;
/// The distance of the first and the last count from the plot's edges.
const INSET: f64 = 18.0;
const LABEL_COLUMNS: usize = 27;

/// The throughput of one variant.
#[derive(Clone, Debug)]
pub struct Throughput {
    /// The drawing's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its subtitle.
    pub subtitle: String,
    /// Its content in words.
    pub description: String,
    /// The unit of the y axis: `Mops/s`.
    pub unit: String,
    /// The measured thread counts, ascending.
    pub threads: Vec<usize>,
    /// The allowed CPUs. More threads are oversubscribed.
    pub cores: usize,
    /// The greatest value on the y axis.
    pub highest: f64,
    /// The contenders, the best at the last thread count first.
    pub series: Vec<Series>,
    /// The driver's own cost.
    pub floor: Option<Series>,
}

/// A contender's line.
#[derive(Clone, Debug)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// Whether it is of another class than the first, so that its name is in italics.
    pub other_class: bool,
    /// Its style; none is muted.
    pub style: Option<usize>,
    /// Its points. A missing count is a gap.
    pub points: Vec<Point>,
}

/// A contender at a thread count.
#[derive(Clone, Debug)]
pub struct Point {
    /// The count.
    pub threads: usize,
    /// The median over forks.
    pub value: f64,
    /// Its interval.
    pub interval: Option<(f64, f64)>,
    /// The forks.
    pub forks: Vec<f64>,
}

struct Plot<'a> {
    chart: &'a Throughput,
    x: ThreadAxis,
    y: FromZero,
    right: f64,
    bottom: f64,
}

impl Throughput {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let longest =
            self.series.iter().map(|series| width(&fitted(&series.name, LABEL_COLUMNS))).fold(60.0, f64::max);
        let right = WIDTH - longest - 30.0;
        let bottom = TOP + PLOT_HEIGHT;
        let plot = Plot {
            chart: self,
            x: ThreadAxis::new(&self.threads, LEFT + INSET, right - INSET),
            y: FromZero::new(self.highest, 5, bottom, TOP),
            right,
            bottom,
        };
        let mut svg = Svg::default();
        plot.frame(&mut svg);
        plot.curves(&mut svg);
        svg.group("g", &[("class", &"ends")], |svg| plot.names(svg));
        Drawing {
            id: self.id.clone(),
            title: format!("{}: {} over threads", self.title, self.unit),
            description: self.description.clone(),
            width: WIDTH,
            height: bottom + BELOW,
            hints: plot.hints(),
            body: svg.finish(),
        }
    }
}

impl Plot<'_> {
    /// The attributes from which the script draws the chart in another measure: the plot's sides, and the
    /// thread counts with their places.
    fn hints(&self) -> Vec<(&'static str, String)> {
        let sides = [LEFT, TOP, self.right, self.bottom].map(|side| Px(side).to_string());
        let counts = self.chart.threads.iter();
        let places = counts.map(|count| format!("{count} {}", Px(self.x.at(*count))));
        vec![("data-box", sides.join(" ")), ("data-x", places.collect::<Vec<_>>().join(" "))]
    }

    fn frame(&self, svg: &mut Svg) {
        let chart = self.chart;
        svg.group("text", &[("class", &"title"), ("x", &0), ("y", &14)], |svg| {
            svg.text("tspan", &[], &fitted(&chart.title, 40));
            let room = 80usize.saturating_sub(chart.title.chars().count());
            svg.text("tspan", &[("class", &"sub"), ("dx", &"10")], &fitted(&chart.subtitle, room.max(20)));
        });
        self.shade(svg);
        self.upright_axis(svg);
        let mut axis = Path::default();
        axis.go(LEFT, self.bottom).level(self.right);
        for threads in &chart.threads {
            axis.go(self.x.at(*threads), self.bottom).upright(self.bottom + 4.0);
        }
        svg.leaf("path", &[("class", &"axis"), ("d", &axis)]);
        svg.group("g", &[("class", &"tick x")], |svg| {
            for threads in self.x.labelled(&chart.threads, 20.0) {
                let place = Px(self.x.at(threads));
                let below = self.bottom + 17.0;
                svg.text("text", &[("x", &place), ("y", &below)], &threads.to_string());
            }
        });
        svg.text(
            "text",
            &[("class", &"unit end"), ("x", &Px(self.right)), ("y", &(self.bottom + 33.0))],
            "threads →",
        );
    }

    fn upright_axis(&self, svg: &mut Svg) {
        svg.group("g", &[("class", &"y")], |svg| {
            svg.text(
                "text",
                &[("class", &"unit"), ("x", &0), ("y", &(TOP - 20.0))],
                &format!("↑ {}", self.chart.unit),
            );
            let mut grid = Path::default();
            for tick in self.y.ticks().skip(1) {
                grid.go(LEFT, self.y.at(tick)).level(self.right);
            }
            svg.leaf("path", &[("class", &"grid"), ("d", &grid)]);
            svg.group("g", &[("class", &"tick")], |svg| {
                for tick in self.y.ticks() {
                    let (x, y) = (LEFT - 7.0, self.y.at(tick) + 4.0);
                    svg.text("text", &[("x", &x), ("y", &Px(y))], &self.y.label(tick));
                }
            });
        });
    }

    /// The region of more workers than CPUs, and the line where it begins.
    fn shade(&self, svg: &mut Svg) {
        let (threads, cores) = (&self.chart.threads, self.chart.cores);
        let Some(first) = threads.iter().copied().find(|count| *count > cores) else {
            return;
        };
        // Without a count at or below the cores, the whole plot is shaded.
        let all = threads.first() == Some(&first);
        let from = if all { LEFT } else { self.x.at(cores) };
        svg.leaf(
            "rect",
            &[
                ("class", &"over"),
                ("x", &Px(from)),
                ("y", &TOP),
                ("width", &Px(self.right - from)),
                ("height", &PLOT_HEIGHT),
            ],
        );
        let mut line = Path::default();
        if !all {
            line.go(from, TOP - 4.0).upright(self.bottom);
            svg.leaf("path", &[("class", &"cores"), ("d", &line)]);
        }
        let cpus = number::plural(cores, "CPU", "CPUs");
        // Beside the line if it fits, otherwise at the plot's edge.
        let text = format!("more threads than {cpus}: oversubscribed");
        let room = self.right - from > width(&text) * 0.85;
        let (class, x) = match room {
            true => ("note", from + 5.0),
            false => ("note end", self.right),
        };
        svg.text("text", &[("class", &class), ("x", &Px(x)), ("y", &(TOP - 6.0))], &text);
    }
}
