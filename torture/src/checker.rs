//! The checker: what every person's browser showed and was told, against the database as it is after the run.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Display;
use std::path::Path;

use app::member::MemberId;
use app::message::{Cid, Seq};
use app::room::Slug;
use rusqlite::{Connection, OpenFlags};

use crate::record::{Record, digest};

/// A kind of finding: what people were told is not there.
pub(crate) const MISSING: &str = "acknowledged or shown, and missing";
/// A kind of finding: one message is two.
pub(crate) const TWICE: &str = "shown or stored twice";
/// A kind of finding: not as in the database, in which the order is.
pub(crate) const ORDER: &str = "in another order";
/// A kind of finding: a connection was told of later events and not of earlier ones.
pub(crate) const HOLES: &str = "left out on a connection";

/// What was found, each with a sentence; all empty is what was promised.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// How many messages were acknowledged.
    pub(crate) acknowledged: usize,
    /// How many events were on screens.
    pub(crate) shown: usize,
    /// How many events the database has.
    pub(crate) stored: usize,
    /// Acknowledged or shown, and not in the database.
    pub(crate) missing: Vec<String>,
    /// More than once in the database or on one screen.
    pub(crate) twice: Vec<String>,
    /// In another order or with another text than in the database.
    pub(crate) differing: Vec<String>,
    /// Numbers that a connection left out.
    pub(crate) holes: Vec<String>,
    /// In the database and, at the end, not on a screen; or still waiting to be acknowledged.
    pub(crate) unsettled: Vec<String>,
    /// The database itself, refusals without a reason, people sent away.
    pub(crate) trouble: Vec<String>,
}

