//! The layer between the program and the system (`shim.c`): compiled once, loaded into the program, and worked by switches.
//! With it a disk forgets what was not synced, refuses to sync, or is full, and the clock jumps.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

const SOURCE: &str = include_str!("shim.c");

/// What the layer is told, and what it counts; the order is that of `struct switches` in `shim.c`.
#[derive(Clone, Copy)]
enum Switch {
    SyncsFail,
    SyncMs,
    ClockMs,
    DiskIsFinite,
    FreeBytes,
    Syncs,
    FailedSyncs,
    RefusedWrites,
}

const SWITCHES: u64 = 8;

/// The compiled layer.
#[derive(Clone, Debug)]
pub(crate) struct Library(PathBuf);

impl Library {
    /// Compiles the layer into a folder beside the harness, under `target`.
    ///
    /// # Errors
    /// What the compiler says, or that there is none.
    pub(crate) fn compile() -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("shim.c can't be compiled: {error}");
        let folder = std::env::current_exe().map_err(failed)?.with_file_name("torture-shim");
        std::fs::create_dir_all(&folder).map_err(failed)?;
        // Under a name of its own first: another run may have the old one loaded.
        let own = folder.join(std::process::id().to_string());
        let (source, fresh, library) = (own.with_extension("c"), own.with_extension("so"), folder.join("shim.so"));
        std::fs::write(&source, SOURCE).map_err(failed)?;
        let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
        let flags = ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-shared", "-fPIC", "-o"];
        let compiled =
            Command::new(&compiler).args(flags).arg(&fresh).arg(&source).args(["-ldl", "-lpthread"]).output();
        let _ = std::fs::remove_file(source);
        let compiled = compiled.map_err(|error| format!("shim.c needs a C compiler ({compiler}: {error})"))?;
        if !compiled.status.success() {
            return Err(format!("shim.c can't be compiled: {}", String::from_utf8_lossy(&compiled.stderr)));
        }
        std::fs::rename(fresh, &library).map_err(failed)?;
        Ok(Self(library))
    }
}

/// The layer for one town.
pub(crate) struct Shim {
    library: PathBuf,
    folder: TempDir,
    switches: File,
}

impl Shim {
    /// A layer that does nothing yet but keep what is synced.
    ///
    /// # Errors
    /// What the system says when its folder can't be made.
    pub(crate) fn new(library: &Library) -> Result<Self, String> {
        let made = || -> std::io::Result<Self> {
            let folder = tempfile::tempdir()?;
            let switches =
                File::options().read(true).write(true).create_new(true).open(folder.path().join("switches"))?;
            switches.set_len(SWITCHES * 8)?;
            Ok(Self { library: library.0.clone(), folder, switches })
        };
        made().map_err(|error| format!("the shim has no folder: {error}"))
    }

    /// From now on every sync fails (EIO), or no longer.
    pub(crate) fn lets_syncs_fail(&self, fail: bool) {
        self.set(Switch::SyncsFail, i64::from(fail));
    }

    /// From now on every sync takes at least so long.
    pub(crate) fn lets_syncs_take_ms(&self, ms: i64) {
        self.set(Switch::SyncMs, ms);
    }

    /// From now on the wall clock is ahead by so much; behind, where it is negative.
    pub(crate) fn sets_clock_ahead_ms(&self, ms: i64) {
        self.set(Switch::ClockMs, ms);
    }

    /// From now on the files may grow by so much in all (ENOSPC); `None` for a disk without end.
    pub(crate) fn leaves_free_bytes(&self, bytes: Option<i64>) {
        self.set(Switch::FreeBytes, bytes.unwrap_or_default());
        self.set(Switch::DiskIsFinite, i64::from(bytes.is_some()));
    }

    /// How many syncs were kept.
    pub(crate) fn syncs(&self) -> i64 {
        self.get(Switch::Syncs)
    }

    /// How many syncs failed.
    pub(crate) fn failed_syncs(&self) -> i64 {
        self.get(Switch::FailedSyncs)
    }

    /// How many writes found no space.
    pub(crate) fn refused_writes(&self) -> i64 {
        self.get(Switch::RefusedWrites)
    }

    /// The variables that load the layer into a program with its data in this folder.
    pub(crate) fn variables(&self, data: &Path) -> [(&'static str, PathBuf); 4] {
        [
            ("LD_PRELOAD", self.library.clone()),
            // The system names files without links on the way.
            ("TORTURE_DATA", data.canonicalize().unwrap_or_else(|_| data.to_owned())),
            ("TORTURE_DURABLE", self.durable()),
            ("TORTURE_SWITCHES", self.folder.path().join("switches")),
        ]
    }

    /// Takes what is there before a start for durable: the disk had all the time it needs.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn is_set_up_for(&self, data: &Path) -> Result<(), String> {
        let set_up = || -> std::io::Result<()> {
            std::fs::create_dir_all(data)?;
            if self.durable().exists() {
                std::fs::remove_dir_all(self.durable())?;
            }
            copy_files(data, &self.durable())
        };
        set_up().map_err(|error| format!("the durable copies can't be made: {error}"))
    }

    /// Puts what was synced in the place of what was written; the program must be gone.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn puts_back_what_was_synced(&self, data: &Path) -> Result<(), String> {
        let put_back = || -> std::io::Result<()> {
            for file in std::fs::read_dir(data)? {
                let file = file?;
                if file.file_type()?.is_file() && !self.durable().join(file.file_name()).exists() {
                    std::fs::remove_file(file.path())?;
                }
            }
            // After a power cut the files are the same ones.
            copy_files(&self.durable(), data)
        };
        put_back().map_err(|error| format!("what was synced can't be put back: {error}"))
    }

    fn durable(&self) -> PathBuf {
        self.folder.path().join("durable")
    }

    fn set(&self, switch: Switch, value: i64) {
        self.switches.write_all_at(&value.to_ne_bytes(), switch as u64 * 8).expect("the switches are a file of ours");
    }

    fn get(&self, switch: Switch) -> i64 {
        let mut value = [0; 8];
        self.switches.read_exact_at(&mut value, switch as u64 * 8).expect("the switches are a file of ours");
        i64::from_ne_bytes(value)
    }
}

/// Copies the files of a folder, without the index that SQLite keeps in shared memory: it never outlives a crash. Folders in it
/// hold what messages carry; nobody sends any here.
fn copy_files(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for file in std::fs::read_dir(from)? {
        let file = file?;
        if file.file_type()?.is_file() && !file.file_name().to_string_lossy().ends_with("-shm") {
            std::fs::copy(file.path(), to.join(file.file_name()))?;
        }
    }
    Ok(())
}
