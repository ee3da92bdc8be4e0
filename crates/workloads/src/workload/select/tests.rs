use std::sync::mpsc::{Receiver, Sender, channel};

use super::*;

/// Reads one channel after the other, and gets one thing wrong.
struct Broken<const FLAW: usize>;

impl<const FLAW: usize> Select for Broken<FLAW> {
    type Sender = Sender<Word>;
    type Receiver = Vec<Receiver<Word>>;

    fn endpoints(channels: usize, senders: usize) -> (Vec<Vec<Self::Sender>>, Self::Receiver) {
        let (ends, receivers): (Vec<_>, Vec<_>) = (0..channels).map(|_| channel()).unzip();
        (vec![ends; senders], receivers)
    }

    fn send(sender: &Sender<Word>, message: Word) {
        let _ = sender.send(message); // the reader may have stopped
    }

    fn drain(receivers: Self::Receiver, _: WaitMode, mut each: impl FnMut(usize, Word)) {
        for (channel, receiver) in receivers.iter().enumerate() {
            if FLAW == 0 && channel == 1 {
                continue; // as if its close had been seen
            }
            for message in receiver {
                each(if FLAW == 1 { 0 } else { channel }, message);
                if FLAW == 2 {
                    each(channel, message);
                }
            }
        }
    }
}

fn fault<S: Select>() -> String {
    let params = Params { channels: 2, mode: WaitMode::Block };
    let fault = lap::<S, 0>(&mut Team::new(2), params, 50);
    fault.unwrap_err().to_string()
}

#[test]
fn lost_misplaced_and_doubled_messages_are_reported() {
    let lost = fault::<Broken<0>>();
    assert!(lost.starts_with("100 of 200 messages were lost"), "{lost}");
    assert_eq!(fault::<Broken<1>>(), "a message of channel 1 came from channel 0");
    let doubled = fault::<Broken<2>>();
    assert!(doubled.contains("or twice"), "{doubled}");
}
