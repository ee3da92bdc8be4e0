//! How the elements of a slice lie in memory.

use crate::model::handles;
use contend_team::Padded;

/// The layout of a slice.
pub trait Layout: Send + Sync + 'static {
    /// An element that holds a `T`.
    type Of<T: Send + Sync + Default + 'static>: Send + Sync + Default + 'static;

    /// The value in an element.
    fn get<T: Send + Sync + Default + 'static>(element: &Self::Of<T>) -> &T;

    /// The value in an element.
    fn get_mut<T: Send + Sync + Default + 'static>(element: &mut Self::Of<T>) -> &mut T;
}

/// Elements side by side: eight in a cache line of 64 bytes.
pub struct Adjacent;

/// Each element on cache lines of its own.
pub struct OwnCacheLine;

impl Layout for Adjacent {
    type Of<T: Send + Sync + Default + 'static> = T;

    fn get<T: Send + Sync + Default + 'static>(element: &T) -> &T {
        element
    }

    fn get_mut<T: Send + Sync + Default + 'static>(element: &mut T) -> &mut T {
        element
    }
}

impl Layout for OwnCacheLine {
    type Of<T: Send + Sync + Default + 'static> = Padded<T>;

    fn get<T: Send + Sync + Default + 'static>(element: &Padded<T>) -> &T {
        &element.0
    }

    fn get_mut<T: Send + Sync + Default + 'static>(element: &mut Padded<T>) -> &mut T {
        &mut element.0
    }
}

/// A slice of `slots` zeros.
pub fn zeros<L: Layout, T: Send + Sync + Default + 'static>(slots: usize) -> Vec<L::Of<T>> {
    handles(slots, |_| L::Of::<T>::default())
}

/// The numbers in a slice.
pub fn values<L: Layout>(slots: &[L::Of<u64>]) -> Vec<u64> {
    slots.iter().map(|slot| *L::get(slot)).collect()
}
