//! Where runs are kept, found and shown.

use super::*;

/// A package with a member and folders, as a user has them.
fn package() -> TempDir {
    let package = tempfile::tempdir().expect("a temporary folder");
    let write = |path: &str| {
        let path = package.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, "").expect("it can be written");
    };
    ["Cargo.toml", "src/deep/lib.rs", "member/Cargo.toml", "member/src/lib.rs"].into_iter().for_each(write);
    package
}

/// `contend` in a folder, called from a shell in `shell`. Cargo starts a bench target in its package's folder.
fn contend_in(folder: &Path, shell: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_contend"));
    command.args(args).current_dir(folder).env("PWD", shell).env_remove("CARGO_TARGET_DIR");
    command.output().expect("contend starts")
}

/// The path in the last line that a command prints.
fn printed_path(output: &Output) -> PathBuf {
    assert!(output.status.success(), "{}", stderr(output));
    stdout(output).trim_end().lines().last().expect("a path").into()
}

#[test]
fn runs_are_found_from_anywhere_in_the_package_and_their_paths_can_be_opened() {
    let package = package();
    let root = package.path();
    let [src, deep, member] = ["src", "src/deep", "member/src"].map(|path| root.join(path));
    // `cargo bench`, called in src.
    let begun = contend_in(root, &src, SHORT);
    let page = printed_path(&begun);
    assert_eq!(src.join(&page).canonicalize().expect("it is there"), root.join("reports/index.html"));
    let folder = stderr(&begun)
        .lines()
        .find_map(|line| line.split("records in ").nth(1))
        .expect("a folder")
        .to_owned();
    assert!(src.join(&folder).is_dir(), "{folder}");
    // `cargo bench`, called in the package's folder.
    assert_eq!(printed_path(&contend_in(root, root, &["report"])), Path::new("reports/index.html"));
    // The command itself, called in a folder below.
    for below in [&src, &deep, &member] {
        let page = printed_path(&contend_in(below, below, &["report"]));
        assert_eq!(below.join(&page).canonicalize().expect("it is there"), root.join("reports/index.html"));
    }
    // It measures into the package's folder too, and a member is a package of its own.
    printed_path(&contend_in(&deep, &deep, SHORT));
    assert_eq!(runs(&root.join("reports")).len(), 2);
    printed_path(&contend_in(&member, &member, SHORT));
    assert_eq!(runs(&root.join("member/reports")).len(), 1);
    assert!(!src.join("reports").exists() && !member.join("reports").exists());
    // Runs of outside are none of the package's.
    let outside = tempfile::tempdir().expect("a temporary folder");
    let output = contend_in(outside.path(), outside.path(), &["report"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
}

/// Every command that reads runs, from a folder below the package's.
#[test]
fn every_command_finds_the_runs_of_its_package() {
    let package = package();
    let root = package.path();
    let deep = root.join("src/deep");
    printed_path(&contend_in(root, root, SHORT));
    let run = runs(&root.join("reports")).remove(0);
    let name = run.file_name().expect("a name").to_str().expect("text");
    let commands: [&[&str]; 9] = [
        &["report"],
        &["compare", name, name],
        &["versus", "std::sync::Mutex", "std::sync::RwLock"],
        &["cite", "counter/hot"],
        &["check"],
        &["export", "csv"],
        &["verify"],
        &["merge", name, name, "--into", "merged"],
        &["prune", "--keep=9", "--dry-run"],
    ];
    for command in commands {
        let errors = stderr(&contend_in(&deep, &deep, command));
        let is_lost = ["no run below", "cannot find"].iter().any(|sentence| errors.contains(sentence));
        assert!(!is_lost, "{command:?}: {errors}");
    }
    let help = stdout(&contend_in(root, root, &["--help"]));
    let tried = |name: &str| commands.iter().any(|command| command[0] == name);
    let others = ["run", "schema", "doctor", "completions", "man", "Commands:", "Options:"];
    for name in
        help.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').find(|word| !word.is_empty()))
    {
        assert!(tried(name) || name.starts_with('-') || others.contains(&name), "`{name}` is not tried");
    }
}

/// Cargo starts a bench target in its package's folder, and a path is typed in that of the shell.
#[test]
fn a_path_is_that_of_the_shell() {
    let package = package();
    let root = package.path();
    let deep = root.join("src/deep");
    printed_path(&contend_in(root, root, SHORT));
    let run = runs(&root.join("reports")).remove(0);
    let typed = Path::new("../../reports").join(run.file_name().expect("a name"));
    let typed = typed.to_str().expect("text");
    for folder in [root, &deep] {
        let page = printed_path(&contend_in(folder, &deep, &["report", typed]));
        assert_eq!(page, root.join("reports/index.html"), "the newest run's page is that of all");
    }
    fs::write(deep.join("own.toml"), OWN_CLAIM).expect("it can be written");
    let checked = contend_in(root, &deep, &["check", "own.toml"]);
    assert!(stdout(&checked).contains("Ours."), "{}{}", stdout(&checked), stderr(&checked));
}

/// A claim about the cells of a short run.
const OWN_CLAIM: &str = "[[claim]]\nclaim = \"Ours.\"\nsource = \"us\"\n[[claim.says]]\nin = \"counter/hot\"\n\
                         correct = \"std::sync::Mutex\"\n";

#[test]
fn a_packages_claims_are_found_from_below() {
    let package = package();
    let root = package.path();
    fs::create_dir(root.join("claims")).expect("a folder");
    fs::write(root.join("claims/own.toml"), OWN_CLAIM).expect("it can be written");
    let src = root.join("src");
    printed_path(&contend_in(&src, &src, SHORT));
    let run = runs(&root.join("reports")).remove(0);
    assert_eq!(fs::read_dir(run.join("claims")).expect("claims").count(), 1);
    let checked = contend_in(&src, &src, &["check"]);
    assert!(stdout(&checked).contains("Ours."), "{}{}", stdout(&checked), stderr(&checked));
}

#[test]
fn the_root_of_a_workspace_finds_the_newest_run_of_its_members() {
    let package = package();
    let root = package.path();
    fs::write(root.join("Cargo.toml"), "[workspace]\nmembers = ['mem*', 'other']\n")
        .expect("it can be written");
    let [member, other] = ["member", "other"].map(|name| root.join(name));
    fs::create_dir(&other).expect("a folder");
    fs::write(other.join("Cargo.toml"), "").expect("it can be written");
    let none = contend_in(root, root, &["report"]);
    assert_eq!(none.status.code(), Some(2), "{}", stderr(&none));
    printed_path(&contend_in(&member, root, SHORT));
    assert_eq!(printed_path(&contend_in(root, root, &["report"])), Path::new("member/reports/index.html"));
    std::thread::sleep(std::time::Duration::from_millis(1100)); // starts are in seconds
    printed_path(&contend_in(&other, root, SHORT));
    assert_eq!(printed_path(&contend_in(root, root, &["report"])), Path::new("other/reports/index.html"));
    // A member has its own.
    let page = printed_path(&contend_in(&member, &member, &["report"]));
    assert_eq!(page, Path::new("reports/index.html"));
}

/// The reference run of the workspace was not there for a member's folder, with runs of its own or without.
#[test]
fn a_run_is_found_by_its_name_from_every_package_of_the_workspace() {
    let package = package();
    let [root, member] = [package.path().to_owned(), package.path().join("member")];
    fs::write(root.join("Cargo.toml"), "[workspace]\nmembers = ['member']\n").expect("it can be written");
    printed_path(&contend_in(&root, &root, SHORT));
    let run = runs(&root.join("reports")).remove(0);
    fs::rename(run, root.join("reports/reference")).expect("it can be renamed");
    let cited = |folder: &Path, run: &str| contend_in(folder, folder, &["cite", "counter/hot", "--run", run]);
    let reference = cited(&member, "reference");
    assert!(reference.status.success(), "{}", stderr(&reference));
    printed_path(&contend_in(&member, &member, SHORT));
    assert_eq!(stdout(&cited(&member, "reference")), stdout(&reference));
    let own = runs(&member.join("reports")).remove(0);
    let own = cited(&root, own.file_name().expect("a name").to_str().expect("text"));
    assert!(own.status.success() && stdout(&own) != stdout(&reference), "{}", stderr(&own));
    // Not where the user says where to look.
    let output =
        contend_in(&member, &member, &["cite", "counter/hot", "--run", "reference", "--reports", "other"]);
    assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
}

#[test]
fn a_renamed_run_has_the_name_of_its_folder_and_the_newest_is_by_start() {
    let (reports, run) = short_run();
    let renamed = reports.path().join("zz main");
    fs::rename(&run, &renamed).expect("it can be renamed");
    let output = contend(&["report"], reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    let page = fs::read_to_string(reports.path().join("index.html")).expect("a page");
    assert!(page.contains("zz%20main/"), "the page's links are those of another folder");

    std::thread::sleep(std::time::Duration::from_millis(1100)); // starts are in seconds
    let output = contend(SHORT, reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).trim_end().ends_with(&reports.path().join("index.html").display().to_string()));
    let newest = runs(reports.path()).into_iter().find(|run| *run != renamed).expect("a second run");
    let name = newest.file_name().expect("a name").to_string_lossy().into_owned();
    let page = fs::read_to_string(reports.path().join("index.html")).expect("a page");
    assert!(page.contains(&format!("{name}/")) && page.contains("zz%20main/index.html"), "newest is by name");
    let checked = stdout(&contend(&["check"], reports.path()));
    assert!(checked.contains(&format!("against run {name}")), "{checked}");
    let compared = contend(&["compare", "zz main", &name], reports.path());
    assert!(stdout(&compared).contains("zz main"), "{}{}", stdout(&compared), stderr(&compared));
}

#[test]
fn old_runs_are_pruned_and_the_reference_stays() {
    let (reports, run) = short_run();
    let text = fs::read_to_string(run.join("run.json")).expect("run");
    let start = "\"started\": \"";
    let at = text.find(start).expect("a start") + start.len();
    for (name, year) in [("a", "2021"), ("z", "2020"), ("reference", "2019")] {
        let folder = reports.path().join(name);
        fs::create_dir(&folder).expect("a folder");
        let text = format!("{}{year}{}", &text[..at], &text[at + 4..]);
        fs::write(folder.join("run.json"), text).expect("it can be written");
        fs::copy(run.join("samples.jsonl"), folder.join("samples.jsonl")).expect("it can be copied");
        fs::copy(run.join("index.html"), folder.join("index.html")).expect("it can be copied");
    }
    fs::create_dir(reports.path().join("notes")).expect("a folder");
    // Runs of one build share its executable, which only the last of them frees.
    fs::write(reports.path().join("a/.executable"), vec![0; 30 << 20]).expect("it can be written");
    for other in ["z", "reference"] {
        let (from, to) =
            (reports.path().join("a/.executable"), reports.path().join(other).join(".executable"));
        fs::hard_link(from, to).expect("a second link");
    }
    let names = || {
        let runs = runs(reports.path()).into_iter();
        runs.map(|run| run.file_name().expect("a name").to_string_lossy().into_owned()).collect::<Vec<_>>()
    };
    let own = run.file_name().expect("a name").to_str().expect("text");
    let dry = contend(&["prune", "--keep", "1", "--dry-run"], reports.path());
    assert!(stdout(&dry).contains("would delete"), "{}", stderr(&dry));
    assert!(stdout(&dry).contains("\n1 MB would be freed"), "{}", stdout(&dry));
    fs::remove_file(reports.path().join("reference/.executable")).expect("it was there");
    let dry = contend(&["prune", "--keep", "1", "--dry-run"], reports.path());
    assert!(stdout(&dry).contains("\n31 MB would be freed"), "{}", stdout(&dry));
    assert_eq!(names().len(), 5);
    let pruned = contend(&["prune", "--keep=2"], reports.path());
    assert!(pruned.status.success(), "{}", stderr(&pruned));
    assert!(
        stdout(&pruned).contains("/z (") && stdout(&pruned).contains("2 runs kept"),
        "{}",
        stdout(&pruned)
    );
    assert_eq!(names(), [own, "a", "notes", "reference"]);
    let page = fs::read_to_string(reports.path().join("index.html")).expect("a page");
    assert!(
        page.contains("\"a/index.html\"") && !page.contains("\"z/index.html\""),
        "links to a deleted run"
    );
    contend(&["prune", "--keep=0"], reports.path());
    assert_eq!(names(), ["notes", "reference"]);
    assert!(!reports.path().join("index.html").exists());
    let output = contend(&["prune"], reports.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--keep"), "{}", stderr(&output));
}

/// A run that is measured, one whose `run.json` is damaged, and a folder of somebody else were deleted as old runs.
#[test]
fn prune_deletes_no_folder_that_is_in_use_or_may_be_no_run() {
    let (reports, run) = short_run();
    let at = |name: &str| reports.path().join(name);
    for name in ["damaged", "mine"] {
        fs::create_dir(at(name)).expect("a folder");
    }
    let text = fs::read_to_string(run.join("run.json")).expect("run.json");
    fs::write(at("damaged/run.json"), &text[..text.len() / 2]).expect("it can be written");
    fs::write(at("mine/run.json"), "{\"name\": \"mine\"}").expect("it can be written");
    fs::write(at("mine/thesis.txt"), "years").expect("it can be written");
    let held = fs::File::create(run.join(".lock")).expect("a file");
    held.lock().expect("it is free");
    fs::write(run.join(".lock"), "process 4711 since then").expect("it can be written");
    for more in [&["--dry-run"][..], &[]] {
        let output = contend(&[&["prune", "--keep=0"], more].concat(), reports.path());
        let said = stderr(&output);
        assert!(output.status.success() && stdout(&output).contains("3 runs kept"), "{}", stdout(&output));
        for named in
            ["/damaged, which may be no run: ", "/mine, which may be no run: ", "process 4711 since then"]
        {
            assert!(said.contains(named), "{named}: {said}");
        }
        assert!(run.is_dir() && at("damaged").is_dir() && at("mine/thesis.txt").is_file());
    }
    drop(held);
    let output = contend(&["prune", "--keep=0"], reports.path());
    assert!(output.status.success() && stdout(&output).contains("2 runs kept"), "{}", stderr(&output));
    assert!(!run.exists() && at("damaged").is_dir() && at("mine/thesis.txt").is_file());
}

/// Linux allows any bytes in a name.
#[test]
#[cfg(target_os = "linux")]
fn a_folder_whose_name_is_no_text_has_its_page() {
    use std::os::unix::ffi::OsStrExt;

    let (reports, run) = short_run();
    let renamed = reports.path().join(std::ffi::OsStr::from_bytes(b"r\xff"));
    fs::rename(&run, &renamed).expect("it can be renamed");
    fs::remove_file(renamed.join("index.html")).expect("a page");
    let output = contend(&["report"], reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(renamed.join("index.html").is_file());
    let index = fs::read_to_string(reports.path().join("index.html")).expect("a page");
    assert!(index.contains("href=\"./r%FF/"), "its links lead elsewhere");
    let output = contend(&["prune", "--keep=1"], reports.path());
    assert!(output.status.success() && stdout(&output).contains("1 run kept"), "{}", stderr(&output));
}

#[test]
fn git_ignores_runs_and_not_the_reference() {
    let repository = tempfile::tempdir().expect("a temporary folder");
    let git = |args: &[&str]| {
        let output =
            Command::new("git").args(args).current_dir(repository.path()).output().expect("git is installed");
        assert!(output.status.success(), "{args:?}: {}", stderr(&output));
        stdout(&output)
    };
    git(&["init", "--quiet"]);
    let reports = repository.path().join("reports");
    let output = contend(SHORT, &reports);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(git(&["status", "--porcelain", "--untracked-files=all"]), "");
    let reference = reports.join("reference");
    fs::create_dir(&reference).expect("a folder");
    fs::write(reference.join("run.json"), "{}").expect("it can be written");
    assert_eq!(git(&["status", "--porcelain", "--untracked-files=all"]), "?? reports/reference/run.json\n");
    // A user who commits runs deletes the rules, and they stay deleted.
    fs::remove_file(reports.join(".gitignore")).expect("it was there");
    contend(SHORT, &reports);
    assert!(!reports.join(".gitignore").exists());
}

/// Cargo reads a relative target folder from the folder of the shell, and starts a bench target in its package's.
#[test]
fn criterions_folder_is_in_cargos_target_folder() {
    let package = package();
    let root = package.path();
    let run =
        ["run", "counter/hot/std::sync::Mutex", "--threads=1", "--forks=16", "--rounds=1", "--window=1ms"];
    let with = |shell: &str, name: &str, value: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_contend"));
        command.args(run).current_dir(root).env("PWD", root.join(shell)).env_remove("CRITERION_HOME");
        command.env_remove("CARGO_TARGET_DIR").env(name, value);
        let output = command.output().expect("contend starts");
        assert!(output.status.success(), "{}", stderr(&output));
    };
    with("src", "CARGO_TARGET_DIR", "../shared");
    assert!(root.join("shared/criterion/counter_hot").is_dir());
    with("src/deep", "CARGO_BUILD_TARGET_DIR", "there");
    assert!(root.join("src/deep/there/criterion/counter_hot").is_dir());
    let absolute = root.join("absolute").display().to_string();
    with("src", "CARGO_TARGET_DIR", &absolute);
    assert!(root.join("absolute/criterion/counter_hot").is_dir());
}

/// With a build folder of its own, cargo puts the executables of benches there.
#[test]
fn a_build_folder_is_not_cargos_target_folder() {
    for (shell, build) in [("", "bd"), ("src", "src/bd")] {
        let package = package();
        let root = package.path();
        let manifest = "[package]\nname = 'own'\nversion = '0.1.0'\n[lib]\npath = 'src/deep/lib.rs'\n";
        fs::write(root.join("Cargo.toml"), manifest).expect("it can be written");
        let deps = root.join(build).join("release/deps");
        fs::create_dir_all(&deps).expect("a folder");
        fs::write(root.join(build).join("CACHEDIR.TAG"), "").expect("it can be written");
        let bench = deps.join("contend-0123456789abcdef");
        fs::copy(env!("CARGO_BIN_EXE_contend"), &bench).expect("it can be copied");
        let mut command = Command::new(&bench);
        command.args(["run", "counter/hot/std::sync::Mutex", "--threads=1", "--forks=10"]);
        command.args(["--rounds=1", "--window=1ms"]).current_dir(root).env("PWD", root.join(shell));
        command
            .env_remove("CRITERION_HOME")
            .env_remove("CARGO_TARGET_DIR")
            .env("CARGO_BUILD_BUILD_DIR", "bd");
        let output = command.output().expect("contend starts");
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(root.join("target/criterion").is_dir(), "criterion's folder is in the build folder");
        assert!(!root.join(build).join("criterion").exists());
    }
}
