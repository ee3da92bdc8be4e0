//! Whatever your project is: its benches compare a lock and a channel of its own with all that ship.
