//! A forest plot: the time of each contender over that of the best, with its interval, in a panel for each thread
//! count.

use contend_analysis::text::number;

use super::Drawing;
use super::marks::Marks;
use super::row::{Group, Layout, TOP, heading, lay_out, names, rows_with_places};
use super::scale::Ratios;
use super::svg::{Path, Px, Svg};

/// The width of a panel's axis, and of the room beside it for values beyond.
const AXIS: f64 = 168.0;
const BESIDE: f64 = 52.0;
/// Half of a dot, which may stand on the edge of a panel.
const INSET: f64 = 6.0;
/// The most panels beside each other. Further ones are drawn below.
const ACROSS: usize = 4;
const BELOW: f64 = 38.0;
const LOW: f64 = 0.7;
const HIGH: f64 = 100.0;
/// A contender this many times beyond the next one does not extend the axis.
const APART: f64 = 2.5;
/// The least distance between two ticks.
const APART_PX: f64 = 36.0;

/// The forest plot of one variant.
#[derive(Clone, Debug)]
pub struct Forest {
    /// The drawing's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its subtitle.
    pub subtitle: String,
    /// Its content in words.
    pub description: String,
    /// The titles of the panels: `2 threads`.
    pub panels: Vec<String>,
    /// The classes. Each row has a mark for each panel.
    pub groups: Vec<Group<Vec<Mark>>>,
    /// The least difference that counts, as a ratio: 1.03.
    pub threshold: f64,
}

/// A contender in one panel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mark {
    /// Its time over that of the best.
    Ratio {
        /// The estimate.
        ratio: f64,
        /// Its interval.
        interval: Option<(f64, f64)>,
        /// Whether it may be the best.
        may_be_best: bool,
    },
    /// It has no number: `failed`.
    Gone(&'static str),
    /// It is not part of this block.
    Absent,
}

impl Forest {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let places = lay_out(&self.groups);
        let mut svg = Svg::default();
        heading(&mut svg, &self.title, &self.subtitle);
        let each = places.bottom - TOP + BELOW + 22.0;
        let lines = self.panels.len().div_ceil(ACROSS).max(1);
        for line in 0..lines {
            let down = format!("translate(0 {})", Px(each * line as f64));
            let transform = if line == 0 { "" } else { down.as_str() };
            svg.group("g", &[("transform", &transform)], |svg| self.line(svg, &places, line));
        }
        let across = self.panels.len().clamp(1, ACROSS) as f64;
        let bottom = places.bottom + each * (lines - 1) as f64;
        self.legend(&mut svg, bottom + 34.0);
        Drawing {
            id: self.id.clone(),
            title: format!("{}: time over that of the best", self.title),
            description: self.description.clone(),
            width: (places.left + across * (AXIS + BESIDE)).max(560.0),
            height: bottom + BELOW,
            body: svg.finish(),
        }
    }

    /// The names, and the panels of one line. What all panels have in common is drawn as one path.
    fn line(&self, svg: &mut Svg, places: &Layout, line: usize) {
        names(svg, &self.groups, places);
        let panels = self.panels.iter().enumerate().skip(line * ACROSS).take(ACROSS);
        let panels: Vec<Panel> = panels.map(|(index, title)| self.panel(places, index, title)).collect();
        ground(svg, &panels, places, self.threshold);
        let (mut marks, mut notes) = (Marks::default(), Vec::new());
        for panel in &panels {
            panel.labels(svg, places);
            for (row, y) in rows_with_places(&self.groups, places) {
                panel.mark(row.data.get(panel.index), (row.colour, y), &mut marks, &mut notes);
            }
        }
        marks.draw(svg);
        svg.group("g", &[("class", &"note")], |svg| {
            for (x, y, text) in notes {
                svg.text("text", &[("x", &Px(x)), ("y", &Px(y + 4.0))], &text);
            }
        });
    }

    fn panel<'a>(&self, places: &Layout, index: usize, title: &'a str) -> Panel<'a> {
        let left = places.left + (index % ACROSS) as f64 * (AXIS + BESIDE);
        let axis = Ratios::new(self.low(), self.high(), left + INSET, left + AXIS - INSET);
        Panel { index, title, axis, edge: left + AXIS }
    }

    fn legend(&self, svg: &mut Svg, y: f64) {
        let band = number::threshold(self.threshold - 1.0);
        let text =
            format!("time over the best’s, log; filled: may be the best; line: its interval; band: ±{band}");
        svg.text("text", &[("class", &"note"), ("x", &0), ("y", &Px(y))], &text);
    }

    fn ratios(&self) -> impl Iterator<Item = (f64, Option<(f64, f64)>)> + '_ {
        let rows = self.groups.iter().flat_map(|group| &group.rows);
        rows.flat_map(|row| &row.data).filter_map(|mark| match mark {
            Mark::Ratio { ratio, interval, .. } if ratio.is_finite() => Some((*ratio, *interval)),
            _ => None,
        })
    }

    /// The low end of the axis: what intervals reach, within reason.
    fn low(&self) -> f64 {
        let ends = self.ratios().map(|(ratio, interval)| interval.map_or(ratio, |(low, _)| low));
        (ends.fold(1.0 / self.threshold, f64::min) * 0.98).max(LOW)
    }

    /// The high end of the axis: the greatest ratio, without the few that are far beyond the others.
    fn high(&self) -> f64 {
        let mut ratios: Vec<f64> = self.ratios().map(|(ratio, _)| ratio).collect();
        ratios.sort_by(|a, b| b.total_cmp(a));
        let most = ratios.len() / 3;
        let left_out = ratios.windows(2).take(most).take_while(|pair| pair[0] > pair[1] * APART).count();
        ratios.get(left_out).map_or(2.0, |top| top * 1.05).min(HIGH)
    }
}

