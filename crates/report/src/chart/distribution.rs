//! The distribution of single windows: a row of quantiles for each contender, on a logarithmic axis.

use super::Drawing;
use super::row::{Group, TOP, heading, lay_out, names, rows_with_places};
use super::scale::Decades;
use super::svg::{Path, Px, Svg};

const AXIS: f64 = 340.0;
/// Room for half of the last tick's number.
const BESIDE: f64 = 24.0;

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
    /// The classes. A row without data has the reason.
    pub groups: Vec<Group<Result<WindowQuantiles, &'static str>>>,
}

/// Quantiles over windows: minimum, 5 %, 25 %, 50 %, 75 %, 95 %, maximum.
#[derive(Clone, Copy, Debug)]
pub struct WindowQuantiles(pub [f64; 7]);

impl Distribution {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let places = lay_out(&self.groups);
        let quantiles = || {
            let rows = self.groups.iter().flat_map(|group| &group.rows);
            rows.filter_map(|row| row.data.as_ref().ok())
                .flat_map(|quantiles| quantiles.0)
                .filter(|value| value.is_finite() && *value > 0.0)
        };
        let low = quantiles().fold(f64::INFINITY, f64::min);
        let high = quantiles().fold(0.0, f64::max);
        let to = places.left + AXIS;
        let x = Decades::new(low, high, places.left, to);
        let mut svg = Svg::default();
        heading(&mut svg, &self.title, &self.subtitle);
        names(&mut svg, &self.groups, &places);
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
        for (row, y) in rows_with_places(&self.groups, &places) {
            match &row.data {
                Ok(quantiles) => trace(&mut paths, &x, y, quantiles),
                Err(reason) => {
                    let (x, y) = (Px(places.left + 4.0), Px(y + 4.0));
                    svg.text("text", &[("class", &"note"), ("x", &x), ("y", &y)], reason);
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
        let note =
            format!("{} of single windows (log): bar 25–75 %, line 5–95 %, dots minimum, maximum", self.unit);
        let (x, y) = (Px(to), Px(places.bottom + 15.0));
        svg.text("text", &[("class", &"note end"), ("x", &x), ("y", &y)], &note);
        Drawing {
            id: self.id.clone(),
            title: format!("{}: distribution of windows, {}", self.title, self.subtitle),
            description: self.description.clone(),
            width: to + BESIDE,
            height: places.bottom + 24.0,
            body: svg.finish(),
        }
    }
}

fn trace([ends, most, half, middle]: &mut [Path; 4], x: &Decades, y: f64, quantiles: &WindowQuantiles) {
    if quantiles.0.iter().any(|value| !value.is_finite() || *value <= 0.0) {
        return;
    }
    let [min, p05, p25, p50, p75, p95, max] = quantiles.0.map(|value| x.at(value));
    ends.dot(min, y).dot(max, y);
    most.go(p05, y).level(p95);
    half.go(p25, y).level(p75.max(p25 + 1.0));
    middle.go(p50, y - 5.0).upright(y + 5.0);
}
