//! Rows of contenders from best to worst, with whole names, for forest plots and distributions.

use std::fmt::Display;

use super::fill_class;
use super::label::widest;
use super::svg::{Px, Svg};

pub(super) const TOP: f64 = 52.0;
pub(super) const ROW: f64 = 17.0;
/// From the top of a row to the height of its marks: a whole number, which keeps the many coordinates short.
const MIDDLE: f64 = 8.0;
/// The distance between names and plot.
const GAP: f64 = 12.0;

/// A contender's row.
#[derive(Clone, Debug)]
pub struct Row<T> {
    /// Its name.
    pub name: String,
    /// The colour of its family; none where there are more families than colours.
    pub colour: Option<usize>,
    /// What is drawn in it.
    pub data: T,
}

/// The rows of one class.
#[derive(Clone, Debug)]
pub struct Group<T> {
    /// The class.
    pub title: String,
    /// The rows, the best first.
    pub rows: Vec<Row<T>>,
}

/// The places of rows: of the groups' titles, of the middle of each row, and of the edges.
pub(super) struct Layout {
    pub titles: Vec<f64>,
    pub rows: Vec<Vec<f64>>,
    /// The right end of the names.
    pub names: f64,
    /// The left end of the plot.
    pub left: f64,
    pub bottom: f64,
}

/// Lays out groups below each other. A title takes a row, unless there is only one group.
pub(super) fn lay_out<T>(groups: &[Group<T>]) -> Layout {
    let titled = groups.len() > 1;
    let mut y = TOP;
    let (mut titles, mut rows) = (Vec::new(), Vec::new());
    for (index, group) in groups.iter().enumerate() {
        if titled {
            y += if index > 0 { 5.0 } else { 0.0 };
            titles.push(y + 12.0);
            y += ROW;
        }
        rows.push((0..group.rows.len()).map(|row| y + ROW * row as f64 + MIDDLE).collect());
        y += ROW * group.rows.len() as f64;
    }
    let all = groups.iter().flat_map(|group| &group.rows);
    let names = widest(all.map(|row| row.name.as_str()), 60.0);
    Layout { titles, rows, names, left: names + GAP, bottom: y + 4.0 }
}

/// Every row with its place.
pub(super) fn rows_with_places<'a, T>(
    groups: &'a [Group<T>],
    places: &'a Layout,
) -> impl Iterator<Item = (&'a Row<T>, f64)> {
    let groups = groups.iter().zip(&places.rows);
    groups.flat_map(|(group, places)| group.rows.iter().zip(places.iter().copied()))
}

/// A drawing's title with its subtitle. Titles are short: they are a variant's id and a few words.
pub(super) fn heading(svg: &mut Svg, title: &str, subtitle: &str) {
    svg.group("text", &[("class", &"title"), ("x", &0), ("y", &14)], |svg| {
        svg.text("tspan", &[], title);
        svg.text("tspan", &[("class", &"sub"), ("dx", &"10")], subtitle);
    });
}

/// Group titles and names.
pub(super) fn names<T>(svg: &mut Svg, groups: &[Group<T>], places: &Layout) {
    for (group, y) in groups.iter().zip(&places.titles) {
        svg.text("text", &[("class", &"group"), ("x", &0), ("y", &Px(*y))], &group.title);
    }
    let right = format!("translate({})", Px(places.names));
    svg.group("g", &[("class", &"names"), ("transform", &right)], |svg| {
        for (row, y) in rows_with_places(groups, places) {
            let class = fill_class(row.colour);
            let attributes: [(&str, &dyn Display); 2] = [("class", &class.trim_start()), ("y", &Px(y + 4.0))];
            svg.text("text", &attributes, &row.name);
        }
    });
}
