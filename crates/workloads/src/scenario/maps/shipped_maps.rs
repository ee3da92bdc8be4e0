//! The maps of the suite, with keys and values of a user's own.

use super::{Entries, Maps};
use crate::capability::ConcurrentMap;
use crate::contenders::{MapVisitor, NOT_IN_PLACE, each_map};
use crate::registry::Info;

/// Adds every map of the suite whose values are changed in place.
pub(super) fn add<M: Entries>(maps: &mut Maps<'_, M>) {
    let (suite, scenario) = (&mut *maps.compared.suite, &maps.compared.name);
    for name in NOT_IN_PLACE {
        suite.exclude(scenario, name, "its values cannot be changed in place: see `map`");
    }
    let mut known = suite.maps.clone();
    known.extend(crate::suite().maps); // for a suite that was begun without what ships
    each_map(&mut ShippedMaps { maps, known });
}

/// Adds each map that it is shown.
struct ShippedMaps<'m, 's, M: Entries> {
    maps: &'m mut Maps<'s, M>,
    known: Vec<Info>,
}

impl<M: Entries> MapVisitor for ShippedMaps<'_, '_, M> {
    fn visit<C: ConcurrentMap>(&mut self, name: &str) {
        let known = self.known.iter().find(|info| info.name == name);
        let info = known.expect("a test wants every map that is shown to be registered");
        self.maps.add_map::<C>(info.clone());
    }
}
