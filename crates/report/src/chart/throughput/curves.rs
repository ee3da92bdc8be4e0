//! Forks as dots, the line of their medians, the band of its interval.

use crate::chart::svg::{Path, Px, Svg};
use crate::chart::{FORKS_FOR_AN_INTERVAL, in_order, marker, style_class};

use super::{LEFT, PLOT_HEIGHT, Plot, Point, Series, TOP};

impl Plot<'_> {
    pub(super) fn curves(&self, svg: &mut Svg) {
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
        svg.group("g", &[("class", &"curves"), ("clip-path", &clip)], |svg| {
            if let Some(floor) = &self.chart.floor {
                self.curve(svg, floor, "floor");
            }
            // The emphasised ones last, with the first on top.
            let (emphasised, muted): (Vec<_>, Vec<_>) =
                self.chart.series.iter().partition(|series| series.style.is_some());
            for series in muted.into_iter().chain(emphasised.into_iter().rev()) {
                self.curve(svg, series, &style_class(series.style));
            }
        });
    }

    fn curve(&self, svg: &mut Svg, series: &Series, class: &str) {
        let points: Vec<&Point> = series.points.iter().filter(|point| point.value.is_finite()).collect();
        if points.is_empty() {
            return;
        }
        let has_interval = |point: &&Point| point.forks.len() >= FORKS_FOR_AN_INTERVAL;
        if class == "mute" && points.iter().all(has_interval) {
            // Most lines are muted, and have no dots and no band.
            let mut line = Path::default();
            for stretch in self.stretches(&points) {
                self.trace(stretch, &mut Path::default(), &mut line);
            }
            if !line.is_empty() {
                let class = ("class", &"s mute l" as &dyn std::fmt::Display);
                svg.leaf("path", &[class, ("data-n", &series.name), ("d", &line)]);
            }
            return;
        }
        let class = format!("s {class}");
        svg.group("g", &[("class", &class), ("data-n", &series.name)], |svg| {
            let (mut band, mut line, mut dots) = (Path::default(), Path::default(), Path::default());
            for stretch in self.stretches(&points) {
                self.trace(stretch, &mut band, &mut line);
            }
            // A muted line has no dots, except where it has no interval.
            let shown = |point: &&&Point| series.style.is_some() || point.forks.len() < FORKS_FOR_AN_INTERVAL;
            for point in points.iter().filter(shown) {
                let x = self.x.at(point.threads);
                for fork in in_order(&point.forks) {
                    dots.dot(x, self.y.at(fork));
                }
            }
            let marks = self.marks(series, &points);
            if series.style.is_none() {
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

    fn marks(&self, series: &Series, points: &[&Point]) -> Path {
        let mut marks = Path::default();
        if let Some(style) = series.style {
            let has_interval = |point: &&&Point| point.forks.len() >= FORKS_FOR_AN_INTERVAL;
            for point in points.iter().filter(has_interval) {
                marks.shape(self.x.at(point.threads), self.y.at(point.value), marker(style));
            }
        }
        marks
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
            point.interval.filter(sound).unwrap_or((point.value, point.value))
        };
        if let [alone] = stretch {
            // A single point has its interval as a vertical line.
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
}
