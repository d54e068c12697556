//! The disk is full while people send, and has space again later: what was acknowledged is there, and what was not waits and
//! is sent again. A real small tmpfs where one may be mounted; elsewhere writes are refused (ENOSPC) by the shim.

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::time::sleep;

use crate::crowd::Crowd;
use crate::person::Habits;
use crate::proxy::Proxy;
use crate::stage::Stage;
use crate::town::Town;

/// How large the disk is, and how much space it has again after it was full.
const DISK_BYTES: u64 = 64 * 1024 * 1024;
/// How much is left when people begin to fill it.
const LEFT_BYTES: u64 = 1024 * 1024;
/// How long a message is, so that the disk is soon full.
const PADDING: usize = 4_000;
/// How long it may take until the disk is full.
const FULL_WITHIN: Duration = Duration::from_secs(30);

/// Runs the scenario.
pub(crate) async fn run(stage: &mut Stage) -> Result<(), String> {
    let (mut town, disk) = town_on_a_small_disk(stage).await?;
    stage.report.notes(if disk.is_some() { "on a tmpfs" } else { "with writes refused by the shim" });
    let proxy = Proxy::open(town.address, stage.dice.named("proxy")).await.map_err(|error| error.to_string())?;
    let crowd = Crowd::walks_in(&town, proxy.address, stage.size(8, 20), Habits::default(), &stage.dice).await?;
    for _ in 0..stage.size(2, 10) {
        fill(&town, disk.as_ref())?;
        let began = Instant::now();
        let (mut acknowledged, mut when) = (crowd.acknowledged(), Instant::now());
        // It is full once the program gives up, or acknowledges nothing more.
        while !town.has_ended() && when.elapsed() < Duration::from_secs(2) {
            crowd.writes(1, PADDING);
            sleep(Duration::from_millis(50)).await;
            if crowd.acknowledged() > acknowledged {
                (acknowledged, when) = (crowd.acknowledged(), Instant::now());
            }
            if began.elapsed() > FULL_WITHIN {
                return Err("the disk does not get full".to_owned());
            }
        }
        stage.report.notes(if town.has_ended() { "stopped" } else { "took nothing more" });
        if disk.is_none() {
            let refused = town.shim().refused_writes();
            stage.report.demands(refused > 0, || "no write was refused".to_owned());
        }
        make_space(&town, disk.as_ref())?;
        if town.has_ended() {
            town.is_killed();
            town.starts().await?;
        }
        crowd.settles().await?;
    }
    crowd.compares_with(&mut town, &mut stage.report).await
}

/// A town on a tmpfs, or in a common folder with the shim.
async fn town_on_a_small_disk(stage: &Stage) -> Result<(Town, Option<Disk>), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    match Disk::mount(&folder) {
        Some(disk) => Ok((Town::open_in(&stage.program, None, folder, disk.data()).await?, Some(disk))),
        None => Ok((stage.town_with_shim().await?, None)),
    }
}

/// Leaves so little space that it is soon gone.
fn fill(town: &Town, disk: Option<&Disk>) -> Result<(), String> {
    match disk {
        Some(disk) => disk.leaves(LEFT_BYTES),
        None => {
            town.shim().leaves_free_bytes(Some(LEFT_BYTES as i64));
            Ok(())
        }
    }
}

fn make_space(town: &Town, disk: Option<&Disk>) -> Result<(), String> {
    match disk {
        Some(disk) => disk.leaves(DISK_BYTES),
        None => {
            town.shim().leaves_free_bytes(None);
            Ok(())
        }
    }
}

/// A small tmpfs; unmounted when it is dropped.
struct Disk(PathBuf);

impl Disk {
    fn mount(folder: &TempDir) -> Option<Self> {
        let place = folder.path().join("disk");
        std::fs::create_dir(&place).ok()?;
        is_done(Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={DISK_BYTES}"), "none"]).arg(&place))
            .then_some(Self(place))
    }

    fn data(&self) -> PathBuf {
        self.0.join("data")
    }

    /// From now on there is so much space besides what is taken.
    fn leaves(&self, bytes: u64) -> Result<(), String> {
        let files = std::fs::read_dir(self.data()).map_err(|error| error.to_string())?;
        let taken: u64 = files.flatten().filter_map(|file| file.metadata().ok()).map(|meta| meta.blocks() * 512).sum();
        let size = format!("remount,size={}", taken + bytes);
        let is_done = is_done(Command::new("mount").args(["-o", &size]).arg(&self.0));
        if is_done { Ok(()) } else { Err("the tmpfs can't be made larger or smaller".to_owned()) }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily, for the program may still have files open there.
        is_done(Command::new("umount").arg("-l").arg(&self.0));
    }
}

fn is_done(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}
