//! The command line and the environment; nothing else reads either.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use app::allowance::Allowance;
use app::room::Slug;
use app::{member, message, room};
use clap::builder::RangedI64ValueParser;
use clap::{Args, Parser, Subcommand, value_parser};

use crate::room::Most;

/// A million bytes, as disks and browsers count.
pub(crate) const MEGABYTE: i64 = 1_000_000;
/// No length can be set lower.
const SHORTEST: i64 = 10;

/// Madang (마당), group chat in one program.
#[derive(Debug, Parser)]
#[command(name = "madang", version, args_conflicts_with_subcommands = true)]
pub struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

/// What the program is to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the chat (what the program does when nothing is said)
    Serve(Box<Serve>),
    /// Print a code with which somebody becomes the moderator of a public room, as of the first one, which nobody has made
    Moderator(Moderator),
}

/// For which room a code is printed.
#[derive(Clone, Debug, Args)]
pub struct Moderator {
    /// The folder with the database of the program that serves
    #[arg(long, env = "MADANG_DATA", default_value = "./data", value_name = "FOLDER")]
    pub data: PathBuf,
    /// The room, as in its address /rooms/madang
    #[arg(long, default_value = room::FIRST_ROOM, value_parser = public_room, value_name = "ROOM")]
    pub room: Slug,
}

