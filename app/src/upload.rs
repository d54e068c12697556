//! How a file comes to the server, apart from its bytes: announced, then sent in pieces that take about a second each, so that a
//! bar moves and a cut costs little. What a cut has left of a piece is asked of the server.

/// The first piece of a file, in bytes: less than any proxy refuses.
const FIRST_PIECE: i64 = 256 * 1024;
/// No piece is smaller.
const LEAST_PIECE: i64 = 64 * 1024;
/// Nor larger.
const MOST_PIECE: i64 = 8 * 1024 * 1024;
/// A piece that takes less of a second than this is followed by a larger one, in milliseconds.
const QUICK_MS: i64 = 600;
/// One that takes longer, by a smaller one.
const SLOW_MS: i64 = 2_000;

/// A file on its way.
#[derive(Clone, Debug)]
pub struct Upload {
    whole: i64,
    here: i64,
    piece: i64,
    is_sure: bool,
    path: Option<String>,
}

/// What the server said.
#[derive(Debug, Default)]
pub struct Answer {
    /// The status; 0 where there was no answer.
    pub status: u16,
    /// So many bytes are there.
    pub offset: Option<i64>,
    /// Where the bytes are to go.
    pub location: Option<String>,
}

/// What follows from an answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// The next request.
    On,
    /// The next request, in a while.
    Later,
    /// All of it is there; the answer says what it is.
    There,
    /// It is refused; the answer says why.
    Refused,
}

impl Upload {
    /// A file of so many bytes that nobody knows of yet.
    pub fn new(bytes: i64) -> Self {
        Self { whole: bytes, here: 0, piece: FIRST_PIECE, is_sure: true, path: None }
    }

    /// Where its bytes go; `None` as long as it is to be announced.
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// The bytes to send next, from here to there: none where it is to be found out first how many are there.
    pub fn piece(&self) -> (i64, i64) {
        (self.here, if self.is_sure { self.whole.min(self.here + self.piece) } else { self.here })
    }

    /// Takes the answer to what was asked, and how many milliseconds it took.
    pub fn hears(&mut self, answer: Answer, took_ms: i64) -> Next {
        let Answer { status, offset, location } = answer;
        match status {
            // The line was cut, or somebody on the way had no time.
            0 | 408 | 429 | 502..=504 => {
                self.is_sure = false;
                self.halve();
                return Next::Later;
            }
            200 => return Next::There,
            201 => self.path = location,
            204 => {
                if took_ms < QUICK_MS {
                    self.piece = MOST_PIECE.min(self.piece * 2);
                } else if took_ms > SLOW_MS {
                    self.halve();
                }
            }
            // It goes on elsewhere than we thought. Where it can't be known, the file itself has changed.
            409 if offset.is_some_and(|offset| offset != self.here && offset <= self.whole) => {}
            // A proxy on the way takes less at a time.
            413 if self.path.is_some() && self.piece > LEAST_PIECE => {
                self.halve();
                return Next::On;
            }
            _ => return Next::Refused,
        }
        (self.here, self.is_sure) = (offset.unwrap_or_default(), true);
        Next::On
    }

    /// It is tried again; so many bytes of it were there.
    pub fn again(&mut self) -> i64 {
        self.is_sure = false;
        self.here
    }

    fn halve(&mut self) {
        self.piece = LEAST_PIECE.max(self.piece / 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KB: i64 = 1_024;

    fn said(status: u16) -> Answer {
        Answer { status, ..Answer::default() }
    }

    fn at(status: u16, offset: i64) -> Answer {
        Answer { offset: Some(offset), ..said(status) }
    }

    fn announced(bytes: i64) -> Upload {
        let mut upload = Upload::new(bytes);
        assert_eq!(upload.path(), None);
        let location = Some("/rooms/a/uploads/7".to_owned());
        assert_eq!(upload.hears(Answer { location, ..at(201, 0) }, 0), Next::On);
        assert_eq!(upload.path(), Some("/rooms/a/uploads/7"));
        upload
    }

    #[test]
    fn it_goes_in_pieces_that_grow_while_the_line_is_quick_and_shrink_when_it_is_slow() {
        let mut upload = announced(3_000 * KB);
        assert_eq!(upload.piece(), (0, 256 * KB));
        assert_eq!(upload.hears(at(204, 256 * KB), 10), Next::On);
        assert_eq!(upload.piece(), (256 * KB, 768 * KB));
        assert_eq!(upload.hears(at(204, 768 * KB), 5_000), Next::On);
        assert_eq!(upload.piece(), (768 * KB, 1_024 * KB));
        assert_eq!(upload.hears(said(413), 10), Next::On);
        assert_eq!(upload.piece(), (768 * KB, 896 * KB));
        assert_eq!(upload.hears(said(200), 10), Next::There);
    }

    #[test]
    fn after_a_cut_the_server_is_asked_what_is_there_and_nothing_is_sent_twice() {
        let mut upload = announced(1_000 * KB);
        assert_eq!(upload.hears(said(0), 10), Next::Later);
        assert_eq!(upload.piece(), (0, 0));
        assert_eq!(upload.hears(said(503), 10), Next::Later);
        assert_eq!(upload.hears(at(409, 100), 10), Next::On);
        assert_eq!(upload.piece(), (100, 100 + 64 * KB));
        assert_eq!(upload.hears(said(0), 10), Next::Later);
        assert_eq!(upload.hears(at(204, 100), 1_000), Next::On);
        assert_eq!(upload.piece(), (100, 100 + 64 * KB));
        assert_eq!(upload.hears(said(404), 10), Next::Refused);
    }

    #[test]
    fn what_failed_goes_on_from_where_it_stood() {
        let mut upload = announced(1_000 * KB);
        assert_eq!(upload.hears(at(204, 256 * KB), 1_000), Next::On);
        assert_eq!(upload.hears(said(507), 10), Next::Refused);
        assert_eq!(
            (upload.again(), upload.piece()),
            (256 * KB, (256 * KB, 256 * KB)),
            "how much is there is asked first"
        );
        assert_eq!(upload.hears(at(409, 300 * KB), 10), Next::On);
        assert_eq!(upload.piece().0, 300 * KB);
        let mut never = Upload::new(10);
        assert_eq!(never.hears(said(507), 10), Next::Refused);
        assert_eq!((never.again(), never.path()), (0, None), "it is announced again");
    }

    #[test]
    fn a_file_that_changed_under_the_hand_ends_instead_of_going_round() {
        let mut upload = announced(10);
        assert_eq!(upload.hears(at(409, 0), 1), Next::Refused);
        assert_eq!(upload.hears(at(409, 11), 1), Next::Refused);
    }

    #[test]
    fn whoever_is_too_fast_waits_and_what_is_refused_ends() {
        let mut upload = Upload::new(10);
        assert_eq!(upload.hears(said(429), 1), Next::Later);
        assert_eq!(upload.path(), None);
        assert_eq!(upload.hears(said(507), 1), Next::Refused);
        assert_eq!(upload.hears(said(413), 1), Next::Refused, "it is too large as a whole");
    }
}
