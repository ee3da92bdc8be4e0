//! Throughput over threads, a line for each contender.

use super::label::{fitted, spread, width};
use super::scale::{Counts, FromZero};
use super::svg::{Path, Px, Svg};
use super::{Drawing, FORKS_FOR_AN_INTERVAL, look_class, marker};
use crate::report::number;

const WIDTH: f64 = 640.0;
const TOP: f64 = 58.0;
const PLOT_HEIGHT: f64 = 272.0;
const BELOW: f64 = 40.0;
const LEFT: f64 = 48.0;
/// Between the plot's edge and its first and last count.
const INSET: f64 = 18.0;
const LABEL_APART: f64 = 14.0;
const LABEL_COLUMNS: usize = 28;

/// What is drawn: one variant.
#[derive(Clone, Debug)]
pub struct Throughput {
    /// The drawing's id.
    pub id: String,
    /// What stands above it.
    pub title: String,
    /// And beside that, in a quieter type.
    pub subtitle: String,
    /// What can be read from it, in words.
    pub description: String,
    /// What the y axis counts: `Mops/s`.
    pub unit: String,
    /// The thread counts that were measured, ascending.
    pub threads: Vec<usize>,
    /// The CPUs allowed: what lies beyond is oversubscribed.
    pub cores: usize,
    /// What the y axis must hold.
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
    /// Whether it promises less than the others: its name is set in italics.
    pub apart: bool,
    /// Its look; none is muted.
    pub look: Option<usize>,
    /// What is there; a count that is missing is a gap.
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
    x: Counts,
    y: FromZero,
    right: f64,
    bottom: f64,
}

impl Throughput {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let longest = self
            .series
            .iter()
            .map(|series| width(&fitted(&series.name, LABEL_COLUMNS)))
            .fold(60.0, f64::max);
        let right = WIDTH - longest - 30.0;
        let bottom = TOP + PLOT_HEIGHT;
        let plot = Plot {
            chart: self,
            x: Counts::new(&self.threads, LEFT + INSET, right - INSET),
            y: FromZero::new(self.highest, 5, bottom, TOP),
            right,
            bottom,
        };
        let mut svg = Svg::default();
        plot.frame(&mut svg);
        plot.curves(&mut svg);
        plot.names(&mut svg);
        Drawing {
            id: self.id.clone(),
            title: format!("{}: {} over threads", self.title, self.unit),
            description: self.description.clone(),
            width: WIDTH,
            height: bottom + BELOW,
            body: svg.finish(),
        }
    }
}

