//! The checked claims: each with its evidence, linked to the page's sections.

use contend_analysis::claim::{Checked, ClaimStatus, Evidence, split_testable};
use contend_analysis::text::{number, plain};
use contend_record::BlockId;

use crate::report_model::ReportModel;
use crate::rich_text::{html_text, url};

use super::anchors;

/// A table of claims.
pub struct ClaimGroup {
    /// The label that unfolds them.
    pub folded: String,
    pub claims: Vec<ClaimRow>,
}

/// A claim.
pub struct ClaimRow {
    pub claim: String,
    pub source: String,
    pub file: String,
    /// The address of the file, relative to the page.
    pub url: String,
    pub line: usize,
    pub outcome: &'static str,
    /// Its CSS class.
    pub kind: &'static str,
    pub evidence: Vec<EvidenceLine>,
}

/// One line of evidence.
pub struct EvidenceLine {
    /// The status of this part, where it is not that of the claim.
    pub outcome: &'static str,
    pub sentence: String,
    /// The author's explanation where this comparison fails.
    pub why_not: Option<String>,
    /// Whether the sentence starts with the link to its only block.
    pub begins: bool,
    /// The blocks, with the sections of their cells.
    pub links: Vec<(String, String)>,
}

/// The claims that the run can test, then the others, folded.
pub fn of(model: &ReportModel) -> Vec<ClaimGroup> {
    let (here, not_here) = split_testable(&model.claims);
    let count = number::plural(not_here.len(), "claim that is", "claims that are");
    let tested = number::plural(here.len(), "claim with its evidence", "claims with their evidence");
    let group = |folded: String, claims: Vec<&Checked>| ClaimGroup {
        folded,
        claims: claims.into_iter().map(row).collect(),
    };
    let mut groups = vec![group(tested, here), group(format!("{count} not testable here"), not_here)];
    groups.retain(|group| !group.claims.is_empty());
    groups
}

fn row(claim: &Checked) -> ClaimRow {
    let evidence = claim.evidence.iter();
    ClaimRow {
        claim: html_text(&claim.claim),
        source: html_text(&claim.source),
        file: plain(&claim.file),
        url: claim.file.split('/').map(url).collect::<Vec<_>>().join("/"),
        line: claim.line,
        outcome: claim.outcome.label(),
        kind: match claim.outcome {
            ClaimStatus::Fails => "fails",
            ClaimStatus::Holds => "holds",
            ClaimStatus::Unresolved | ClaimStatus::NotTestable => "open",
        },
        evidence: evidence.map(|of| line(of, claim.outcome)).collect(),
    }
}

fn line(evidence: &Evidence, of_claim: ClaimStatus) -> EvidenceLine {
    let ids = evidence.blocks.iter();
    let link = |id: &String| {
        let block: BlockId = id.parse().ok()?;
        Some((id.clone(), anchors::variant(&block.of_variant())))
    };
    let links: Vec<_> = ids.filter_map(link).collect();
    let begun = match &links[..] {
        [(id, _)] => evidence.sentence.strip_prefix(id.as_str()),
        _ => None,
    };
    EvidenceLine {
        outcome: match evidence.outcome == of_claim {
            true => "",
            false => evidence.outcome.label(),
        },
        sentence: html_text(begun.unwrap_or(&evidence.sentence)),
        why_not: evidence.why_not.as_deref().map(html_text),
        begins: begun.is_some(),
        links,
    }
}