/// How to serve.
#[derive(Clone, Debug, Args)]
pub struct Serve {
    /// The address to listen on; port 0 takes a free one
    #[arg(long, env = "MADANG_LISTEN", default_value = "127.0.0.1:3000", value_name = "ADDRESS")]
    pub listen: SocketAddr,
    /// The folder with the database; made if it is not there
    #[arg(long, env = "MADANG_DATA", default_value = "./data", value_name = "FOLDER")]
    pub data: PathBuf,
    /// Another origin (scheme and host) that the pages may be reached under; for proxies that change the Host header
    #[arg(long = "allow-origin", env = "MADANG_ALLOW_ORIGIN", value_delimiter = ',', value_parser = origin, value_name = "ORIGIN")]
    pub allow_origin: Vec<String>,
    /// How many public and private rooms there may be
    #[arg(long, env = "MADANG_MAX_ROOMS", default_value_t = 1_000, value_name = "NUMBER")]
    pub max_rooms: usize,
    /// How many public and private rooms a person may make
    #[arg(long, env = "MADANG_ROOMS_PER_PERSON", default_value_t = 100, value_name = "NUMBER")]
    pub rooms_per_person: usize,
    /// How many direct rooms a person may start
    #[arg(long, env = "MADANG_DIRECT_ROOMS_PER_PERSON", default_value_t = 1_000, value_name = "NUMBER")]
    pub direct_rooms_per_person: usize,
    /// How many people may be in a private room
    #[arg(long, env = "MADANG_MEMBERS_PER_ROOM", default_value_t = 1_000, value_name = "NUMBER")]
    pub members_per_room: usize,
    /// How many messages may be pinned to a room
    #[arg(long, env = "MADANG_PINS_PER_ROOM", default_value_t = 100, value_name = "NUMBER")]
    pub pins_per_room: usize,
    /// How many people there may be
    #[arg(long, env = "MADANG_MAX_PEOPLE", default_value_t = 100_000, value_name = "NUMBER")]
    pub max_people: i64,
    /// In a room of so many people everyone may call all of them, with @here and @room
    #[arg(long, env = "MADANG_CALL_ALL_UP_TO", default_value_t = 50, value_name = "NUMBER")]
    pub call_all_up_to: usize,
    /// How long a message may be, in characters
    #[arg(long, env = "MADANG_MESSAGE_LENGTH", default_value_t = message::MAX_GRAPHEMES as u32, value_parser = up_to(message::MAX_GRAPHEMES), value_name = "NUMBER")]
    pub message_length: u32,
    /// How long a person's name may be, in characters
    #[arg(long, env = "MADANG_NAME_LENGTH", default_value_t = member::MAX_GRAPHEMES as u32, value_parser = up_to(member::MAX_GRAPHEMES), value_name = "NUMBER")]
    pub name_length: u32,
    /// How long a room's name may be, in characters
    #[arg(long, env = "MADANG_ROOM_NAME_LENGTH", default_value_t = room::MAX_GRAPHEMES as u32, value_parser = up_to(room::MAX_GRAPHEMES), value_name = "NUMBER")]
    pub room_name_length: u32,
    /// How long a room's topic may be, in characters
    #[arg(long, env = "MADANG_TOPIC_LENGTH", default_value_t = room::MAX_TOPIC_GRAPHEMES as u32, value_parser = up_to(room::MAX_TOPIC_GRAPHEMES), value_name = "NUMBER")]
    pub topic_length: u32,
    /// How many messages a second a person may send on the average
    #[arg(long, env = "MADANG_MESSAGES_PER_SECOND", default_value_t = 10, value_name = "NUMBER")]
    pub messages_per_second: u32,
    /// How many messages a person may send at once
    #[arg(long, env = "MADANG_MESSAGE_BURST", default_value_t = 20, value_name = "NUMBER")]
    pub message_burst: u32,
    /// How many times a second a person may have a text shown as others will see it
    #[arg(long, env = "MADANG_PREVIEWS_PER_SECOND", default_value_t = 4, value_name = "NUMBER")]
    pub previews_per_second: u32,
    /// How many times a second a person may look for rooms and people on the average, once for each key while they type
    #[arg(long, env = "MADANG_LOOKUPS_PER_SECOND", default_value_t = 10, value_name = "NUMBER")]
    pub lookups_per_second: u32,
    /// How many times at once
    #[arg(long, env = "MADANG_LOOKUP_BURST", default_value_t = 50, value_name = "NUMBER")]
    pub lookup_burst: u32,
    /// How many messages of a person may wait to be sent later
    #[arg(long, env = "MADANG_SCHEDULED_PER_PERSON", default_value_t = 100, value_name = "NUMBER")]
    pub scheduled_per_person: usize,
    /// How many days ahead a message may be sent later
    #[arg(long, env = "MADANG_SCHEDULE_DAYS", default_value_t = 366, value_name = "DAYS")]
    pub schedule_days: u32,
    /// How many sockets (tabs, programs) a person may have open
    #[arg(long, env = "MADANG_SOCKETS_PER_PERSON", default_value_t = 20, value_name = "NUMBER")]
    pub sockets_per_person: usize,
    /// How many sockets may be open from one address (IPv6: one network of 64 bits)
    #[arg(long, env = "MADANG_SOCKETS_PER_ADDRESS", default_value_t = 200, value_name = "NUMBER")]
    pub sockets_per_address: usize,
    /// How many connections may be at the door: those that are no sockets (yet)
    #[arg(long, env = "MADANG_DOOR_CONNECTIONS", default_value_t = 1_000, value_name = "NUMBER")]
    pub door_connections: usize,
    /// How many of them may come from one address, where no proxy stands before Madang
    #[arg(long, env = "MADANG_DOOR_CONNECTIONS_PER_ADDRESS", default_value_t = 200, value_name = "NUMBER")]
    pub door_connections_per_address: usize,
    /// How many people may walk in, and rooms be made, from one address in a minute
    #[arg(long, env = "MADANG_ARRIVALS_PER_MINUTE", default_value_t = 60, value_name = "NUMBER")]
    pub arrivals_per_minute: u32,
    /// Show title and description of the first page that a message links to; the server fetches it
    #[arg(long, env = "MADANG_LINK_PREVIEWS")]
    pub link_previews: bool,
    /// For how many links a minute a person gets a preview
    #[arg(long, env = "MADANG_LINK_PREVIEWS_PER_PERSON", default_value_t = 20, value_name = "NUMBER")]
    pub link_previews_per_person: u32,
    /// For how many links a minute pages are fetched at all
    #[arg(long, env = "MADANG_LINK_PREVIEWS_PER_MINUTE", default_value_t = 300, value_name = "NUMBER")]
    pub link_previews_per_minute: u32,
    /// Where pages are fetched from although nobody may: for tests, whose sites are on their own machine. Only a debug build
    /// takes it from the command line
    #[cfg_attr(debug_assertions, arg(long, hide = true, value_delimiter = ',', value_name = "ADDRESS"))]
    #[cfg_attr(not(debug_assertions), arg(skip))]
    pub link_preview_sites: Vec<SocketAddr>,
    /// A proxy stands before Madang: take a visitor's address from the last entry of X-Forwarded-For
    #[arg(long, env = "MADANG_BEHIND_PROXY")]
    pub behind_proxy: bool,
    /// Close /ws/plain, which anyone may walk through who has nothing but a name
    #[arg(long, env = "MADANG_NO_PLAIN")]
    pub no_plain: bool,
    /// Where files are kept, if not in the data folder: another folder, as file:///srv/files, or a bucket, as s3://bucket/prefix,
    /// with region, endpoint and keys in the usual AWS_ variables
    #[arg(long, env = "MADANG_FILES_AT", hide_env_values = true, value_name = "URL")]
    pub files_at: Option<String>,
    /// How that bucket is reached. Variables alone say it: what stands on a command line can be read by everyone on the machine.
    #[arg(skip)]
    pub aws: Aws,
    /// How many files a message may carry
    #[arg(long, env = "MADANG_MAX_FILES", default_value_t = 10, value_name = "NUMBER")]
    pub max_files: u32,
    /// How large a file may be, in megabytes
    #[arg(long, env = "MADANG_MAX_FILE_MB", default_value_t = 100, value_name = "MB")]
    pub max_file_mb: u32,
    /// How many megabytes of a person's files may be on their way or wait to be sent
    #[arg(long, env = "MADANG_MAX_WAITING_MB", default_value_t = 2_000, value_name = "MB")]
    pub max_waiting_mb: u32,
    /// How many of a person's files may be on their way or wait to be sent
    #[arg(long, env = "MADANG_MAX_WAITING_FILES", default_value_t = 100, value_name = "NUMBER")]
    pub max_waiting_files: u32,
    /// How many files of a person may come at the same moment
    #[arg(long, env = "MADANG_UPLOADS_AT_ONCE", default_value_t = 6, value_name = "NUMBER")]
    pub uploads_at_once: usize,
    /// How many million pixels a picture may have that is shown; a larger one is something to download
    #[arg(long, env = "MADANG_PICTURE_MEGAPIXELS", default_value_t = 50, value_name = "NUMBER")]
    pub picture_megapixels: u32,
    /// How many megabytes a picture may have that is shown
    #[arg(long, env = "MADANG_PICTURE_MB", default_value_t = 40, value_name = "MB")]
    pub picture_mb: u32,
    /// How many megabytes of memory all pictures that are being decoded may take; one that needs more alone is something to download
    #[arg(long, env = "MADANG_PICTURE_MEMORY_MB", default_value_t = 512, value_parser = value_parser!(u32).range(64..=1_000_000), value_name = "MB")]
    pub picture_memory_mb: u32,
    /// After how many hours a file that was not sent is thrown away
    #[arg(long, env = "MADANG_UPLOAD_HOURS", default_value_t = 24, value_name = "HOURS")]
    pub upload_hours: u32,
    /// How many megabytes of the disk files leave free
    #[arg(long, env = "MADANG_KEEP_FREE_MB", default_value_t = 500, value_name = "MB")]
    pub keep_free_mb: u32,
    /// What to log, as in RUST_LOG: error, warn, info, debug, or by module
    #[arg(long, env = "MADANG_LOG", default_value = "info", value_name = "FILTER")]
    pub log: String,
    /// Set by `cargo leptos watch`: pages reload themselves when the code changes
    #[arg(long, env = "LEPTOS_WATCH", hide = true, num_args = 0..=1, default_missing_value = "ON")]
    pub watch: Option<String>,
    /// Break a promise on purpose, so that bin/torture can see that it is noticed
    #[cfg(feature = "faults")]
    #[arg(long, value_enum, value_name = "FAULT")]
    pub fault: Option<crate::fault::Fault>,
}

