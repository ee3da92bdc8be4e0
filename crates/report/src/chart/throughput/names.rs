//! The names at the right end of the lines.

use contend_analysis::text::number;

use crate::chart::label::{fitted, place_labels};
use crate::chart::svg::{Path, Px, Svg};
use crate::chart::{marker, style_class};

use super::{LABEL_COLUMNS, LEFT, PLOT_HEIGHT, Plot, Point, Series, TOP};

/// The least distance of two names.
const LABEL_APART: f64 = 14.0;

impl Plot<'_> {
    /// The names at the right: the emphasised ones, and as many others as there is room for.
    pub(super) fn names(&self, svg: &mut Svg) {
        let room = (PLOT_HEIGHT / LABEL_APART) as usize;
        let mut named: Vec<(&Series, &Point)> = Vec::new();
        for emphasised in [true, false] {
            let series = self.chart.series.iter();
            named.extend(
                series
                    .filter(|series| series.style.is_some() == emphasised)
                    .filter_map(|series| Some((series, last(series)?)))
                    .take(room.saturating_sub(named.len())),
            );
        }
        let all = self.chart.series.iter().filter(|series| last(series).is_some());
        let unnamed = all.count() - named.len();
        let place = |point: &Point| self.y.at(point.value).clamp(TOP, self.bottom);
        named.sort_by(|a, b| place(a.1).total_cmp(&place(b.1)).then(b.1.value.total_cmp(&a.1.value)));
        let wanted: Vec<f64> = named.iter().map(|(_, point)| place(point)).collect();
        let places = place_labels(&wanted, LABEL_APART, TOP + 4.0, self.bottom - 4.0);
        let mut leads = Path::default();
        for ((_, point), y) in named.iter().zip(&places) {
            leads.go(self.x.at(point.threads) + 6.0, place(point));
            leads.line(self.right + 2.0, *y).level(self.right + 8.0);
        }
        if !leads.is_empty() {
            svg.leaf("path", &[("class", &"lead"), ("d", &leads)]);
        }
        for ((series, _), y) in named.iter().zip(&places) {
            if let Some(style) = series.style {
                let mut mark = Path::default();
                mark.shape(self.right + 13.0, *y, marker(style));
                let class = format!("m {}", style_class(series.style));
                svg.leaf("path", &[("class", &class), ("d", &mark)]);
            }
        }
        let right = format!("translate({})", Px(self.right + 22.0));
        svg.group("g", &[("transform", &right)], |svg| {
            for ((series, point), y) in named.iter().zip(places) {
                self.name(svg, series, point, y);
            }
        });
        self.floor_note(svg);
        if unnamed > 0 {
            let text = format!("and {unnamed} more");
            let (x, y) = (self.right + 22.0, self.bottom + 17.0);
            svg.text("text", &[("class", &"note"), ("x", &Px(x)), ("y", &y)], &text);
        }
    }

    fn name(&self, svg: &mut Svg, series: &Series, point: &Point, y: f64) {
        // A value beyond the axis is part of the name.
        let value = match point.value > self.y.top {
            true => format!(" {} ↑", number::short(point.value)),
            false => String::new(),
        };
        let room = LABEL_COLUMNS.saturating_sub(value.chars().count());
        let text = fitted(&series.name, room) + &value;
        let apart = if series.other_class { " apart" } else { "" };
        let class = format!("n {}{apart}", style_class(series.style));
        // The full name, where the label is shortened.
        let name = if text == series.name { "" } else { &series.name };
        let attributes: [(&str, &dyn std::fmt::Display); 3] =
            [("class", &class), ("data-n", &name), ("y", &Px(y + 4.0))];
        svg.text("text", &attributes, &text);
    }

    /// The floor's name, at its line's beginning; below the axis where its line lies beyond it.
    fn floor_note(&self, svg: &mut Svg) {
        let point = self.chart.floor.as_ref().and_then(|floor| floor.points.first());
        let Some(point) = point.filter(|point| point.value.is_finite()) else {
            return;
        };
        let (x, y, text) = if point.value > self.y.top {
            let (value, unit) = (number::short(point.value), &self.chart.unit);
            let at = number::plural(point.threads, "thread", "threads");
            let text = format!("floor (the driver alone): {value} {unit} at {at} ↑");
            (0.0, self.bottom + 33.0, text)
        } else {
            let y = self.y.at(point.value) - 5.0;
            (LEFT + 4.0, y, "floor (the driver alone)".to_owned())
        };
        svg.text("text", &[("class", &"note"), ("x", &x), ("y", &Px(y))], &text);
    }
}

/// The last point that can be drawn.
fn last(series: &Series) -> Option<&Point> {
    series.points.iter().rev().find(|point| point.value.is_finite())
}
