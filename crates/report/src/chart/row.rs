//! Rows of contenders from best to worst, for rankings and distributions.

use super::label::fitted;
use super::svg::{Px, Svg};

pub(super) const WIDTH: f64 = 580.0;
/// Where names end and the plot begins.
pub(super) const NAMES: f64 = 186.0;
pub(super) const FROM: f64 = 206.0;
/// A whole number together with half of a row, which keeps the many coordinates short.
pub(super) const TOP: f64 = 44.5;
pub(super) const ROW: f64 = 19.0;
const COLUMNS: usize = 27;

/// A contender's row.
#[derive(Clone, Debug)]
pub struct Row<T> {
    /// Its name.
    pub name: String,
    /// Its style; none is muted.
    pub style: Option<usize>,
    /// The drawn data, or the reason for having none.
    pub data: Result<T, String>,
}

/// The rows of one class.
#[derive(Clone, Debug)]
pub struct Group<T> {
    /// The class.
    pub title: String,
    /// The rows, the best first.
    pub rows: Vec<Row<T>>,
}

/// Vertical places: of the groups' titles, of the middle of each row, and of the bottom.
pub(super) struct Layout {
    pub titles: Vec<f64>,
    pub rows: Vec<Vec<f64>>,
    pub bottom: f64,
}

/// Lays out groups below each other. A title takes a row, unless there is only one group.
pub(super) fn lay_out<T>(groups: &[Group<T>]) -> Layout {
    let titled = groups.len() > 1;
    let mut y = TOP;
    let (mut titles, mut rows) = (Vec::new(), Vec::new());
    for (index, group) in groups.iter().enumerate() {
        if titled {
            y += if index > 0 { 8.0 } else { 0.0 };
            titles.push(y + 12.0);
            y += ROW;
        }
        rows.push((0..group.rows.len()).map(|row| y + ROW * (row as f64 + 0.5)).collect());
        y += ROW * group.rows.len() as f64;
    }
    Layout { titles, rows, bottom: y + 4.0 }
}

/// Every row with its place.
pub(super) fn rows_with_places<'a, T>(
    groups: &'a [Group<T>],
    places: &'a Layout,
) -> impl Iterator<Item = (&'a Row<T>, f64)> {
    let groups = groups.iter().zip(&places.rows);
    groups.flat_map(|(group, places)| group.rows.iter().zip(places.iter().copied()))
}

/// Title, group titles, names, and the reasons of the rows that have nothing to draw.
pub(super) fn frame<T>(svg: &mut Svg, title: (&str, &str), groups: &[Group<T>], places: &Layout) {
    svg.group("text", &[("class", &"title"), ("x", &0), ("y", &14)], |svg| {
        svg.text("tspan", &[], &fitted(title.0, 40));
        svg.text("tspan", &[("class", &"sub"), ("dx", &"10")], title.1);
    });
    for (group, y) in groups.iter().zip(&places.titles) {
        svg.text("text", &[("class", &"group"), ("x", &0), ("y", &Px(*y))], &group.title);
    }
    let right = format!("translate({NAMES})");
    svg.group("g", &[("class", &"names"), ("transform", &right)], |svg| {
        for (row, y) in rows_with_places(groups, places) {
            let name = fitted(&row.name, COLUMNS);
            let class = if row.data.is_err() { "gone" } else { "" };
            svg.text("text", &[("class", &class), ("y", &Px(y + 4.0))], &name);
        }
    });
    for (row, y) in rows_with_places(groups, places) {
        if let Err(reason) = &row.data {
            let reason = fitted(reason, 56);
            let (x, y) = (FROM + 4.0, Px(y + 4.0));
            svg.text("text", &[("class", &"note"), ("x", &x), ("y", &y)], &reason);
        }
    }
}
