//! Opens the port. In: an address, or none for this machine; a port. Out: what listens there, or a
//! sentence that says what to do. Knows no HTTP.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::TcpListener;

use super::StartError;

/// What listens.
#[derive(Debug)]
pub(crate) struct Listening {
    pub(crate) listeners: Vec<TcpListener>,
    /// Where clients of this machine find it.
    pub(crate) address: SocketAddr,
}

/// Ports that are tried when any will do: one that is free for IPv4 may be taken for IPv6.
const TRIES: usize = 50;

/// Listens on one address, or on both loopback addresses with the same port.
pub(crate) async fn listen(address: Option<IpAddr>, port: u16) -> Result<Listening, StartError> {
    if let Some(address) = address {
        let (listener, bound) = bind(address, port).await?;
        let near = match address {
            IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            address => address,
        };
        return Ok(Listening {
            listeners: vec![listener],
            address: (near, bound.port()).into(),
        });
    }
    let mut tries = 1;
    loop {
        let (first, address) = bind(Ipv4Addr::LOCALHOST.into(), port).await?;
        match bind(Ipv6Addr::LOCALHOST.into(), address.port()).await {
            Ok((second, _)) => {
                return Ok(Listening {
                    listeners: vec![first, second],
                    address,
                });
            }
            // Whoever asks for `localhost` would reach another program.
            Err(StartError::Listen(_, error))
                if error.kind() == io::ErrorKind::AddrInUse && port == 0 && tries < TRIES =>
            {
                tries += 1;
            }
            Err(StartError::Listen(address, error)) if error.kind() == io::ErrorKind::AddrInUse => {
                return Err(StartError::Listen(address, error));
            }
            // This machine has no IPv6.
            Err(_) => {
                return Ok(Listening {
                    listeners: vec![first],
                    address,
                });
            }
        }
    }
}

/// What listens, and where: on the port that the system chose for 0.
async fn bind(address: IpAddr, port: u16) -> Result<(TcpListener, SocketAddr), StartError> {
    let address = SocketAddr::from((address, port));
    let failed = |error| StartError::Listen(address, error);
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

/// Why it cannot listen, and what to do about it.
pub(crate) fn explain(address: SocketAddr, error: &io::Error) -> String {
    let (port, host) = (address.port(), address.ip());
    match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "port {port} of {host} is taken by another program, perhaps another emulator: end that one, or choose \
             another port with `--port`; `--port 0` takes any that is free"
        ),
        io::ErrorKind::AddrNotAvailable => format!(
            "no interface of this machine has the address {host}: choose one of its own with `--address`, or leave it \
             out to listen on 127.0.0.1 and [::1]"
        ),
        io::ErrorKind::PermissionDenied => format!(
            "this user may not listen on port {port} of {host}: choose a port above 1023 with `--port`"
        ),
        _ => format!(
            "cannot listen on {address}: {error}; choose another with `--address` or `--port`"
        ),
    }
}
