//! The servers that are measured: how each is started, and what it understands.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::dialect::{Dialect, XMPP_HOST, XMPP_ROOMS};
use crate::process::Start;

/// A server that can be started.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    /// Its name on the command line and in file names.
    pub(crate) key: &'static str,
    /// What it is called in the tables.
    pub(crate) label: &'static str,
    /// What it understands.
    pub(crate) dialect: Dialect,
    /// Its version, as it says itself; empty where it is not there.
    pub(crate) version: String,
    /// The most people that it lets into one room in a time that can be waited for.
    pub(crate) most_in_a_room: usize,
    words: Vec<String>,
    /// The text of its file of settings, where it needs one.
    settings: Option<&'static str>,
}

/// Limits that would get in the way of a few hundred thousand messages from one address. Those that a build does not know
/// are left out.
const LIMITS: [(&str, &str); 7] = [
    ("--arrivals-per-minute", "10000000"),
    ("--messages-per-second", "1000000"),
    ("--message-burst", "1000000"),
    ("--sockets-per-person", "1000000"),
    ("--sockets-per-address", "1000000"),
    ("--max-rooms", "100000"),
    ("--max-people", "1000000"),
];

const NATS_SETTINGS: &str = r#"
listen: "127.0.0.1:-1"
websocket { listen: "{address}", no_tls: true }
"#;

const PROSODY_SETTINGS: &str = r#"
run_as_root = true
pidfile = "{folder}/prosody.pid"
data_path = "{folder}"
log = { warn = "*console" }
network_backend = "epoll"
modules_enabled = { "disco", "roster", "saslauth", "websocket" }
modules_disabled = { "s2s", "tls", "limits" }
c2s_ports = {}
s2s_ports = {}
https_ports = {}
http_interfaces = { "127.0.0.1" }
http_ports = { {port} }
consider_websocket_secure = true
c2s_require_encryption = false
VirtualHost "{host}"
  authentication = "anonymous"
Component "{rooms}" "muc"
  muc_room_locking = false
  restrict_room_creation = false
  max_history_messages = 0
"#;

/// All servers, Madang first; those with an empty version are not on this machine.
pub(crate) fn all(madang: &Path) -> Vec<Server> {
    let node = |key, label, dialect, script: &str, package: &str| {
        let version = said("node", &["--version"]).zip(version_of_package(package));
        let version = version.map(|(node, package)| format!("{package} on Node {}", node.trim_start_matches('v')));
        server(key, label, dialect, version, &["node", &peer(script), "{port}"])
    };
    let axum = axum_program();
    let axum_is_there = || Path::new(&axum).exists().then(|| locked_version("axum"));
    let bun = bun_program();
    let python = peer(".venv/bin/python");
    let python_version = said(
        &python,
        &["-c", "import websockets, platform; print(websockets.__version__, 'on Python', platform.python_version())"],
    );
    let mut nats = server(
        "nats",
        "NATS over WebSocket",
        Dialect::Nats,
        version_said("nats-server", "--version"),
        &["nats-server", "-c", "{settings}"],
    );
    nats.settings = Some(NATS_SETTINGS);
    let prosody_version = said("prosodyctl", &["about"])
        .and_then(|about| Some(about.lines().next()?.trim_start_matches("Prosody ").to_owned()));
    let mut prosody = server(
        "prosody",
        "Prosody rooms (XMPP)",
        Dialect::Xmpp,
        prosody_version,
        &["prosody", "-F", "--config", "{settings}"],
    );
    prosody.settings = Some(PROSODY_SETTINGS);
    // Everybody is told of everybody by name, one stanza each.
    prosody.most_in_a_room = 200;
    vec![
        self::madang(madang),
        server(
            "axum-joined",
            "Axum, queue drained into one write",
            Dialect::Plain,
            axum_is_there(),
            &[&axum, "{port}", "joined"],
        ),
        server(
            "bun",
            "uWebSockets under Bun",
            Dialect::Plain,
            said(&bun, &["--version"]),
            &[&bun, &peer("bun.js"), "{port}"],
        ),
        nats,
        server("axum", "Axum as in its chat example", Dialect::Plain, axum_is_there(), &[&axum, "{port}"]),
        node("socket-io", "Socket.IO", Dialect::SocketIo, "socket_io.js", "socket.io"),
        node("node-ws", "Node ws with Express", Dialect::Plain, "node_ws.js", "ws"),
        server(
            "python",
            "Python websockets",
            Dialect::Plain,
            python_version,
            &[&python, &peer("python_websockets.py"), "{port}"],
        ),
        prosody,
    ]
}

