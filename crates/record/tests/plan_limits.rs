//! Plans with numbers that no run has.

use contend_fixture::{block_of, run_of};
use contend_record::{Class, Plan};
use serde_json::Value;

#[test]
fn a_number_that_no_plan_has_is_named() {
    let block = block_of("counter/hot/2".parse().unwrap(), &["a"], |_| Class::Immediate);
    let plan = serde_json::to_value(run_of(vec![block]).plan).unwrap();
    let found = |path: &str, value: Value| {
        let mut plan = plan.clone();
        *plan.pointer_mut(path).unwrap_or_else(|| panic!("the plan has no {path}")) = value;
        serde_json::from_value::<Plan>(plan).unwrap().beyond_limits()
    };
    assert_eq!(found("", plan.clone()), None);
    for (path, value, says) in [
        ("/forks", 0_u64.into(), "`forks` is 0"),
        ("/forks", u32::MAX.into(), "`forks` is 4294967295"),
        ("/estimate_s", (-1.0).into(), "`estimate_s` is -1e0"),
        ("/estimate_s", 1e308.into(), "`estimate_s` is 1e308"),
        ("/cores", 0_u64.into(), "`cores` is 0"),
        ("/threshold", (-1.0).into(), "`threshold` is -1e0"),
        ("/threshold", 1e308.into(), "`threshold` is 1e308"),
        (
            "/blocks/0/cells/0/contender",
            "../../x".into(),
            "`../../x` is no contender's name in counter/hot/2",
        ),
        ("/blocks/0/rounds", 10_001_u64.into(), "`rounds` is 10001 in counter/hot/2"),
        ("/blocks/0/window_ns", u64::MAX.into(), "`window_ns` is 18446744073709551615 in counter/hot/2"),
        ("/blocks/0/block", "counter/hot/9999999".into(), "`threads` is 9999999 in counter/hot/9999999"),
    ] {
        assert_eq!(found(path, value).as_deref(), Some(says), "{path}");
    }
    for (path, what) in
        [("/blocks", "counter/hot/2 is there twice"), ("/blocks/0/cells", "`a` is there twice")]
    {
        let list = plan.pointer(path).unwrap().as_array().unwrap();
        let doubled = [&list[..1], list].concat();
        let said = found(path, doubled.into()).unwrap();
        assert!(said.starts_with(what), "{said}");
    }
    for (path, value) in
        [("/forks", 10_000), ("/blocks/0/rounds", 10_000), ("/blocks/0/window_ns", 1_u64 << 41)]
    {
        assert_eq!(found(path, value.into()), None, "{path}");
    }
}
