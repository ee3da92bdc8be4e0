use super::*;
use crate::model::{Actor, Locked};
use crate::workload::map::sharded::Sharded;

fn scan(question: Question) -> Scan {
    Scan { keys: keys(50), every: 99, question }
}

const BOTH: [Question; 2] = [Question::Length, Question::All];

#[test]
fn answers_on_the_whole_map_pass_where_they_are_right() {
    for question in BOTH {
        assert_eq!(verdict::<_, Locked<Mutex<Scanned>>>(scan(question)), Ok(()));
        assert_eq!(verdict::<_, Sharded<Mutex<Scanned>, Hasher>>(scan(question)), Ok(()));
        assert_eq!(verdict::<_, Actor<Bounded, Scanned>>(scan(question)), Ok(()));
        assert_eq!(fault::<_, SOUND>(scan(question)), Ok(()));
    }
}

#[test]
fn what_the_other_variants_find_is_found_here_too() {
    let lost = fault::<_, LOSES>(scan(Question::Length)).unwrap_err();
    assert!(lost.contains("do not add up"), "{lost}");
    let missed = fault::<_, MISSES>(scan(Question::Length)).unwrap_err();
    assert!(missed.contains("lookups found their key"), "{missed}");
}

/// Changes the answers on the whole map.
trait Flaw: Send + 'static {
    fn answer(answer: Answer) -> Answer;
}

struct Flawed<F>(Arc<Mutex<Scanned>>, std::marker::PhantomData<F>);

impl<F: Flaw> Shared<Scanned> for Flawed<F> {
    fn new_handles(model: Scanned, workers: usize) -> Vec<Self> {
        let map = Arc::new(Mutex::new(model));
        handles(workers, |_| Self(map.clone(), std::marker::PhantomData))
    }

    fn write(&mut self, key: u32) {
        self.0.lock().unwrap().write(key);
    }

    fn read(&mut self, question: Question) -> Answer {
        match self.0.lock().unwrap().read(question) {
            answer @ (Answer::Absent | Answer::Value(_)) => answer,
            answer => F::answer(answer),
        }
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].0.lock().unwrap().digest()
    }
}

macro_rules! flaws {
    ($($name:ident: |$entries:ident, $sum:ident| $answer:expr;)*) => {$(
        struct $name;

        impl Flaw for $name {
            fn answer(answer: Answer) -> Answer {
                let ($entries, $sum) = match answer {
                    Answer::All { entries, sum } => (entries, sum),
                    Answer::Length(length) => (length, 0),
                    other => return other,
                };
                $answer
            }
        }
    )*};
}

flaws! {
    MissesAnEntry: |entries, sum| Answer::All { entries: entries - 1, sum };
    VisitsOneTwice: |entries, sum| Answer::All { entries: entries + 1, sum };
    SeesAnOldMap: |entries, sum| Answer::All { entries, sum: sum / 4 };
    SeesTooMuch: |entries, sum| Answer::All { entries, sum: sum + 1_000_000 };
    CountsWrong: |entries, _sum| Answer::Length(entries + 1);
    AnswersNothing: |_entries, _sum| Answer::Absent;
}

#[test]
fn wrong_answers_on_the_whole_map_are_found() {
    let all = || scan(Question::All);
    let entries = "did not have its 1000 entries";
    for (found, wanted) in [
        (verdict::<_, Flawed<MissesAnEntry>>(all()), entries),
        (verdict::<_, Flawed<VisitsOneTwice>>(all()), entries),
        (verdict::<_, Flawed<SeesAnOldMap>>(all()), "lack upserts that had returned"),
        (verdict::<_, Flawed<SeesTooMuch>>(all()), "upserts at most"),
        (verdict::<_, Flawed<CountsWrong>>(scan(Question::Length)), entries),
        (verdict::<_, Flawed<AnswersNothing>>(scan(Question::Length)), entries),
    ] {
        let found = found.unwrap_err();
        assert!(found.contains(wanted), "{found}");
    }
}
