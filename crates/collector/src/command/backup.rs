//! `candor backup` and `candor restore`: the whole installation into one file, and back. The file is as secret as the data.
//! Refuses to overwrite: neither a backup that is there, nor a data folder that is not empty. Read next: `backup.rs`.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;

use super::place::{Failure, Place, finish};
use crate::{
    backup,
    clock::{Clock, SystemClock},
};

#[derive(Debug, Args)]
pub struct BackupArguments {
    /// The file to write, mode 600
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub struct RestoreArguments {
    /// A file that `candor backup` wrote
    file: PathBuf,
    /// An empty folder; made when missing
    #[arg(long, env = "CANDOR_DATA", value_name = "DIR", default_value = "data")]
    data: PathBuf,
}

pub fn back_up(BackupArguments { to, place }: BackupArguments) -> ExitCode {
    finish("backup", async {
        let config = place.decide_existing()?;
        backup::write(&config.data, &config.database, &to, SystemClock.now()).await?;
        Ok(String::new())
    })
}

pub fn restore(RestoreArguments { file, data }: RestoreArguments) -> ExitCode {
    finish("restore", async {
        let manifest = backup::restore(&file, &data).await.map_err(Failure::from)?;
        Ok(format!(
            "restored as of {}\nerase again whoever was erased since, revoke again what was revoked: docs/backup.md\n",
            manifest.created
        ))
    })
}