/// A thread count.
struct Panel<'a> {
    index: usize,
    title: &'a str,
    axis: Ratios,
    /// The right end, where the numbers stand that lie beyond the axis.
    edge: f64,
}

/// A text beside a mark: its place and what it says.
type Note = (f64, f64, String);

impl Panel<'_> {
    /// The title, and the numbers of the axis.
    fn labels(&self, svg: &mut Svg, places: &Layout) {
        let top = TOP - 12.0;
        svg.text("text", &[("class", &"panel"), ("x", &Px(self.axis.at(1.0))), ("y", &top)], self.title);
        svg.group("g", &[("class", &"tick x")], |svg| {
            for tick in self.axis.ticks(APART_PX) {
                let (x, y) = (Px(self.axis.at(tick)), Px(places.bottom + 14.0));
                svg.text("text", &[("x", &x), ("y", &y)], &Ratios::label(tick));
            }
        });
    }

    /// Adds the mark of a row at a height.
    fn mark(
        &self,
        mark: Option<&Mark>,
        (colour, y): (Option<usize>, f64),
        marks: &mut Marks,
        notes: &mut Vec<Note>,
    ) {
        let axis = &self.axis;
        match mark {
            Some(Mark::Ratio { ratio, interval, may_be_best }) if ratio.is_finite() => {
                if let Some((low, high)) = interval {
                    marks.level(y, (axis.at(*low), axis.at(*high)));
                }
                marks.dot(colour, axis.at(*ratio), y, *may_be_best);
                if axis.is_beyond(*ratio) {
                    notes.push((self.edge, y, number::times(*ratio)));
                }
            }
            Some(Mark::Gone(word)) => notes.push((axis.at(1.0), y, (*word).to_owned())),
            _ => {}
        }
    }
}

/// The bands of the threshold, and the lines of the axes.
fn ground(svg: &mut Svg, panels: &[Panel], places: &Layout, threshold: f64) {
    let (top, bottom) = (TOP - 3.0, places.bottom);
    let (mut band, mut grid) = (Path::default(), Path::default());
    for Panel { axis, .. } in panels {
        let (from, to) = (axis.at(1.0 / threshold), axis.at(threshold));
        band.go(from, top).level(to).upright(bottom).level(from);
        for tick in axis.ticks(APART_PX) {
            grid.go(axis.at(tick), top).upright(bottom);
        }
    }
    svg.leaf("path", &[("class", &"tie"), ("d", &band)]);
    svg.leaf("path", &[("class", &"grid"), ("d", &grid)]);
}

#[cfg(test)]
mod tests {
    use super::super::row::Row;
    use super::*;

    fn forest(rows: Vec<(&str, Mark)>) -> Forest {
        let row =
            |(name, mark): (&str, Mark)| Row { name: name.to_owned(), colour: Some(0), data: vec![mark] };
        Forest {
            id: "a-b".to_owned(),
            title: "a/b".to_owned(),
            subtitle: String::new(),
            description: String::new(),
            panels: vec!["1 thread".to_owned()],
            groups: vec![Group { title: "immediate".to_owned(), rows: rows.into_iter().map(row).collect() }],
            threshold: 1.03,
        }
    }

    fn ratio(ratio: f64) -> Mark {
        Mark::Ratio { ratio, interval: Some((ratio * 0.9, ratio * 1.1)), may_be_best: ratio == 1.0 }
    }

    #[test]
    fn names_are_whole_and_what_lies_beyond_has_its_number() {
        let long = "x".repeat(60);
        let drawing = forest(vec![("a", ratio(1.0)), ("b", ratio(2.0)), (&long, ratio(1624.0))]).draw();
        let svg = drawing.inline();
        assert!(svg.contains(&format!(">{long}<")) && svg.contains(">1,620×<"), "{svg}");
        assert!(!svg.contains('…'));
    }

    #[test]
    fn many_that_are_far_behind_do_not_pile_up_at_the_edge() {
        let rows = (0..18).map(|at| ("behind", ratio(21.0 + 4.0 * f64::from(at))));
        let svg =
            forest([("a", ratio(1.0)), ("b", ratio(4.0))].into_iter().chain(rows).collect()).draw().inline();
        assert!(svg.contains(">50×<") && !svg.contains(">89.0×<"), "{svg}");
    }

    #[test]
    fn what_has_no_number_says_so() {
        let drawing =
            forest(vec![("a", ratio(1.0)), ("b", Mark::Gone("failed")), ("c", Mark::Absent)]).draw();
        assert_eq!(drawing.inline().matches(">failed<").count(), 1);
        assert!(!forest(vec![("a", ratio(f64::NAN))]).draw().inline().contains("NaN"));
    }
}
