//! Walking in through Madang's forms, as a browser without scripts does: names for cookies, and rooms.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How many walk in at the same time.
const AT_ONCE: usize = 16;
/// Letters that no eye takes for each other (UTS #39).
const LETTERS: &[u8; 8] = b"bdfghkst";
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection that asks for one thing after the other.
pub(crate) struct Browser {
    stream: BufReader<TcpStream>,
    host: String,
}

/// An answer to a request.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    head: Vec<String>,
    /// How many bytes the body had.
    pub(crate) bytes: usize,
}

/// So many people walk in; their cookies.
///
/// # Errors
/// A sentence, when one of them is not let in.
pub(crate) fn walk_in(address: SocketAddr, people: usize) -> Result<Vec<String>, String> {
    std::thread::scope(|scope| {
        let enter = |part: usize| {
            let mut browser = Browser::open(address)?;
            (part..people).step_by(AT_ONCE).map(|number| Ok((number, browser.enter(number)?))).collect()
        };
        let threads: Vec<_> = (0..AT_ONCE.min(people)).map(|part| scope.spawn(move || enter(part))).collect();
        let mut cookies = vec![String::new(); people];
        for thread in threads {
            let entered: Result<Vec<(usize, String)>, String> = thread.join().expect("no thread of ours panics");
            entered?.into_iter().for_each(|(number, cookie)| cookies[number] = cookie);
        }
        Ok(cookies)
    })
}

/// Makes rooms; their addresses.
///
/// # Errors
/// A sentence, when one of them is refused.
pub(crate) fn make_rooms(address: SocketAddr, cookie: &str, rooms: usize) -> Result<Vec<String>, String> {
    let mut browser = Browser::open(address)?;
    (0..rooms).map(|number| browser.make_room(cookie, number)).collect()
}

impl Browser {
    /// Connects.
    ///
    /// # Errors
    /// A sentence.
    pub(crate) fn open(address: SocketAddr) -> Result<Self, String> {
        let opened = TcpStream::connect(address).and_then(|stream| {
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            Ok(stream)
        });
        let stream = opened.map_err(|error| format!("the server can't be reached: {error}"))?;
        Ok(Self { stream: BufReader::new(stream), host: address.to_string() })
    }

    /// Asks for a page.
    ///
    /// # Errors
    /// A sentence.
    pub(crate) fn get(&mut self, path: &str, cookie: &str) -> Result<Answer, String> {
        let host = &self.host;
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\nCookie: {cookie}\r\n\r\n"))
    }

    fn enter(&mut self, number: usize) -> Result<String, String> {
        let answer = self.submit("/enter", "", &format!("name=p{}&next=%2F", letters(number)))?;
        let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
        cookie.ok_or_else(|| format!("person {number} was not let in: {}", answer.status))
    }

    fn make_room(&mut self, cookie: &str, number: usize) -> Result<String, String> {
        let answer = self.submit("/rooms", cookie, &format!("name=r{}", letters(number)))?;
        let slug = answer.header("location").and_then(|path| path.strip_prefix("/rooms/")).map(str::to_owned);
        slug.ok_or_else(|| format!("room {number} was refused: {}", answer.status))
    }

    fn submit(&mut self, path: &str, cookie: &str, form: &str) -> Result<Answer, String> {
        let (host, length) = (&self.host, form.len());
        self.ask(&format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {cookie}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}"
        ))
    }

    fn ask(&mut self, request: &str) -> Result<Answer, String> {
        self.try_to_ask(request).map_err(|error| format!("the server did not answer: {error}"))
    }

    fn try_to_ask(&mut self, request: &str) -> std::io::Result<Answer> {
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut head = Vec::new();
        while let line = self.line()?
            && !line.is_empty()
        {
            head.push(line);
        }
        let status = head.first().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or(0);
        let mut answer = Answer { status, head, bytes: 0 };
        answer.bytes = self.pass_body(&answer)?;
        Ok(answer)
    }

    fn pass_body(&mut self, answer: &Answer) -> std::io::Result<usize> {
        if answer.header("transfer-encoding").is_none() {
            let length = answer.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
            return self.pass(length);
        }
        let mut bytes = 0;
        loop {
            let size = usize::from_str_radix(&self.line()?, 16).unwrap_or(0);
            bytes += self.pass(size)?;
            self.line()?;
            if size == 0 {
                return Ok(bytes);
            }
        }
    }

    fn pass(&mut self, bytes: usize) -> std::io::Result<usize> {
        let mut body = vec![0; bytes];
        self.stream.read_exact(&mut body)?;
        Ok(bytes)
    }

    fn line(&mut self) -> std::io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Answer {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let fields = self.head.iter().skip(1).filter_map(|line| line.split_once(':'));
        fields.filter(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
    }
}

fn letters(number: usize) -> String {
    (0..5).rev().map(|place| char::from(LETTERS[number >> (3 * place) & 7])).collect()
}
