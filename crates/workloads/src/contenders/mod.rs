//! What is compared: one file or folder a package, with its types, what they can do, its facts, and its
//! registration. A new package is a file here and a line below.

#[cfg(feature = "extra")]
mod exclusions;
mod locks;
#[cfg(feature = "contenders")]
mod maps;

pub(crate) use locks::{LockVisitor, each_lock};
#[cfg(feature = "contenders")]
pub(crate) use maps::{MapVisitor, NOT_IN_PLACE, each_map};

macro_rules! packages {
    ($($(#[$condition:meta])* $package:ident)*) => {
        $($(#[$condition])* pub mod $package;)*

        /// Adds every package that the features have.
        pub(crate) fn register_contenders(suite: &mut crate::registry::Suite) {
            $($(#[$condition])* $package::register(suite);)*
        }
    };
}

packages! {
    std
    #[cfg(feature = "contenders")] parking_lot
    #[cfg(feature = "contenders")] crossbeam
    #[cfg(feature = "contenders")] flume
    #[cfg(feature = "contenders")] dashmap
    #[cfg(feature = "contenders")] rayon
    #[cfg(feature = "extra")] tokio
    #[cfg(feature = "extra")] kanal
    #[cfg(feature = "extra")] crossfire
    #[cfg(feature = "extra")] async_channel
    #[cfg(feature = "extra")] async_broadcast
    #[cfg(feature = "extra")] oneshot
    #[cfg(feature = "extra")] async_lock
    #[cfg(feature = "extra")] mea
    #[cfg(feature = "extra")] rtrb
    #[cfg(feature = "extra")] ringbuf
    #[cfg(feature = "extra")] papaya
    #[cfg(feature = "extra")] scc
    #[cfg(feature = "extra")] arc_swap
    #[cfg(feature = "extra")] left_right
    #[cfg(feature = "extra")] once_cell
    #[cfg(feature = "extra")] spin
}
