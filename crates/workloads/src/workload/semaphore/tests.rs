use super::*;

#[test]
fn one_thread_too_many_inside_is_reported() {
    // Lets all in while two are already inside, which then leave.
    let visitor = Visitor {
        semaphore: Arc::new((Serial, Inside::default())),
        params: Params { permits: 2, iterations: 0 },
        visits: visits::<Serial, 0>,
    };
    let inside = &visitor.semaphore.1;
    inside.now.store(2, Ordering::Relaxed);
    (visitor.visits)(&visitor, 10);
    inside.now.store(0, Ordering::Relaxed);
    let error = inside.check(2, 10).unwrap_err();
    assert_eq!(error, "3 were inside at once, but only 2 may be");
    assert_eq!(inside.check(3, 10), Ok(()));
    let error = inside.check(3, 11).unwrap_err();
    assert_eq!(error, "10 of 11 entries were counted");
}

/// Lets all threads in.
struct Unlimited;

impl Semaphore for Unlimited {
    fn new(_: usize) -> Self {
        Unlimited
    }

    fn enter<R>(&self, inside: impl FnOnce() -> R) -> R {
        inside()
    }
}

#[test]
fn a_semaphore_that_lets_all_in_is_reported() {
    // Long enough that the system interrupts some workers inside, even on one core.
    let params = Params { permits: 1, iterations: 200_000 };
    let mut window = Window {
        team: &mut contend_team::Team::new(3),
        length: std::time::Duration::from_millis(50),
        pilot: &mut None,
        earlier: None,
        check_only: false,
    };
    let result = measure(params, &mut window, visits::<Unlimited, 0>);
    let error = result.unwrap_err().to_string();
    assert!(error.ends_with(" were inside at once, but only 1 may be"), "{error}");
}

#[test]
fn a_thread_that_stays_inside_is_reported() {
    let inside = Inside::default();
    inside.now.store(1, Ordering::Relaxed);
    let error = inside.check(2, 0).unwrap_err();
    assert_eq!(error, "1 are still inside after the window");
}
