//! The distribution of single windows: a row of quantiles for each contender, on a logarithmic axis.

use super::Drawing;
use super::row::{FROM, Group, TOP, WIDTH, frame, lay_out};
use super::scale::Decades;
use super::svg::{Path, Px, Svg};

/// Room for half of the last tick's number.
const TO: f64 = WIDTH - 24.0;

/// The distribution of windows in one block.
#[derive(Clone, Debug)]
pub struct Distribution {
    /// The drawing's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its subtitle.
    pub subtitle: String,
    /// Its content in words.
    pub description: String,
    /// The unit of the axis.
    pub unit: String,
    /// The classes.
    pub groups: Vec<Group<WindowQuantiles>>,
}

/// Quantiles over windows: minimum, 5 %, 25 %, 50 %, 75 %, 95 %, maximum.
#[derive(Clone, Copy, Debug)]
pub struct WindowQuantiles(pub [f64; 7]);

impl Distribution {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let places = lay_out(&self.groups);
        let spreads = || {
            let rows = self.groups.iter().flat_map(|group| &group.rows);
            rows.filter_map(|row| row.data.as_ref().ok())
                .flat_map(|spread| spread.0)
                .filter(|value| value.is_finite() && *value > 0.0)
        };
        let low = spreads().fold(f64::INFINITY, f64::min);
        let high = spreads().fold(0.0, f64::max);
        let x = Decades::new(low, high, FROM, TO);
        let mut svg = Svg::default();
        frame(&mut svg, (&self.title, &self.subtitle), &self.groups, &places);
        let ticks = x.ticks(9);
        let mut grid = Path::default();
        for tick in &ticks {
            grid.go(x.at(*tick), TOP - 2.0).upright(places.bottom);
        }
        svg.leaf("path", &[("class", &"grid"), ("d", &grid)]);
        svg.group("g", &[("class", &"tick x")], |svg| {
            for tick in &ticks {
                let (place, above) = (Px(x.at(*tick)), TOP - 8.0);
                svg.text("text", &[("x", &place), ("y", &above)], &Decades::label(*tick));
            }
        });
        let mut paths: [Path; 4] = Default::default();
        for (group, rows) in self.groups.iter().zip(&places.rows) {
            for (row, y) in group.rows.iter().zip(rows) {
                if let Ok(spread) = &row.data {
                    trace(&mut paths, &x, *y, spread);
                }
            }
        }
        svg.group("g", &[("class", &"spread")], |svg| {
            for (class, path) in ["ends", "most", "half", "middle"].iter().zip(&paths) {
                if !path.is_empty() {
                    svg.leaf("path", &[("class", class), ("d", path)]);
                }
            }
        });
        svg.text(
            "text",
            &[("class", &"note end"), ("x", &TO), ("y", &Px(places.bottom + 15.0))],
            &format!(
                "{} of single windows (log): bar 25–75 %, line 5–95 %, dots minimum and maximum",
                self.unit
            ),
        );
        Drawing {
            id: self.id.clone(),
            title: format!("{}: distribution of windows, {}", self.title, self.subtitle),
            description: self.description.clone(),
            width: WIDTH,
            height: places.bottom + 24.0,
            hints: Vec::new(),
            body: svg.finish(),
        }
    }
}

fn trace([ends, most, half, middle]: &mut [Path; 4], x: &Decades, y: f64, spread: &WindowQuantiles) {
    if spread.0.iter().any(|value| !value.is_finite() || *value <= 0.0) {
        return;
    }
    let [min, p05, p25, p50, p75, p95, max] = spread.0.map(|value| x.at(value));
    ends.dot(min, y).dot(max, y);
    most.go(p05, y).level(p95);
    half.go(p25, y).level(p75.max(p25 + 1.0));
    middle.go(p50, y - 5.0).upright(y + 5.0);
}