impl CommandLine {
    /// Reads the command line and the environment; answers `--help`, `--version` and mistakes itself.
    pub fn read() -> Command {
        let line = Self::parse();
        let mut command = line.command.unwrap_or_else(|| Command::Serve(Box::new(line.serve)));
        if let Command::Serve(serve) = &mut command {
            serve.aws = Aws::read();
        }
        command
    }
}

/// The variables that begin with `AWS_`, keys among them: whoever prints this sees their names.
#[derive(Clone, Default)]
pub struct Aws(pub Vec<(String, String)>);

impl Aws {
    fn read() -> Self {
        let texts =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self(texts.filter(|(name, _)| name.starts_with("AWS_")).collect())
    }
}

impl fmt::Debug for Aws {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl Serve {
    /// The settings of a test: a free port, this folder, limits that nobody reaches by chance.
    pub fn in_folder(data: PathBuf) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data,
            allow_origin: Vec::new(),
            max_rooms: 1_000,
            rooms_per_person: 1_000,
            direct_rooms_per_person: 1_000,
            members_per_room: 1_000,
            pins_per_room: 100,
            max_people: 100_000,
            call_all_up_to: 50,
            message_length: message::MAX_GRAPHEMES as u32,
            name_length: member::MAX_GRAPHEMES as u32,
            room_name_length: room::MAX_GRAPHEMES as u32,
            topic_length: room::MAX_TOPIC_GRAPHEMES as u32,
            messages_per_second: 1_000_000,
            message_burst: 1_000_000,
            previews_per_second: 1_000_000,
            lookups_per_second: 1_000_000,
            lookup_burst: 1_000_000,
            scheduled_per_person: 100,
            schedule_days: 366,
            sockets_per_person: 1_000,
            sockets_per_address: 10_000,
            door_connections: 1_000,
            door_connections_per_address: 200,
            arrivals_per_minute: 100_000,
            link_previews: false,
            link_previews_per_person: 1_000_000,
            link_previews_per_minute: 1_000_000,
            link_preview_sites: Vec::new(),
            behind_proxy: false,
            no_plain: false,
            files_at: None,
            aws: Aws::default(),
            max_files: 10,
            max_file_mb: 100,
            max_waiting_mb: 2_000,
            max_waiting_files: 100,
            uploads_at_once: 6,
            picture_megapixels: 50,
            picture_mb: 40,
            picture_memory_mb: 512,
            upload_hours: 24,
            keep_free_mb: 0,
            log: "info".to_owned(),
            watch: None,
            #[cfg(feature = "faults")]
            fault: None,
        }
    }
}

