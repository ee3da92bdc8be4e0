//! The colours of families: each family of contenders has one in the whole page. The families with the most contenders
//! come first, so where there are more families than colours, the rarest have none.

use std::collections::HashMap;

use contend_record::Run;

use super::chart::COLOURS;

/// The colour of each contender, by its family.
#[derive(Clone, Debug, Default)]
pub struct Families<'a> {
    colours: HashMap<&'a str, usize>,
}

impl<'a> Families<'a> {
    /// Assigns colours to the families of a run.
    pub fn of(run: &'a Run) -> Self {
        let mut families: Vec<(&str, usize)> = Vec::new();
        for info in &run.contenders {
            match families.iter_mut().find(|(family, _)| *family == info.family) {
                Some((_, count)) => *count += 1,
                None => families.push((&info.family, 1)),
            }
        }
        let mut coloured = families.clone();
        coloured.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        coloured.truncate(COLOURS);
        // In the order of the run, which is that of the suite: a filter changes few colours.
        families.retain(|family| coloured.contains(family));
        let colour = |family: &str| families.iter().position(|(known, _)| *known == family);
        let of_one =
            |info: &'a contend_record::ContenderInfo| Some((info.name.as_str(), colour(&info.family)?));
        Self { colours: run.contenders.iter().filter_map(of_one).collect() }
    }

    /// The colour of a contender.
    pub fn colour(&self, contender: &str) -> Option<usize> {
        self.colours.get(contender).copied()
    }
}
