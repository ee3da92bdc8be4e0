//! Times in UTC as runs write them: RFC 3339, with `Z` at the end.

/// The seconds of a day.
pub(super) const DAY: i64 = 86_400;

/// The seconds from 1970 to a time. None where the text is no such time.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let text = text.strip_suffix('Z')?;
    let (date, time) = text.split_once('T')?;
    let time = time.split_once('.').map_or(time, |(whole, _)| whole);
    let [year, month, day] = three(date, '-')?;
    let [hour, minute, second] = three(time, ':')?;
    let is_time = (1..=12).contains(&month) && hour < 24 && minute < 60 && second <= 60;
    let month = usize::try_from(month).ok()?;
    let last = *LENGTHS.get(month.checked_sub(1)?)? + i64::from(month == 2 && is_leap(year));
    if !is_time || !(1..=last).contains(&day) {
        return None;
    }
    let before = year - 1; // years that are over
    let leap_days = before / 4 - before / 100 + before / 400;
    let months: i64 = LENGTHS[..month - 1].iter().sum::<i64>() + i64::from(month > 2 && is_leap(year));
    let days = before * 365 + leap_days + months + day - 1 - TO_1970;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

/// The days of each month.
const LENGTHS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// The days from the first of January of the year 1 to that of 1970.
const TO_1970: i64 = 719_162;

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Three numbers without signs.
fn three(text: &str, between: char) -> Option<[i64; 3]> {
    let number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())?;
    let numbers: Option<Vec<i64>> = text.split(between).map(number).collect();
    let numbers: [i64; 3] = numbers?.try_into().ok()?;
    (1..=9999).contains(&numbers[0].max(1)).then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_counted_from_1970() {
        for (text, wanted) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T12:00:00Z", 951_825_600),
            ("2000-03-01T00:00:00Z", 951_868_800),
            ("2015-05-15T00:00:00Z", 1_431_648_000),
            ("2026-11-27T08:22:15Z", 1_795_767_735),
            ("2026-11-27T08:22:15.25Z", 1_795_767_735),
            ("2100-03-01T00:00:00Z", 4_107_542_400),
        ] {
            assert_eq!(seconds(text), Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "yesterday",
            "2026-11-27",
            "2026-11-27T08:22:15",
            "2026-11-27T08:22:15+01:00",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-04-00T00:00:00Z",
            "2026-04-30T24:00:00Z",
            "2026-04-30T23:60:00Z",
            "2026-04--3T00:00:00Z",
            "99999999999999999999-01-01T00:00:00Z",
            "2026-11-27T08:22Z",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
