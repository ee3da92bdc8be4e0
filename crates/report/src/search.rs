//! A search by words, as in the page's filter: all are in an id, or start a word of the workload's description.
//! Case does not matter. The page's script searches by the same rule, and gets the names of Go from here.

/// Names of Go that differ in Rust, so that a search for them finds contenders.
const IN_RUST: [(&str, &str); 3] = [("rwmutex", "rwlock"), ("chan", "channel"), ("cond", "condvar")];

/// The words that are searched.
pub struct Search {
    words: Vec<Word>,
}

/// A word in lower case, and what it is in Rust.
struct Word {
    text: String,
    in_rust: Option<&'static str>,
}

impl Search {
    /// A search for the words of `text`.
    pub fn new(text: &str) -> Self {
        let words = text.split_whitespace().map(|word| {
            let text = word.to_lowercase();
            let last = text.rsplit('.').next().unwrap_or_default();
            let in_rust = IN_RUST.iter().find(|(go, _)| *go == last).map(|(_, rust)| *rust);
            Word { text, in_rust }
        });
        Self { words: words.collect() }
    }

    /// Whether it finds the cell or block `id` of a workload that models the code in `models`.
    pub fn finds(&self, id: &str, models: &str) -> bool {
        !self.words.is_empty() && self.words_in(id, models) == self.words.len()
    }

    /// How many of its words are in `id`, or start a word of `models`.
    pub fn words_in(&self, id: &str, models: &str) -> usize {
        let id = id.to_lowercase();
        let models = models.to_lowercase();
        let stands = |word: &str| words_of(&models).any(|one| one.starts_with(word));
        let found = |word: &&Word| {
            id.contains(&word.text)
                || word.in_rust.is_some_and(|rust| id.contains(rust))
                || stands(&word.text)
        };
        self.words.iter().filter(found).count()
    }
}

/// The words of a description. `sync.WaitGroup` gives three: itself and its parts.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |of: char| of.is_ascii_alphanumeric() || matches!(of, '_' | '.' | '/');
    let words = text.split(move |of: char| !is_part(of)).filter(|word| !word.is_empty());
    words.flat_map(|word| std::iter::once(word).chain(word.split(['.', '/']).filter(|part| !part.is_empty())))
}

/// The names of Go in Rust, as an object of the page's script.
pub fn in_rust() -> String {
    let names: Vec<String> = IN_RUST.iter().map(|(go, rust)| format!("{go}: '{rust}'")).collect();
    format!("{{ {} }}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "map/read90/std::sync::RwLock/2";

    #[test]
    fn all_words_are_in_the_id_or_start_one_of_the_description() {
        let finds = |text| Search::new(text).finds(ID, "Caches; sync.Map and session tables");
        for text in ["map read90", " RWLOCK map ", "rwlock", "2", "session", "sync.Map", "tab read", "cache"]
        {
            assert!(finds(text), "{text}");
        }
        for text in ["map read50", "able", "", "map mutex"] {
            assert!(!finds(text), "{text}");
        }
    }

    #[test]
    fn words_of_go_are_found_in_rust() {
        for text in ["RWMutex", "sync.RWMutex map"] {
            assert!(Search::new(text).finds(ID, ""), "{text}");
        }
        assert!(Search::new("chan").finds("queue/1to1-64/std::sync::mpsc::sync_channel/2", ""));
        assert!(!Search::new("sync.Cond").finds(ID, ""));
    }
}
