//! The machines that a claim is about: `cores >= 8 and sockets >= 2`.

use contend_record::Run;

/// Bounds that must all be met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition(Vec<Bound>);

/// One bound: `cores >= 8`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Bound {
    subject: Subject,
    relation: Relation,
    number: usize,
}

/// What is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    /// The CPUs that the run could use.
    Cores,
    /// The machine's sockets.
    Sockets,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

const RELATIONS: [(&str, Relation); 5] = [
    ("<", Relation::Less),
    ("<=", Relation::AtMost),
    ("==", Relation::Equal),
    (">=", Relation::AtLeast),
    (">", Relation::More),
];

impl Condition {
    /// Parses a condition.
    ///
    /// # Errors
    /// A message with the problem and the expected form.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let bounds = text.split(" and ").map(|bound| {
            Bound::parse(bound.trim()).ok_or_else(|| {
                format!("`{bound}` is not a condition; write `cores >= 8` or `sockets >= 2`, joined by `and`")
            })
        });
        Ok(Self(bounds.collect::<Result<_, _>>()?))
    }

    /// The reason why a run's machine does not meet it; none where it does.
    pub(super) fn unmet(&self, run: &Run) -> Option<String> {
        self.0.iter().find_map(|bound| bound.unmet(run))
    }
}

impl Bound {
    fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let (subject, relation, number) = (words.next()?, words.next()?, words.next()?);
        let subject = match subject {
            "cores" => Subject::Cores,
            "sockets" => Subject::Sockets,
            _ => return None,
        };
        let (_, relation) = *RELATIONS.iter().find(|(sign, _)| *sign == relation)?;
        let number = number.parse().ok()?;
        words.next().is_none().then_some(Self { subject, relation, number })
    }

    fn unmet(&self, run: &Run) -> Option<String> {
        let (name, found) = match self.subject {
            Subject::Cores => ("cores", Some(run.plan.cores)),
            Subject::Sockets => ("sockets", sockets(run)),
        };
        let number = self.number;
        let (sign, _) = RELATIONS.iter().find(|(_, r)| *r == self.relation)?;
        let Some(found) = found else {
            return Some(format!(
                "it is about machines with {name} {sign} {number}; the number of this machine is unknown"
            ));
        };
        let met = match self.relation {
            Relation::Less => found < number,
            Relation::AtMost => found <= number,
            Relation::Equal => found == number,
            Relation::AtLeast => found >= number,
            Relation::More => found > number,
        };
        (!met).then(|| format!("it is about machines with {name} {sign} {number}; this run had {found}"))
    }
}

fn sockets(run: &Run) -> Option<usize> {
    let facts = &run.environment.facts;
    let sockets = facts.iter().find(|fact| fact.key == "sockets")?;
    sockets.value.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_parsed_completely_or_rejected() {
        assert!(Condition::parse("cores >= 8").is_ok());
        assert!(Condition::parse("cores >= 8 and sockets == 1").is_ok());
        for wrong in [
            "",
            "cores",
            "cores >=",
            "cores >= x",
            "cores >= 8 2",
            "threads >= 8",
            "cores = 8",
            "cores >= 8 and",
            "cores >= -1",
        ] {
            let error = Condition::parse(wrong).unwrap_err();
            assert!(error.contains("cores >= 8"), "{wrong}: {error}");
        }
    }
}
