//! The limit that no server can pass: bare writes into loopback sockets, by one thread that does nothing else.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How many sockets are written to in turn.
const SOCKETS: usize = 100;
const MEASURED: Duration = Duration::from_secs(2);

/// How many frames of so many bytes, so many in each write, one second of a thread's CPU time brings into sockets.
///
/// # Errors
/// What the system said.
pub(crate) fn frames_a_cpu_second(frame_bytes: usize, together: usize) -> std::io::Result<f64> {
    let door = TcpListener::bind(("127.0.0.1", 0))?;
    let is_over = Arc::new(AtomicBool::new(false));
    let mut sockets = Vec::with_capacity(SOCKETS);
    let mut readers = Vec::with_capacity(SOCKETS);
    for _ in 0..SOCKETS {
        let socket = TcpStream::connect(door.local_addr()?)?;
        socket.set_nodelay(true)?;
        sockets.push(socket);
        readers.push(door.accept()?.0);
    }
    let reading = read_all(readers, Arc::clone(&is_over))?;
    let block = vec![b'~'; frame_bytes * together];
    let (began, cpu_before) = (Instant::now(), cpu_of_this_thread()?);
    let mut frames = 0;
    while began.elapsed() < MEASURED {
        for socket in &mut sockets {
            socket.write_all(&block)?;
            frames += together;
        }
    }
    let cpu = cpu_of_this_thread()? - cpu_before;
    is_over.store(true, Ordering::Release);
    drop(sockets);
    let _ = reading.join();
    Ok(frames as f64 / cpu.as_secs_f64())
}

fn read_all(mut readers: Vec<TcpStream>, is_over: Arc<AtomicBool>) -> std::io::Result<JoinHandle<()>> {
    readers.iter().try_for_each(|reader| reader.set_nonblocking(true))?;
    Ok(thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        while !is_over.load(Ordering::Acquire) {
            readers.iter_mut().for_each(|reader| drop(reader.read(&mut buffer)));
        }
    }))
}

/// The time that this thread was on a CPU (Linux, proc(5): the first number of `schedstat`, in nanoseconds).
fn cpu_of_this_thread() -> std::io::Result<Duration> {
    let stat = fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(Duration::from_nanos(stat.split(' ').next().and_then(|ns| ns.parse().ok()).unwrap_or_default()))
}
