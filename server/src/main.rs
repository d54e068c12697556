//! The program `madang`: command line, logging, listen, run until signalled.

use std::io::IsTerminal;
use std::process::ExitCode;

use server::clock::Clock;
use server::config::{Command, CommandLine, Moderator, Serve};
use server::moderator::make_code;
use server::room::Patience;
use server::{Ended, Madang};
use tikv_jemallocator::Jemalloc;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::filter::{ParseError, Targets};
use tracing_subscriber::prelude::*;
use tracing_subscriber::{fmt, registry};

/// A crowd that arrives asks less of the system, and a connection keeps less memory, than with the C library's allocator.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    let config = match CommandLine::read() {
        Command::Serve(config) => *config,
        Command::Moderator(wanted) => return print_code(&wanted),
    };
    server::fault::plan(&config);
    if let Err(error) = log(&config) {
        eprintln!("madang: --log {}: {error}", config.log);
        return ExitCode::FAILURE;
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("madang: the system gives no threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    runtime.block_on(run(config))
}

async fn run(config: Serve) -> ExitCode {
    let madang = match Madang::start(config, Clock::system(), Patience::default()).await {
        Ok(madang) => madang,
        Err(error) => {
            eprintln!("madang: {error}");
            return ExitCode::FAILURE;
        }
    };
    // Before anyone learns that it is open, so that whoever ends it right away ends it in order.
    let signalled = until_signalled();
    println!("Madang is open at http://{}", madang.address());
    match madang.serve(signalled).await {
        Ended::ByChoice => ExitCode::SUCCESS,
        Ended::StoreFailed => {
            eprintln!(
                "madang: the database could not be written. Look at the disk, then start again; nothing that was confirmed is lost."
            );
            ExitCode::FAILURE
        }
        Ended::TaskFailed => {
            eprintln!(
                "madang: a part of the program failed; the log says where. Start it again; nothing that was confirmed is lost."
            );
            ExitCode::FAILURE
        }
    }
}

/// For whoever runs the program, on their own screen.
fn print_code(wanted: &Moderator) -> ExitCode {
    match make_code(&wanted.data, &wanted.room, &Clock::system()) {
        Ok(code) => {
            println!(
                "Within 15 minutes, walk in and type this code at /moderator to moderate /rooms/{}:\n\n    {code}\n",
                wanted.room
            );
            ExitCode::SUCCESS
        }
        Err(cause) => {
            eprintln!(
                "madang: the data folder {} can't be written ({cause}). Say with --data which one the program serves from.",
                wanted.data.display()
            );
            ExitCode::FAILURE
        }
    }
}

fn log(config: &Serve) -> Result<(), ParseError> {
    let filter: Targets = config.log.parse()?;
    let lines = fmt::layer().with_target(false).with_ansi(std::io::stderr().is_terminal()).with_writer(std::io::stderr);
    registry().with(lines).with(filter).init();
    Ok(())
}

/// Resolves on the first SIGINT or SIGTERM from this call on.
fn until_signalled() -> impl Future<Output = ()> + Send + 'static {
    let signals = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    async {
        let (Ok(mut interrupt), Ok(mut terminate)) = signals else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}