impl Plot<'_> {
    fn frame(&self, svg: &mut Svg) {
        let chart = self.chart;
        svg.group(
            "text",
            &[("class", &"title"), ("x", &0), ("y", &14)],
            |svg| {
                svg.text("tspan", &[], &fitted(&chart.title, 48));
                let room = 88usize.saturating_sub(chart.title.chars().count());
                svg.text(
                    "tspan",
                    &[("class", &"sub"), ("dx", &"10")],
                    &fitted(&chart.subtitle, room.max(20)),
                );
            },
        );
        self.shade(svg);
        svg.text(
            "text",
            &[("class", &"unit"), ("x", &0), ("y", &(TOP - 16.0))],
            &format!("↑ {}", chart.unit),
        );
        let mut grid = Path::default();
        for tick in self.y.ticks().skip(1) {
            grid.go(LEFT, self.y.at(tick)).level(self.right);
        }
        svg.leaf("path", &[("class", &"grid"), ("d", &grid)]);
        svg.group("g", &[("class", &"tick y")], |svg| {
            for tick in self.y.ticks() {
                let (x, y) = (LEFT - 7.0, self.y.at(tick) + 4.0);
                svg.text("text", &[("x", &x), ("y", &Px(y))], &self.y.label(tick));
            }
        });
        let mut axis = Path::default();
        axis.go(LEFT, self.bottom).level(self.right);
        for threads in &chart.threads {
            axis.go(self.x.at(*threads), self.bottom)
                .upright(self.bottom + 4.0);
        }
        svg.leaf("path", &[("class", &"axis"), ("d", &axis)]);
        svg.group("g", &[("class", &"tick x")], |svg| {
            for threads in self.x.labelled(&chart.threads, 20.0) {
                let place = Px(self.x.at(threads));
                let below = self.bottom + 17.0;
                svg.text(
                    "text",
                    &[("x", &place), ("y", &below)],
                    &threads.to_string(),
                );
            }
        });
        svg.text(
            "text",
            &[
                ("class", &"unit end"),
                ("x", &Px(self.right)),
                ("y", &(self.bottom + 33.0)),
            ],
            "threads →",
        );
    }

    /// The region of more workers than CPUs, and the line where it begins.
    fn shade(&self, svg: &mut Svg) {
        let (threads, cores) = (&self.chart.threads, self.chart.cores);
        let Some(first) = threads.iter().copied().find(|count| *count > cores) else {
            return;
        };
        // With no count at or below the cores, all of the plot is beyond.
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
        let cpus = number::of(cores, "CPU", "CPUs");
        // Beside the line where there is room for it, else ending at the plot's edge.
        let text = format!("more threads than {cpus}: oversubscribed");
        let room = self.right - from > width(&text) * 0.85;
        let (class, x) = match room {
            true => ("note", from + 5.0),
            false => ("note end", self.right),
        };
        svg.text(
            "text",
            &[("class", &class), ("x", &Px(x)), ("y", &(TOP - 4.0))],
            &text,
        );
    }

    fn curves(&self, svg: &mut Svg) {
        let clip = format!("{}-c", self.chart.id);
        svg.group("clipPath", &[("id", &clip)], |svg| {
            svg.leaf(
                "rect",
                &[
                    ("x", &LEFT),
                    ("y", &(TOP - 5.0)),
                    ("width", &Px(self.right - LEFT)),
                    ("height", &(PLOT_HEIGHT + 10.0)),
                ],
            );
        });
        let clip = format!("url(#{clip})");
        svg.group("g", &[("clip-path", &clip)], |svg| {
            if let Some(floor) = &self.chart.floor {
                self.curve(svg, floor, "floor");
            }
            // The emphasised ones last, and the first of them on top.
            let (told, muted): (Vec<_>, Vec<_>) = self
                .chart
                .series
                .iter()
                .partition(|series| series.look.is_some());
            for series in muted.into_iter().chain(told.into_iter().rev()) {
                self.curve(svg, series, &look_class(series.look));
            }
        });
    }

    fn curve(&self, svg: &mut Svg, series: &Series, class: &str) {
        let points: Vec<&Point> = series
            .points
            .iter()
            .filter(|point| point.value.is_finite())
            .collect();
        if points.is_empty() {
            return;
        }
        let class = format!("s {class}");
        svg.group("g", &[("class", &class), ("data-n", &series.name)], |svg| {
            let (mut band, mut line, mut dots) =
                (Path::default(), Path::default(), Path::default());
            for stretch in self.stretches(&points) {
                self.trace(stretch, &mut band, &mut line);
            }
            // A muted line goes without its forks, unless they are all there is.
            let shown = |point: &&&Point| {
                series.look.is_some() || point.forks.len() < FORKS_FOR_AN_INTERVAL
            };
            for point in points.iter().filter(shown) {
                let x = self.x.at(point.threads);
                for fork in point.forks.iter().filter(|fork| fork.is_finite()) {
                    dots.dot(x, self.y.at(*fork));
                }
            }
            let marks = self.marks(series, &points);
            if series.look.is_none() {
                band = Path::default();
            }
            for (class, path) in [("b", &band), ("d", &dots), ("l", &line)] {
                if !path.is_empty() {
                    svg.leaf("path", &[("class", &class), ("d", path)]);
                }
            }
            if !marks.is_empty() {
                svg.leaf("path", &[("class", &"m"), ("d", &marks)]);
            }
        });
    }

    fn marks(&self, series: &Series, points: &[&Point]) -> String {
        let Some(look) = series.look else {
            return String::new();
        };
        points
            .iter()
            .filter(|point| point.forks.len() >= FORKS_FOR_AN_INTERVAL)
            .map(|point| {
                let mut place = Path::default();
                place.go(self.x.at(point.threads), self.y.at(point.value));
                format!("{place}{}", marker(look))
            })
            .collect()
    }

    /// Points without a gap between them: neighbours among the measured counts, with an interval.
    fn stretches<'p>(&self, points: &'p [&'p Point]) -> Vec<&'p [&'p Point]> {
        let place = |point: &Point| {
            let at = self.chart.threads.iter();
            at.clone().position(|count| *count == point.threads)
        };
        let mut stretches = Vec::new();
        let mut from = 0;
        for index in 1..=points.len() {
            let joined = points.get(index).is_some_and(|next| {
                let step = place(points[index - 1]).zip(place(next));
                step.is_some_and(|(before, after)| after == before + 1)
                    && next.forks.len() >= FORKS_FOR_AN_INTERVAL
                    && points[index - 1].forks.len() >= FORKS_FOR_AN_INTERVAL
            });
            if !joined {
                stretches.push(&points[from..index]);
                from = index;
            }
        }
        stretches
    }

    fn trace(&self, stretch: &[&Point], band: &mut Path, line: &mut Path) {
        let interval = |point: &Point| {
            let sound = |(low, high): &(f64, f64)| low.is_finite() && high.is_finite();
            point
                .interval
                .filter(sound)
                .unwrap_or((point.value, point.value))
        };
        if let [alone] = stretch {
            // Nothing to join it with: its interval is an upright line.
            let (x, (low, high)) = (self.x.at(alone.threads), interval(alone));
            if low < high {
                line.go(x, self.y.at(low)).upright(self.y.at(high));
            }
            return;
        }
        for (index, point) in stretch.iter().enumerate() {
            let (x, y) = (self.x.at(point.threads), self.y.at(point.value));
            let upper = self.y.at(interval(point).1);
            match index {
                0 => {
                    line.go(x, y);
                    band.go(x, upper);
                }
                _ => {
                    line.line(x, y);
                    band.line(x, upper);
                }
            }
        }
        for point in stretch.iter().rev() {
            band.line(self.x.at(point.threads), self.y.at(interval(point).0));
        }
        band.close();
    }

    /// The names at the right: the emphasised ones, and as many others as there is room for.
    fn names(&self, svg: &mut Svg) {
        let room = (PLOT_HEIGHT / LABEL_APART) as usize;
        let mut named: Vec<(&Series, &Point)> = Vec::new();
        for emphasised in [true, false] {
            let series = self.chart.series.iter();
            named.extend(
                series
                    .filter(|series| series.look.is_some() == emphasised)
                    .filter_map(|series| Some((series, last(series)?)))
                    .take(room.saturating_sub(named.len())),
            );
        }
        let all = self
            .chart
            .series
            .iter()
            .filter(|series| last(series).is_some());
        let unnamed = all.count() - named.len();
        let place = |point: &Point| self.y.at(point.value).clamp(TOP, self.bottom);
        named.sort_by(|a, b| {
            place(a.1)
                .total_cmp(&place(b.1))
                .then(b.1.value.total_cmp(&a.1.value))
        });
        let wanted: Vec<f64> = named.iter().map(|(_, point)| place(point)).collect();
        let places = spread(&wanted, LABEL_APART, TOP + 4.0, self.bottom - 4.0);
        for ((series, point), y) in named.iter().zip(places) {
            self.name(svg, series, point, y);
        }
        self.floor_note(svg);
        if unnamed > 0 {
            let text = format!("and {unnamed} more");
            let (x, y) = (self.right + 22.0, self.bottom + 17.0);
            svg.text(
                "text",
                &[("class", &"note"), ("x", &Px(x)), ("y", &y)],
                &text,
            );
        }
    }

    fn name(&self, svg: &mut Svg, series: &Series, point: &Point, y: f64) {
        let beyond = point.value > self.y.top;
        let at = (
            self.x.at(point.threads),
            self.y.at(point.value).clamp(TOP, self.bottom),
        );
        let class = format!("n {}", look_class(series.look));
        svg.group("g", &[("class", &class), ("data-n", &series.name)], |svg| {
            let mut lead = Path::default();
            lead.go(at.0 + 6.0, at.1)
                .line(self.right + 2.0, y)
                .level(self.right + 8.0);
            svg.leaf("path", &[("class", &"lead"), ("d", &lead)]);
            if let Some(look) = series.look {
                let mut place = Path::default();
                place.go(self.right + 13.0, y);
                let mark = format!("{place}{}", marker(look));
                svg.leaf("path", &[("class", &"m"), ("d", &mark)]);
            }
            let arrow = if beyond { " ↑" } else { "" };
            let text = format!("{}{arrow}", fitted(&series.name, LABEL_COLUMNS));
            let class = if series.apart { "apart" } else { "" };
            let (x, y) = (self.right + 22.0, y + 4.0);
            svg.text(
                "text",
                &[("class", &class), ("x", &Px(x)), ("y", &Px(y))],
                &text,
            );
        });
    }

    /// The floor's name, at its line's beginning; below the axis where its line lies beyond it.
    fn floor_note(&self, svg: &mut Svg) {
        let point = self
            .chart
            .floor
            .as_ref()
            .and_then(|floor| floor.points.first());
        let Some(point) = point.filter(|point| point.value.is_finite()) else {
            return;
        };
        let (x, y, text) = if point.value > self.y.top {
            let (value, unit) = (number::short(point.value), &self.chart.unit);
            let at = number::of(point.threads, "thread", "threads");
            let text = format!("floor (the driver alone): {value} {unit} at {at} ↑");
            (0.0, self.bottom + 33.0, text)
        } else {
            let y = self.y.at(point.value) - 5.0;
            (LEFT + 4.0, y, "floor (the driver alone)".to_owned())
        };
        svg.text(
            "text",
            &[("class", &"note"), ("x", &x), ("y", &Px(y))],
            &text,
        );
    }
}

/// The last point that can be drawn.
fn last(series: &Series) -> Option<&Point> {
    series
        .points
        .iter()
        .rev()
        .find(|point| point.value.is_finite())
}