fn madang(program: &Path) -> Server {
    let word = program.to_string_lossy().into_owned();
    let help = said(&word, &["--help"]).unwrap_or_default();
    let mut words = vec![word.as_str(), "--listen", "{address}", "--data", "{folder}", "--log", "warn"];
    let limits = LIMITS.iter().filter(|(option, _)| help.contains(&format!("{option} ")));
    words.extend(limits.flat_map(|(option, value)| [option, value]));
    server("madang", "Madang", Dialect::Madang, version_said(&word, "--version"), &words)
}

fn server(key: &'static str, label: &'static str, dialect: Dialect, version: Option<String>, words: &[&str]) -> Server {
    let words = words.iter().map(|word| (*word).to_owned()).collect();
    let version = version.unwrap_or_default();
    Server { key, label, dialect, version, most_in_a_room: usize::MAX, words, settings: None }
}

impl Server {
    /// How to start it at this address, with an empty folder for what it keeps.
    pub(crate) fn start(&self, address: SocketAddr, folder: &Path) -> Start {
        // Prosody reads no other ending.
        let file = folder.join("settings.cfg.lua");
        let fill = |text: &str| {
            let known = [
                ("{address}", address.to_string()),
                ("{port}", address.port().to_string()),
                ("{folder}", folder.display().to_string()),
                ("{settings}", file.display().to_string()),
                ("{host}", XMPP_HOST.to_owned()),
                ("{rooms}", XMPP_ROOMS.to_owned()),
            ];
            known.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
        };
        Start {
            words: self.words.iter().map(|word| fill(word)).collect(),
            file: self.settings.map(|settings| (file.clone(), fill(settings))),
        }
    }
}

/// What a program says; `None` when it is not there.
fn said(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && !said.is_empty()).then_some(said)
}

/// The last word of what it says of itself.
fn version_said(program: &str, option: &str) -> Option<String> {
    said(program, &[option])?.split_whitespace().last().map(|word| word.trim_start_matches('v').to_owned())
}

fn version_of_package(name: &str) -> Option<String> {
    let file = std::fs::read_to_string(peer(&format!("node_modules/{name}/package.json"))).ok()?;
    let package: serde_json::Value = serde_json::from_str(&file).ok()?;
    Some(package["version"].as_str()?.to_owned())
}

/// The program of the platform that npm chose; the package's own is a script that fetches it.
fn bun_program() -> String {
    let kinds = std::fs::read_dir(peer("node_modules/@oven")).into_iter().flatten().flatten();
    let mut programs = kinds.map(|kind| kind.path().join("bin/bun").display().to_string());
    programs.find(|program| said(program, &["--version"]).is_some()).unwrap_or_default()
}

/// The version of a crate that this program was built with.
fn locked_version(name: &str) -> String {
    let packages = include_str!("../../Cargo.lock").split("[[package]]");
    let mut fields = packages.map(|package| package.split('"'));
    let named = fields.find_map(|mut fields| (fields.nth(1) == Some(name)).then(|| fields.nth(1)).flatten());
    named.unwrap_or_default().to_owned()
}

/// Built beside this program.
fn axum_program() -> String {
    let mine = std::env::current_exe().unwrap_or_default();
    mine.with_file_name("axum-chat").display().to_string()
}

fn peer(file: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers").join(file).display().to_string()
}

/// Where a run keeps what it needs for a while.
pub(crate) fn scratch() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench")
}
