//! Every map of the suite as a type: for keys and values that the suite does not know, which a user's scenario has.

use crate::capability::ConcurrentMap;

/// Takes one map after the other.
pub(crate) trait MapVisitor {
    /// A map, by the name that it is registered under.
    fn visit<M: ConcurrentMap>(&mut self, name: &str);
}

/// Maps of the suite that are no [`ConcurrentMap`], since their values cannot be changed in place.
pub(crate) const NOT_IN_PLACE: &[&str] = &[
    "crossbeam_skiplist::SkipMap",
    #[cfg(feature = "extra")]
    "papaya::HashMap",
];

/// Shows every map that the features have to `visitor`.
pub(crate) fn each_map(visitor: &mut impl MapVisitor) {
    visitor.visit::<super::dashmap::Dash<0>>("dashmap::DashMap");
    visitor.visit::<super::dashmap::Dash<256>>("dashmap::DashMap+256-shards");
    #[cfg(feature = "extra")]
    visitor.visit::<super::scc::Scc>("scc::HashMap");
}
