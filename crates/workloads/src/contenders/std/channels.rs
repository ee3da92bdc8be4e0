//! std's channels.

use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::time::Duration;

use crate::capability::{
    Channel, ReceiveTimeout, Rendezvous, TryRecv, standard_channel, standard_receive_timeout,
};

/// `mpsc::channel`, which has no bound.
pub struct Unbounded;

standard_channel!(Channel for Unbounded, Sender, Receiver, mpsc, |_| mpsc::channel());

/// `mpsc::sync_channel`, whose senders wait for room.
pub struct Bounded;

standard_channel!(Channel for Bounded, SyncSender, Receiver, mpsc, mpsc::sync_channel);
standard_receive_timeout!(Bounded, mpsc);
impl Rendezvous for Bounded {}
