//! Data races that rustc rejects at compile time. `tests/refused` has programs with a data race, as Go compiles
//! them, each beside rustc's error. `tests/accepted` has the same programs without the race. This is a separate
//! crate, so that its tests build nothing else.
