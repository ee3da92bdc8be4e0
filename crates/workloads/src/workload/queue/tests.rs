use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};

use super::lap::{Plan, lap, tasks};
use super::*;
use contend_team::Team;

/// How a broken queue changes a message on its way.
trait Flaw: 'static {
    fn pass(message: Message<32>) -> Vec<Message<32>>;
}

struct Broken<F>(F);

impl<F: Flaw> Queue<Message<32>> for Broken<F> {
    type Sender = Sender<Message<32>>;
    type Receiver = Receiver<Message<32>>;

    fn endpoints(_: Option<usize>, senders: usize, _: usize) -> Endpoints<Self, Message<32>> {
        let (sender, receiver) = channel();
        (vec![sender; senders], vec![receiver])
    }

    fn send(sender: &mut Self::Sender, message: Message<32>) {
        for message in F::pass(message) {
            sender.send(message).unwrap();
        }
    }

    fn receive(receiver: &mut Self::Receiver) -> Option<Message<32>> {
        receiver.recv().ok()
    }
}

fn fault<F: Flaw>() -> String {
    let plan = Plan { capacity: None, senders: 2, receivers: 1, with_caller: true, every_receiver: false };
    let tasks = tasks::<Broken<F>, 32, 0>(plan, 100);
    let fault = lap(&mut Team::new(2), plan, tasks, 100);
    fault.err().expect("it is found").to_string()
}

macro_rules! flaws {
    ($($name:ident: |$message:pat_param| $pass:expr;)*) => {$(
        struct $name;

        impl Flaw for $name {
            fn pass($message: Message<32>) -> Vec<Message<32>> {
                $pass
            }
        }
    )*};
}

flaws! {
    Loses: |message| Vec::from_iter((message.number() != 50).then_some(message));
    Doubles: |message| vec![message; 1 + usize::from(message.number() == 99)];
    Swaps: |message| vec![Message::new(message.sender(), message.number() ^ 1)];
    Tears: |mut message| {
        message.0[31] += u64::from(message.number() == 3);
        vec![message]
    };
    Exchanges: |message| {
        let other = message.number() + 900 * u64::from(message.number() == 99);
        vec![Message::new(message.sender(), other)]
    };
}

#[test]
fn messages_that_arrive_wrong_are_reported() {
    assert!(fault::<Loses>().starts_with("2 of 200 messages were lost"));
    assert!(fault::<Doubles>().contains("or twice"));
    assert!(fault::<Swaps>().contains("came after a later one"));
    assert!(fault::<Tears>().contains("in pieces of several"));
    assert!(fault::<Exchanges>().contains("not the ones that were sent"));
}

/// A window on a route.
fn sample<Q: Queue<Message<1>>, R: Route>(threads: usize) -> Sample {
    let params = Arc::new(Params::<R, 1, true> { capacity: Some(64), route: PhantomData });
    let mut window = Window {
        team: &mut Team::new(threads),
        length: std::time::Duration::from_millis(2),
        pilot: &mut None,
        earlier: None,
        check_only: false,
    };
    <Q as Strategy<Params<R, 1, true>>>::measure::<0>(&params, &mut window).expect("it loses nothing")
}

/// std's channel, whose receivers share one end under a lock.
struct Whole;

impl Queue<Message<1>> for Whole {
    type Sender = Sender<Message<1>>;
    type Receiver = Arc<Mutex<Receiver<Message<1>>>>;

    fn endpoints(_: Option<usize>, senders: usize, receivers: usize) -> Endpoints<Self, Message<1>> {
        let (sender, receiver) = channel();
        let receiver = Arc::new(Mutex::new(receiver));
        (vec![sender; senders], vec![receiver; receivers])
    }

    fn send(sender: &mut Self::Sender, message: Message<1>) {
        sender.send(message).unwrap();
    }

    fn receive(receiver: &mut Self::Receiver) -> Option<Message<1>> {
        receiver.lock().unwrap().recv().ok()
    }
}

#[test]
fn the_messages_of_each_receiver_are_recorded() {
    let counted = |sample: Sample, receivers: usize| {
        let operations = sample.timing.operations;
        assert_eq!(operations.len(), receivers);
        assert_eq!(operations.iter().sum::<u64>() % sample.timing.chunk, 0, "{operations:?}");
        operations
    };
    counted(sample::<Whole, OneToOne>(2), 1);
    counted(sample::<Whole, ManyToOne>(2), 1);
    counted(sample::<Whole, OneToMany>(3), 3);
    counted(sample::<Whole, ManyToMany>(4), 2);
    // The floor's receivers tally even shares, though no message reaches them.
    let floor = counted(sample::<NoOp, OneToMany>(2), 2);
    assert!(floor.iter().all(|count| *count > 0), "{floor:?}");
}
