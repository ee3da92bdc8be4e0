use super::*;

/// Pages for two workers, each of which takes longer than starting a thread.
fn params(deadline: bool) -> Params {
    let page = |number| Page { status: STATUSES[number % STATUSES.len()], delay: Duration::from_millis(5) };
    Params::serving(server::FREE, (0..16).map(page).collect(), 2, deadline)
}

fn measured<F: Fetch>(params: &Params) -> Result<Sample, WindowError> {
    let mut window = Window {
        team: &mut contend_team::Team::new(params.bound),
        length: Duration::from_millis(1),
        pilot: &mut None,
        earlier: None,
        check_only: true,
    };
    measure::<F, 0>(params, &mut window)
}

fn error<F: Fetch>(params: &Params) -> String {
    measured::<F>(params).unwrap_err().to_string()
}

const ALL_AT_ONCE: u8 = 0;
const TWICE: u8 = 1;
const LOSES: u8 = 2;
const SKIPS: u8 = 3;
const MISREADS: u8 = 4;
const INVENTS: u8 = 5;
const IGNORES_THE_DEADLINE: u8 = 6;
const RETURNS_AT_ONCE: u8 = 7;

/// Fetches pages one after the other, with a fault.
struct Broken<const FAULT: u8>;

impl<const FAULT: u8> Closed for Broken<FAULT> {
    fn start(_: usize) -> Self {
        Self
    }
}

impl<const FAULT: u8> Fetch for Broken<FAULT> {
    type Map = Statuses;

    fn run(&mut self, group: &Arc<Group>) -> Self::Map {
        match FAULT {
            ALL_AT_ONCE => thread::scope(|scope| {
                let page = |page| scope.spawn(move || Some((page, group.get(page)?)));
                let all: Vec<_> = (0..group.count()).map(page).collect();
                all.into_iter().filter_map(|page| page.join().unwrap()).collect()
            }),
            IGNORES_THE_DEADLINE => {
                let fetched = |page| Some((page, group.get(page)?));
                (0..group.count()).filter_map(fetched).collect()
            }
            RETURNS_AT_ONCE => statuses(),
            _ => {
                let mut map = statuses();
                for page in (0..group.count()).skip(usize::from(FAULT == SKIPS)) {
                    map.extend(group.get_in_time(page).map(|status| (page, status)));
                }
                match FAULT {
                    TWICE => _ = group.get(3),
                    LOSES => _ = map.remove(&3),
                    MISREADS => _ = map.insert(3, 200),
                    INVENTS => _ = map.insert(99, 200),
                    _ => {}
                }
                map
            }
        }
    }
}

#[test]
fn correct_groups_pass_with_and_without_a_deadline() {
    assert_eq!(measured::<RankedSerial>(&params(false)).unwrap().custom_metric, None);
    let (value, unit) = measured::<RankedSerial>(&params(true)).unwrap().custom_metric.unwrap();
    assert!(value > 1.0 && unit == "ns past the deadline");
}

#[test]
fn too_many_pages_in_flight_are_reported() {
    let error = error::<Broken<ALL_AT_ONCE>>(&params(false));
    assert!(error.ends_with(" were in flight at once, but the limit is 2"), "{error}");
}

#[test]
fn lost_doubled_and_invented_pages_are_reported() {
    let params = params(false);
    assert_eq!(error::<Broken<TWICE>>(&params), "page 3 was requested 2 times");
    let lost = "page 3 was fetched, but its status is lost";
    assert_eq!(error::<Broken<LOSES>>(&params), lost);
    assert_eq!(error::<Broken<SKIPS>>(&params), "page 0 was never fetched");
    let misread = "page 3 has status 200, but the server gave 503";
    assert_eq!(error::<Broken<MISREADS>>(&params), misread);
    assert_eq!(error::<Broken<INVENTS>>(&params), "page 99 has a status, but does not exist");
    let unasked = "page 0 has a status, but was never requested";
    let group = Group::new(&params, 0).unwrap();
    assert_eq!(group.check(&params, &[(0, 200)], 0).unwrap_err(), unasked);
}

#[test]
fn a_missed_deadline_is_reported() {
    let late = error::<Broken<IGNORES_THE_DEADLINE>>(&params(true));
    assert!(late.ends_with(" pages were started after the deadline"), "{late}");
    let early = error::<Broken<RETURNS_AT_ONCE>>(&params(true));
    assert!(early.starts_with("the group came back before its deadline"), "{early}");
}

#[test]
fn a_page_that_is_started_after_the_return_is_reported() {
    let params = params(true);
    let group = Group::new(&params, 0).unwrap();
    group.get(0);
    let error = group.check(&params, &[(0, 200)], 0).unwrap_err();
    assert_eq!(error, "1 pages were started after the return");
}

#[test]
fn a_missing_server_is_reported() {
    let mut params = params(false);
    let group = Arc::new(Group::new(&params, 0).unwrap());
    params.server = Err("no server".to_owned());
    let found = RankedSerial::start(1).run(&group);
    assert!(found.is_empty());
    let started = group.started.load(Ordering::Relaxed);
    assert_eq!(started, 1, "the first failure ends it");
    let gone = group.check(&params, &[], started).unwrap_err();
    assert!(gone.starts_with("page 0 cannot be fetched: "), "{gone}");
    assert_eq!(error::<RankedSerial>(&params), "no server");
}
