//! Rows of contenders, from best to worst: what ranked bars and distributions have in common.

use super::label::fitted;
use super::svg::{Path, Px, Svg};
use super::{look_class, marker};

pub(super) const WIDTH: f64 = 580.0;
/// Where the names end, and where the plot begins and ends.
pub(super) const NAMES: f64 = 186.0;
pub(super) const FROM: f64 = 206.0;
pub(super) const TOP: f64 = 44.0;
pub(super) const ROW: f64 = 19.0;
const COLUMNS: usize = 27;

/// A contender's row.
#[derive(Clone, Debug)]
pub struct Row<T> {
    /// Its name.
    pub name: String,
    /// Its look; none is muted.
    pub look: Option<usize>,
    /// What is drawn, or why there is nothing.
    pub data: Result<T, String>,
}

/// Rows that are ranked with one another: a class.
#[derive(Clone, Debug)]
pub struct Group<T> {
    /// What they have in common.
    pub title: String,
    /// The rows, the best first.
    pub rows: Vec<Row<T>>,
}

/// Where things stand: the middle of each row, by group, and the end of all.
pub(super) struct Places {
    pub titles: Vec<f64>,
    pub rows: Vec<Vec<f64>>,
    pub bottom: f64,
}

/// Lays out groups below one another. A group's title takes a row, unless it is the only one.
pub(super) fn lay<T>(groups: &[Group<T>]) -> Places {
    let titled = groups.len() > 1;
    let mut y = TOP;
    let (mut titles, mut rows) = (Vec::new(), Vec::new());
    for (index, group) in groups.iter().enumerate() {
        if titled {
            y += if index > 0 { 8.0 } else { 0.0 };
            titles.push(y + 12.0);
            y += ROW;
        }
        rows.push(
            (0..group.rows.len())
                .map(|row| y + ROW * (row as f64 + 0.5))
                .collect(),
        );
        y += ROW * group.rows.len() as f64;
    }
    Places {
        titles,
        rows,
        bottom: y + 4.0,
    }
}

/// Title, group titles, names, and the reasons of the rows that have nothing to draw.
pub(super) fn frame<T>(svg: &mut Svg, title: (&str, &str), groups: &[Group<T>], places: &Places) {
    svg.group(
        "text",
        &[("class", &"title"), ("x", &0), ("y", &14)],
        |svg| {
            svg.text("tspan", &[], &fitted(title.0, 40));
            svg.text("tspan", &[("class", &"sub"), ("dx", &"10")], title.1);
        },
    );
    for (group, y) in groups.iter().zip(&places.titles) {
        svg.text(
            "text",
            &[("class", &"group"), ("x", &0), ("y", &Px(*y))],
            &group.title,
        );
    }
    svg.group("g", &[("class", &"names")], |svg| {
        for (group, places) in groups.iter().zip(&places.rows) {
            for (row, y) in group.rows.iter().zip(places) {
                let name = fitted(&row.name, COLUMNS);
                let class = if row.data.is_err() { "gone" } else { "" };
                svg.text(
                    "text",
                    &[("class", &class), ("x", &NAMES), ("y", &Px(y + 4.0))],
                    &name,
                );
            }
        }
    });
    for (group, places) in groups.iter().zip(&places.rows) {
        for (row, y) in group.rows.iter().zip(places) {
            if let Some(look) = row.look.filter(|_| row.data.is_ok()) {
                let mut place = Path::default();
                place.go(NAMES + 11.0, *y);
                let mark = format!("{place}{}", marker(look));
                let class = format!("m {}", look_class(row.look));
                svg.leaf("path", &[("class", &class), ("d", &mark)]);
            }
            if let Err(reason) = &row.data {
                let reason = fitted(reason, 56);
                svg.text(
                    "text",
                    &[
                        ("class", &"note"),
                        ("x", &(FROM + 4.0)),
                        ("y", &Px(y + 4.0)),
                    ],
                    &reason,
                );
            }
        }
    }
}