impl Findings {
    /// Each kind of finding, under its name.
    pub(crate) fn kinds(&self) -> [(&'static str, &[String]); 6] {
        [
            (MISSING, &self.missing),
            (TWICE, &self.twice),
            (ORDER, &self.differing),
            (HOLES, &self.holes),
            ("not settled", &self.unsettled),
            ("trouble", &self.trouble),
        ]
    }

    /// Whether everything is as it was promised.
    pub(crate) fn are_none(&self) -> bool {
        self.kinds().iter().all(|(_, findings)| findings.is_empty())
    }
}

/// An event as it is stored.
struct Stored {
    author: MemberId,
    cid: Option<Cid>,
    digest: u64,
}

type Rooms = BTreeMap<Slug, BTreeMap<Seq, Stored>>;

/// Compares the records with the database.
pub(crate) fn check(database: &Path, records: &[Record]) -> Findings {
    let mut findings = Findings::default();
    match read(database, &mut findings) {
        Ok(rooms) => {
            check_database(&rooms, &mut findings);
            records.iter().for_each(|record| check_record(&rooms, record, &mut findings));
        }
        Err(error) => findings.trouble.push(format!("the database can't be read: {error}")),
    }
    findings
}

fn read(database: &Path, findings: &mut Findings) -> rusqlite::Result<Rooms> {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let sound: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if sound != "ok" {
        findings.trouble.push(format!("the database is damaged: {sound}"));
    }
    let mut rooms = Rooms::new();
    let mut slugs = connection.prepare("SELECT slug FROM room")?;
    let mut slugs = slugs.query([])?;
    while let Some(row) = slugs.next()? {
        rooms.insert(row.get::<_, String>(0)?.into(), BTreeMap::new());
    }
    // An event's id is its room's times 2^40, and its number.
    let sql =
        "SELECT r.slug, e.id & 0xFFFFFFFFFF, e.author_id, e.cid, e.body FROM event e JOIN room r ON r.id = e.id >> 40";
    let mut events = connection.prepare(sql)?;
    let mut events = events.query([])?;
    while let Some(row) = events.next()? {
        let (room, cid, body): (String, Option<[u8; 16]>, String) = (row.get(0)?, row.get(3)?, row.get(4)?);
        let cid = cid.map(|bytes| Cid(u128::from_be_bytes(bytes)));
        let stored = Stored { author: MemberId(row.get(2)?), cid, digest: digest(&body) };
        rooms.entry(room.into()).or_default().insert(row.get(1)?, stored);
    }
    Ok(rooms)
}

/// Numbers without a hole, and no message twice.
fn check_database(rooms: &Rooms, findings: &mut Findings) {
    let mut known: HashMap<(MemberId, Cid), String> = HashMap::new();
    for (room, events) in rooms {
        findings.stored += events.len();
        for (expected, (seq, event)) in (1..).zip(events) {
            let place = format!("{room} {seq}");
            if *seq != expected {
                findings.trouble.push(format!("the database has {place} where {expected} is next"));
                break;
            }
            if let Some(cid) = event.cid
                && let Some(first) = known.insert((event.author, cid), place.clone())
            {
                findings.twice.push(format!("the database has message {cid} as {first} and as {place}"));
            }
        }
    }
}

fn check_record(rooms: &Rooms, record: &Record, findings: &mut Findings) {
    let name = &record.name;
    findings.acknowledged += record.acknowledged.len();
    findings.shown += record.shown.len();
    findings.twice.extend(named(name, &record.twice));
    findings.holes.extend(named(name, &record.holes));
    findings.trouble.extend(named(name, &record.trouble));
    check_acknowledged(rooms, record, findings);
    check_shown(rooms, record, findings);
    for (room, end) in &record.ends {
        let head = rooms.get(room).and_then(|events| events.keys().next_back()).copied().unwrap_or_default();
        if *end != head {
            findings.unsettled.push(format!("{name}: the screen of {room} ends at {end}, the database at {head}"));
        }
    }
    if record.waiting > 0 {
        findings.unsettled.push(format!("{name}: {} messages were not acknowledged", record.waiting));
    }
}

fn check_acknowledged(rooms: &Rooms, record: &Record, findings: &mut Findings) {
    for acknowledged in &record.acknowledged {
        let (room, seq, cid) = (&acknowledged.room, acknowledged.seq, acknowledged.cid);
        let stored = rooms.get(room).and_then(|events| events.get(&seq));
        if !stored.is_some_and(|event| event.cid == Some(cid) && event.digest == acknowledged.digest) {
            findings.missing.push(format!("{}: message {cid}, acknowledged as {room} {seq}", record.name));
        }
    }
    let ids: HashMap<Cid, &crate::record::Written> =
        record.written.iter().map(|written| (written.cid, written)).collect();
    for acknowledged in &record.acknowledged {
        let written = ids.get(&acknowledged.cid);
        if written.is_some_and(|written| written.digest != acknowledged.digest || written.room != acknowledged.room) {
            findings.differing.push(format!("{}: message {} came home changed", record.name, acknowledged.cid));
        }
    }
}

/// On each screen the numbers follow each other, no message is there twice, and all are as in the database.
fn check_shown(rooms: &Rooms, record: &Record, findings: &mut Findings) {
    let mut last: HashMap<(&Slug, usize), Seq> = HashMap::new();
    let mut seen: HashSet<(&Slug, usize, MemberId, Cid)> = HashSet::new();
    for shown in &record.shown {
        let place = || format!("{}: {} {} on screen {}", record.name, shown.room, shown.seq, shown.screen);
        let before = last.insert((&shown.room, shown.screen), shown.seq);
        if before.is_some_and(|before| before + 1 != shown.seq) {
            findings.differing.push(format!("{} came after {}", place(), before.unwrap_or_default()));
        }
        match rooms.get(&shown.room).and_then(|events| events.get(&shown.seq)) {
            None => findings.missing.push(format!("{} was shown", place())),
            Some(stored) => {
                // The ids of others are not told.
                let cid = shown.cid.or(stored.cid);
                if cid.is_some_and(|cid| !seen.insert((&shown.room, shown.screen, shown.by, cid))) {
                    findings.twice.push(place());
                }
                if (stored.author, stored.cid, stored.digest) != (shown.by, cid, shown.digest) {
                    findings.differing.push(format!("{} is something else in the database", place()));
                }
            }
        }
    }
}

fn named(name: &str, findings: &[impl Display]) -> Vec<String> {
    findings.iter().map(|finding| format!("{name}: {finding}")).collect()
}