impl Serve {
    /// How much one may write and attach.
    pub fn allowance(&self) -> Allowance {
        Allowance {
            message: self.message_length,
            name: self.name_length,
            room_name: self.room_name_length,
            topic: self.topic_length,
            files: self.max_files.min(message::MAX_FILES as u32),
            file_bytes: i64::from(self.max_file_mb) * MEGABYTE,
            call_all: u32::try_from(self.call_all_up_to).unwrap_or(u32::MAX),
        }
    }

    /// How many rooms there may be, and members and pinned messages of one.
    pub fn most(&self) -> Most {
        Most {
            rooms: self.max_rooms,
            rooms_of_person: self.rooms_per_person,
            direct_rooms_of_person: self.direct_rooms_per_person,
            members: self.members_per_room,
            pins: self.pins_per_room,
        }
    }
}

/// A length between the shortest that leaves something to say and what the format holds.
fn up_to(most: usize) -> RangedI64ValueParser<u32> {
    value_parser!(u32).range(SHORTEST..=most as i64)
}

fn public_room(typed: &str) -> Result<Slug, String> {
    let room = Slug::from(typed);
    let is_one = room.is_public() && !typed.is_empty() && !typed.contains(char::is_whitespace);
    if is_one { Ok(room) } else { Err("this is no address of a public room".to_owned()) }
}

/// An origin as browsers name it (RFC 6454, section 6.2).
fn origin(text: &str) -> Result<String, String> {
    let authority = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match authority {
        Some(authority) if !authority.is_empty() && !authority.contains(['/', '?', '#', '@', ' ']) => {
            Ok(text.to_owned())
        }
        _ => Err("an origin is a scheme and a host and nothing behind them, as https://chat.example.org".to_owned()),
    }
}
