//! An HTTP server that writes down what reaches it. In: scripted answers. Out: raw request lines,
//! header lines and bodies. Knows neither the API nor the client.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A server on a port of its own, stopped when it is dropped.
#[derive(Debug)]
pub struct Recorder {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    server: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct State {
    connections: usize,
    requests: Vec<Recorded>,
    replies: VecDeque<Reply>,
}

/// A request as it came over the wire.
#[derive(Debug, Clone, Default)]
pub struct Recorded {
    /// The first line, without its line end.
    pub request_line: String,
    /// The header lines, without their line ends.
    pub header_lines: Vec<String>,
    /// The body, without the framing of chunks.
    pub body: Vec<u8>,
}

impl Recorded {
    /// The values of a header, in order; header names are compared without regard to case.
    pub fn header(&self, name: &str) -> Vec<&str> {
        let lines = self
            .header_lines
            .iter()
            .filter_map(|line| line.split_once(':'));
        lines
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
            .collect()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// An answer to one request.
#[derive(Debug, Clone)]
pub struct Reply {
    status: u16,
    header_lines: Vec<String>,
    body: Vec<u8>,
    ending: Ending,
}

/// What becomes of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// It is sent.
    Complete,
    /// It promises more bytes than it sends, and closes the connection.
    BreakOff,
    /// It promises more bytes than it sends, and keeps the connection open.
    Stall,
    /// Nothing is sent, and the connection stays open.
    Silence,
}

impl Reply {
    /// An answer with a JSON body.
    pub fn json(status: u16, body: impl ToString) -> Self {
        let header_lines = vec!["content-type: application/json".to_owned()];
        Self {
            status,
            header_lines,
            body: body.to_string().into_bytes(),
            ending: Ending::Complete,
        }
    }

    /// An answer without a body.
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            header_lines: Vec::new(),
            body: Vec::new(),
            ending: Ending::Complete,
        }
    }

    /// No answer at all.
    pub fn silence() -> Self {
        Self {
            ending: Ending::Silence,
            ..Self::empty(200)
        }
    }

    /// The same answer with one more header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.header_lines.push(format!("{name}: {value}"));
        self
    }

    /// The same answer, whose connection closes before the body is complete.
    pub fn break_off(mut self) -> Self {
        self.ending = Ending::BreakOff;
        self
    }

    /// The same answer, whose body never becomes complete.
    pub fn stall(mut self) -> Self {
        self.ending = Ending::Stall;
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let missing = match self.ending {
            Ending::Complete | Ending::Silence => 0,
            Ending::BreakOff | Ending::Stall => 100,
        };
        let mut head = format!("HTTP/1.1 {} Scripted\r\n", self.status);
        for line in &self.header_lines {
            head.push_str(line);
            head.push_str("\r\n");
        }
        if self.status != 204 {
            head.push_str(&format!(
                "content-length: {}\r\n",
                self.body.len() + missing
            ));
        }
        head.push_str("connection: close\r\n\r\n");
        [head.as_bytes(), &self.body].concat()
    }
}

impl Recorder {
    /// Starts a server that gives these answers in order, and 500 when there are none left.
    pub async fn start(replies: impl IntoIterator<Item = Reply>) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let replies = replies.into_iter().collect();
        let state = Arc::new(Mutex::new(State {
            replies,
            ..State::default()
        }));
        let server = tokio::spawn(accept(listener, Arc::clone(&state)));
        Ok(Self {
            address,
            state,
            server,
        })
    }

    /// Where the server is, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests until now.
    pub fn requests(&self) -> Vec<Recorded> {
        lock(&self.state).requests.clone()
    }

    /// How many connections were opened until now, with or without a request.
    pub fn connections(&self) -> usize {
        lock(&self.state).connections
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn lock(state: &Mutex<State>) -> std::sync::MutexGuard<'_, State> {
    // The state stays whole even if a holder of the lock panicked: each change is one push.
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, state: Arc<Mutex<State>>) {
    while let Ok((stream, _)) = listener.accept().await {
        lock(&state).connections += 1;
        let state = Arc::clone(&state);
        // A connection that breaks is the client's doing; the requests until then are recorded.
        tokio::spawn(async move { answer(stream, &state).await });
    }
}

async fn answer(stream: TcpStream, state: &Mutex<State>) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    let request = read_request(&mut reader).await?;
    let reply = {
        let mut state = lock(state);
        state.requests.push(request);
        state.replies.pop_front()
    };
    let reply = reply.unwrap_or_else(|| Reply::json(500, "\"no answer is scripted\""));
    if reply.ending != Ending::Silence {
        reader.write_all(&reply.bytes()).await?;
        reader.flush().await?;
    }
    match reply.ending {
        Ending::Complete | Ending::BreakOff => reader.shutdown().await,
        // The connection stays open until the client gives up and closes it.
        Ending::Stall | Ending::Silence => reader.read(&mut [0]).await.map(|_| ()),
    }
}

async fn read_request(reader: &mut BufReader<TcpStream>) -> io::Result<Recorded> {
    let mut request = Recorded {
        request_line: read_line(reader).await?,
        ..Recorded::default()
    };
    loop {
        let line = read_line(reader).await?;
        if line.is_empty() {
            break;
        }
        request.header_lines.push(line);
    }
    if request.header("transfer-encoding").contains(&"chunked") {
        request.body = read_chunks(reader).await?;
    } else if let Some(length) = request.header("content-length").first() {
        let mut body = vec![0; length.parse().map_err(io::Error::other)?];
        reader.read_exact(&mut body).await?;
        request.body = body;
    }
    Ok(request)
}

async fn read_line(reader: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    if reader.read_line(&mut line).await? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn read_chunks(reader: &mut BufReader<TcpStream>) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let size = read_line(reader).await?;
        let size = usize::from_str_radix(size.trim(), 16).map_err(io::Error::other)?;
        let mut chunk = vec![0; size];
        reader.read_exact(&mut chunk).await?;
        read_line(reader).await?;
        if size == 0 {
            return Ok(body);
        }
        body.extend_from_slice(&chunk);
    }
}
