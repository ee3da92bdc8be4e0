//! `within = "5 %"`: how far from the best a contender may be.

/// A percentage as a share: `5 %` is 0.05.
///
/// # Errors
/// A message with the problem and the expected form.
pub(super) fn share(text: &str) -> Result<f64, String> {
    let number = text.trim().strip_suffix('%').map(str::trim).and_then(|number| number.parse::<f64>().ok());
    let percent = number.filter(|percent| percent.is_finite() && *percent > 0.0);
    percent
        .map(|percent| percent / 100.0)
        .ok_or_else(|| format!("`within = \"{text}\"` is not a percentage above 0; write it as \"5 %\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_a_share() {
        assert_eq!(share("5 %"), Ok(0.05));
        assert_eq!(share(" 2.5%"), Ok(0.025));
        assert_eq!(share("10\u{a0}%"), Ok(0.1));
        for wrong in ["5", "", "%", "0 %", "-1 %", "many %", "inf %", "5 % of it"] {
            assert!(share(wrong).is_err_and(|what| what.contains("write it as \"5 %\"")), "{wrong}");
        }
    }
}
