//! Ranked bars of one block's contenders, with brackets around ties and undecided ones.

use contend_analysis::text::number;

use super::row::{FROM, Group, Layout, NAMES, ROW, Row, TOP, WIDTH, frame, lay_out, rows_with_places};
use super::scale::FromZero;
use super::svg::{Path, Px, Svg};
use super::{Drawing, in_order, marker, style_class};

const TO: f64 = 440.0;
const VALUES: f64 = 498.0;
const BRACKETS: f64 = 508.0;
const BELOW: f64 = 36.0;

/// The ranking of one block.
#[derive(Clone, Debug)]
pub struct Ranking {
    /// The drawing's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its subtitle.
    pub subtitle: String,
    /// Its content in words.
    pub description: String,
    /// The unit of the bars.
    pub unit: String,
    /// The greatest value on the axis. A longer bar is cut off, with an arrow.
    pub highest: f64,
    /// The classes.
    pub groups: Vec<Group<Bar>>,
    /// The brackets of each group.
    pub brackets: Vec<Vec<Bracket>>,
}

/// A bar.
#[derive(Clone, Debug)]
pub struct Bar {
    /// The median over forks.
    pub value: f64,
    /// Its interval.
    pub interval: Option<(f64, f64)>,
    /// The forks.
    pub forks: Vec<f64>,
}

/// Neighbours in a ranking that tie or are undecided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bracket {
    /// The first one's row.
    pub from: usize,
    /// The last one's row.
    pub to: usize,
    /// Whether all pairs tie; otherwise at least one is unresolved.
    pub tie: bool,
}

impl Ranking {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let places = lay_out(&self.groups);
        let x = FromZero::new(self.highest, 5, FROM, TO);
        let mut svg = Svg::default();
        frame(&mut svg, (&self.title, &self.subtitle), &self.groups, &places);
        let mut grid = Path::default();
        for tick in x.ticks() {
            grid.go(x.at(tick), TOP - 2.0).upright(places.bottom);
        }
        svg.leaf("path", &[("class", &"grid"), ("d", &grid)]);
        svg.group("g", &[("class", &"tick x")], |svg| {
            for tick in x.ticks() {
                let (place, above) = (Px(x.at(tick)), TOP - 8.0);
                svg.text("text", &[("x", &place), ("y", &above)], &x.label(tick));
            }
        });
        let above = TOP - 8.0;
        svg.text("text", &[("class", &"unit end"), ("x", &VALUES), ("y", &above)], &self.unit);
        self.bars(&mut svg, &x, &places);
        let right = format!("translate({VALUES})");
        svg.group("g", &[("class", &"values"), ("transform", &right)], |svg| {
            for (row, y) in rows_with_places(&self.groups, &places) {
                if let Some(bar) = row.data.as_ref().ok().filter(|bar| bar.value.is_finite()) {
                    let cut = if bar.value > x.top { "→ " } else { "" };
                    let value = format!("{cut}{}", number::short(bar.value));
                    svg.text("text", &[("y", &Px(y + 4.0))], &value);
                }
            }
        });
        for (brackets, rows) in self.brackets.iter().zip(&places.rows) {
            draw_brackets(&mut svg, brackets, rows);
        }
        let brackets = || self.brackets.iter().flatten();
        let note = match (brackets().any(|b| b.tie), brackets().any(|b| !b.tie)) {
            (true, true) => "bracket: tie; dashed: unresolved",
            (true, false) => "bracket: tie",
            (false, true) => "dashed bracket: unresolved",
            (false, false) => "",
        };
        if !note.is_empty() {
            let y = places.bottom + 16.0;
            svg.text("text", &[("class", &"note end"), ("x", &WIDTH), ("y", &Px(y))], note);
        }
        Drawing {
            id: self.id.clone(),
            title: format!("{}: ranking, {}", self.title, self.subtitle),
            description: self.description.clone(),
            width: WIDTH,
            height: places.bottom + if note.is_empty() { BELOW - 24.0 } else { BELOW - 12.0 },
            hints: Vec::new(),
            body: svg.finish(),
        }
    }
}

impl Ranking {
    /// Draws the bars. Those without a style are many, and form one path.
    fn bars(&self, svg: &mut Svg, x: &FromZero, places: &Layout) {
        let mut muted = [Path::default(), Path::default()];
        let mut whiskers = Path::default();
        let rows = || rows_with_places(&self.groups, places);
        for (row, y) in rows().filter(|(row, _)| row.style.is_none()) {
            trace(&mut muted, &mut whiskers, x, y, row);
        }
        draw(svg, &muted, None);
        for (row, y) in rows() {
            if let Some(style) = row.style.filter(|_| row.data.is_ok()) {
                let mut mark = Path::default();
                mark.shape(NAMES + 11.0, y, marker(style));
                let class = format!("m {}", style_class(row.style));
                svg.leaf("path", &[("class", &class), ("d", &mark)]);
                let mut own = [Path::default(), Path::default()];
                trace(&mut own, &mut whiskers, x, y, row);
                draw(svg, &own, row.style);
            }
        }
        if !whiskers.is_empty() {
            svg.leaf("path", &[("class", &"w"), ("d", &whiskers)]);
        }
    }
}

/// A row's bar, its forks, and the whisker of its interval.
fn trace([areas, dots]: &mut [Path; 2], whiskers: &mut Path, x: &FromZero, y: f64, row: &Row<Bar>) {
    let Some(bar) = row.data.as_ref().ok().filter(|bar| bar.value.is_finite()) else {
        return;
    };
    let at = |value: f64| x.at(value).clamp(FROM, TO + 6.0);
    areas.go(FROM, y).level(at(bar.value));
    for fork in in_order(&bar.forks) {
        if fork <= x.top {
            dots.dot(at(fork), y);
        }
    }
    let inside = |(low, high): &(f64, f64)| low.is_finite() && high.is_finite() && *low <= x.top;
    if let Some((low, high)) = bar.interval.filter(inside) {
        whiskers.go(at(low), y).level(at(high));
        whiskers.go(at(low), y - 4.0).upright(y + 4.0);
        whiskers.go(at(high), y - 4.0).upright(y + 4.0);
    }
}

fn draw(svg: &mut Svg, [areas, dots]: &[Path; 2], style: Option<usize>) {
    let class = format!("r {}", style_class(style));
    if areas.is_empty() {
        return;
    }
    svg.group("g", &[("class", &class)], |svg| {
        svg.leaf("path", &[("class", &"a"), ("d", areas)]);
        if !dots.is_empty() {
            svg.leaf("path", &[("class", &"d"), ("d", dots)]);
        }
    });
}

/// Draws brackets, overlapping ones side by side.
fn draw_brackets(svg: &mut Svg, brackets: &[Bracket], rows: &[f64]) {
    let mut columns: Vec<usize> = Vec::new(); // the last row that each column is taken to
    for bracket in brackets {
        let (Some(first), Some(last)) = (rows.get(bracket.from), rows.get(bracket.to)) else {
            continue;
        };
        let free = columns.iter().position(|taken| *taken < bracket.from);
        let column = free.unwrap_or(columns.len());
        match columns.get_mut(column) {
            Some(taken) => *taken = bracket.to,
            None => columns.push(bracket.to),
        }
        let x = (BRACKETS + column as f64 * 9.0).min(WIDTH - 8.0);
        let mut path = Path::default();
        path.go(x, first - ROW / 3.0).level(x + 4.0).upright(last + ROW / 3.0).level(x);
        let class = if bracket.tie { "tie" } else { "tie unresolved" };
        svg.leaf("path", &[("class", &class), ("d", &path)]);
    }
}
