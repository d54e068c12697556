//! What is measured: how many people in how many rooms, and how they post.

use crate::crowd::Pace;
use crate::dialect::Dialect;
use crate::server::Server;

/// One of the situations that every server is put into.
#[derive(Clone, Debug)]
pub(crate) struct Scenario {
    /// Its name on the command line and in the tables.
    pub(crate) key: &'static str,
    /// What it is, in words.
    pub(crate) title: &'static str,
    /// How many rooms.
    pub(crate) rooms: usize,
    /// How many people are in each.
    pub(crate) people_a_room: usize,
    /// How many of them post.
    pub(crate) senders_a_room: usize,
    /// How they post.
    pub(crate) pace: Pace,
    /// What it shows.
    pub(crate) shows: Shows,
    /// Whether other servers are measured too.
    pub(crate) with_peers: bool,
}

/// What a scenario is there to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shows {
    /// Deliveries, for what they cost the server.
    Throughput,
    /// How long a message takes.
    Latency,
    /// What connections cost that nobody uses.
    Idleness,
    /// How soon a room with so many messages is open.
    History(i64),
}

/// All of them, in the order in which they are run.
pub(crate) const ALL: [Scenario; 14] = [
    Scenario {
        key: "A",
        title: "one room, 100 people, 10 of them posting without a pause (16 unconfirmed each)",
        rooms: 1,
        people_a_room: 100,
        senders_a_room: 10,
        pace: Pace::Window(16),
        shows: Shows::Throughput,
        with_peers: true,
    },
    Scenario {
        key: "B",
        title: "one room, 1,000 people, one of them posting without a pause (16 unconfirmed)",
        rooms: 1,
        people_a_room: 1_000,
        senders_a_room: 1,
        pace: Pace::Window(16),
        shows: Shows::Throughput,
        with_peers: true,
    },
    Scenario {
        key: "C",
        title: "100 rooms of 20 people, one in each posting without a pause (8 unconfirmed)",
        rooms: 100,
        people_a_room: 20,
        senders_a_room: 1,
        pace: Pace::Window(8),
        shows: Shows::Throughput,
        with_peers: true,
    },
    Scenario {
        key: "D",
        title: "5,000 people in a room, nobody says anything",
        rooms: 1,
        people_a_room: 5_000,
        senders_a_room: 1,
        pace: Pace::Window(1),
        shows: Shows::Idleness,
        with_peers: true,
    },
    Scenario {
        key: "E",
        title: "one room, 200 people, 20 messages a second between them",
        rooms: 1,
        people_a_room: 200,
        senders_a_room: 200,
        pace: Pace::PerSecond(20.0),
        shows: Shows::Latency,
        with_peers: true,
    },
    Scenario {
        key: "E2",
        title: "one room, 100 people, 200 messages a second between them",
        rooms: 1,
        people_a_room: 100,
        senders_a_room: 100,
        pace: Pace::PerSecond(200.0),
        shows: Shows::Latency,
        with_peers: true,
    },
    Scenario {
        key: "F",
        title: "one room, 16 people, all posting without a pause (128 unconfirmed in all), every message synced to disk",
        rooms: 1,
        people_a_room: 16,
        senders_a_room: 16,
        pace: Pace::Window(8),
        shows: Shows::Throughput,
        with_peers: false,
    },
    Scenario {
        key: "F1",
        title: "one person alone, one unconfirmed message: a commit for each",
        rooms: 1,
        people_a_room: 1,
        senders_a_room: 1,
        pace: Pace::Window(1),
        shows: Shows::Throughput,
        with_peers: false,
    },
    growing("L10", "one room, 10 people, one of them posting without a pause (16 unconfirmed)", 10),
    growing("L100", "one room, 100 people, one of them posting without a pause (16 unconfirmed)", 100),
    growing("L1000", "one room, 1,000 people, one of them posting without a pause (16 unconfirmed)", 1_000),
    growing("L5000", "one room, 5,000 people, one of them posting without a pause (16 unconfirmed)", 5_000),
    history("G10k", "opening a room with 10,000 messages, and jumping to its middle", 10_000),
    history("G1M", "opening a room with 1,000,000 messages, and jumping to its middle", 1_000_000),
];

/// One of those that show how the cost grows with the room.
const fn growing(key: &'static str, title: &'static str, people_a_room: usize) -> Scenario {
    Scenario {
        key,
        title,
        rooms: 1,
        people_a_room,
        senders_a_room: 1,
        pace: Pace::Window(16),
        shows: Shows::Throughput,
        with_peers: false,
    }
}

/// One of those that show that a long past costs nothing.
const fn history(key: &'static str, title: &'static str, messages: i64) -> Scenario {
    Scenario {
        key,
        title,
        rooms: 1,
        people_a_room: 1,
        senders_a_room: 1,
        pace: Pace::Window(1),
        shows: Shows::History(messages),
        with_peers: false,
    }
}

impl Scenario {
    /// Everybody in all rooms.
    pub(crate) fn people(&self) -> usize {
        self.rooms * self.people_a_room
    }

    /// Whether a server is measured in it.
    pub(crate) fn suits(&self, server: &Server) -> bool {
        let is_madang = server.dialect == Dialect::Madang;
        (self.with_peers || is_madang) && self.people_a_room <= server.most_in_a_room
    }
}
