//! The content security policy: the page loads nothing, and only its own styles and scripts are allowed, by their
//! hashes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac_sha256::Hash;

/// The policy of a page with these inline styles and scripts, the exact texts of their elements.
pub fn of(styles: &[&str], scripts: &[&str]) -> String {
    let hashes = |texts: &[&str]| {
        if texts.is_empty() {
            return "'none'".to_owned();
        }
        let hashes: Vec<String> = texts.iter().map(|text| hash(text)).collect();
        hashes.join(" ")
    };
    format!(
        "default-src 'none'; style-src {}; script-src {}; img-src data: blob:; base-uri 'none'; form-action 'none'",
        hashes(styles),
        hashes(scripts)
    )
}

fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Hash::hash(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_follow_the_specification() {
        // The example of CSP 3, section "Usage of 'hashes'".
        assert_eq!(hash("doSomething();"), "'sha256-RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc='");
        assert!(of(&["a"], &[]).contains("script-src 'none'"));
    }
}
