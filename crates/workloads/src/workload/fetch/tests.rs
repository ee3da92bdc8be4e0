use super::*;

/// Two workers' worth of pages that take longer than it takes to start a thread.
fn site(deadline: bool) -> Params {
    let page = |number| Page { status: STATUSES[number % STATUSES.len()], delay: Duration::from_millis(5) };
    Params::at(server::FREE, (0..16).map(page).collect(), 2, deadline)
}

fn taken<F: Fetch>(site: &Params) -> Result<Sample, WindowError> {
    let mut window = Window {
        team: &mut contend_team::Team::new(site.bound),
        length: Duration::from_millis(1),
        pilot: &mut None,
        check_only: true,
    };
    measure::<F, 0>(site, &mut window)
}

fn says<F: Fetch>(site: &Params) -> String {
    taken::<F>(site).unwrap_err().to_string()
}

const ALL_AT_ONCE: u8 = 0;
const TWICE: u8 = 1;
const LOSES: u8 = 2;
const SKIPS: u8 = 3;
const MISREADS: u8 = 4;
const INVENTS: u8 = 5;
const DOES_NOT_LOOK: u8 = 6;
const RETURNS_AT_ONCE: u8 = 7;

/// One after the other, with a fault.
struct Broken<const FAULT: u8>;

impl<const FAULT: u8> Fetch for Broken<FAULT> {
    type Map = Statuses;

    fn start(_: usize) -> Self {
        Self
    }

    fn run(&mut self, group: &Arc<Group>) -> Self::Map {
        match FAULT {
            ALL_AT_ONCE => thread::scope(|scope| {
                let page = |page| scope.spawn(move || Some((page, group.get(page)?)));
                let all: Vec<_> = (0..group.count()).map(page).collect();
                all.into_iter().filter_map(|page| page.join().unwrap()).collect()
            }),
            DOES_NOT_LOOK => {
                let fetched = |page| Some((page, group.get(page)?));
                (0..group.count()).filter_map(fetched).collect()
            }
            RETURNS_AT_ONCE => Statuses::new(),
            _ => {
                let mut map = Statuses::new();
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
fn what_is_right_is_right_with_and_without_a_deadline() {
    assert_eq!(taken::<Serial>(&site(false)).unwrap().custom_metric, None);
    let (value, unit) = taken::<Serial>(&site(true)).unwrap().custom_metric.unwrap();
    assert!(value > 1.0 && unit == "ns past the deadline");
}

#[test]
fn one_too_many_in_flight_is_named() {
    let says = says::<Broken<ALL_AT_ONCE>>(&site(false));
    assert!(says.ends_with(" were in flight at once, where 2 may be"), "{says}");
}

#[test]
fn pages_that_are_lost_doubled_or_invented_are_named() {
    let site = site(false);
    assert_eq!(says::<Broken<TWICE>>(&site), "page 3 was asked for 2 times");
    let lost = "page 3 was fetched, and its status is lost";
    assert_eq!(says::<Broken<LOSES>>(&site), lost);
    assert_eq!(says::<Broken<SKIPS>>(&site), "page 0 was never fetched");
    let misread = "page 3 has status 200, where the server says 503";
    assert_eq!(says::<Broken<MISREADS>>(&site), misread);
    assert_eq!(says::<Broken<INVENTS>>(&site), "page 99 has a status, and is none");
    let unasked = "page 0 has a status, and was never asked for";
    let group = site.group().unwrap();
    assert_eq!(group.check(&site, &[(0, 200)], 0).unwrap_err(), unasked);
}

#[test]
fn who_does_not_look_at_the_deadline_is_named() {
    let late = says::<Broken<DOES_NOT_LOOK>>(&site(true));
    assert!(late.ends_with(" pages were begun after the deadline"), "{late}");
    let early = says::<Broken<RETURNS_AT_ONCE>>(&site(true));
    assert!(early.starts_with("the group came back before its deadline"), "{early}");
}

#[test]
fn a_page_that_is_begun_after_the_return_is_named() {
    let site = site(true);
    let group = site.group().unwrap();
    group.get(0);
    let says = group.check(&site, &[(0, 200)], 0).unwrap_err();
    assert_eq!(says, "1 pages were begun after the return");
}

#[test]
fn a_server_that_is_gone_or_never_was_is_named() {
    let mut site = site(false);
    let group = Arc::new(site.group().unwrap());
    site.server = Err("no server".to_owned());
    let found = Serial.run(&group);
    assert!(found.is_empty());
    let begun = group.begun.load(Ordering::Relaxed);
    assert_eq!(begun, 1, "the first failure ends it");
    let gone = group.check(&site, &[], begun).unwrap_err();
    assert!(gone.starts_with("page 0 cannot be fetched: "), "{gone}");
    assert_eq!(says::<Serial>(&site), "no server");
}
