//! The half of a race detector that runs at compile time. `tests/refused` has programs with a data race,
//! as Go compiles them, each beside what rustc says of it; `tests/accepted` has what takes their place.
//! A crate of its own, so that what checks them builds nothing else.
