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
    let plan = Plan { capacity: None, senders: 2, receivers: 1, with_caller: true };
    let tasks = tasks::<Broken<F>, 32, 0>(plan, 100);
    let fault = lap(&mut Team::new(2), plan, tasks, 100, true);
    fault.unwrap_err().to_string()
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
