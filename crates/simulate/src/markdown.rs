//! Markdown tables, and how shares are written in them.

pub fn percent(share: f64) -> String {
    format!("{:.1}", 100.0 * share)
}

pub fn whole(share: f64) -> String {
    format!("{:.0}", 100.0 * share)
}

pub fn row(head: &str, figures: impl IntoIterator<Item = String>) -> String {
    let figures: Vec<String> = figures.into_iter().collect();
    format!("| {head} | {} |\n", figures.join(" | "))
}

pub fn titled<T: AsRef<str>>(
    title: &str,
    head: &str,
    columns: impl IntoIterator<Item = T>,
    rows: impl IntoIterator<Item = String>,
) -> String {
    let columns: Vec<String> = columns.into_iter().map(|c| c.as_ref().to_owned()).collect();
    let line = "| ---: ".repeat(columns.len());
    let rows: String = rows.into_iter().collect();
    format!("**{title}**\n\n{}| --- {line}|\n{rows}", row(head, columns))
}
