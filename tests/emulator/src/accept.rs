//! Accepts connections. In: a listening socket. Out: HTTP/1.1 requests for the server, each with the
//! control of its connection. Knows no paths.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::Shared;
use super::connection::{Connection, ConnectionControl};
use super::server;

/// Serves until the other end of `stopped` is dropped; then open connections end with the request
/// that they are at.
pub(crate) async fn accept(
    listener: TcpListener,
    shared: Arc<Shared>,
    mut stopped: watch::Receiver<()>,
) {
    loop {
        let accepted = tokio::select! {
            _ = stopped.changed() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                tokio::spawn(serve_connection(
                    stream,
                    Arc::clone(&shared),
                    stopped.clone(),
                ));
            }
            // Too many open files, say: others will be closed in the meantime.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn serve_connection(
    stream: TcpStream,
    shared: Arc<Shared>,
    mut stopped: watch::Receiver<()>,
) {
    let stream = Connection::new(stream, shared.head_timeout);
    let control = stream.control();
    let service = service_fn(|request| respond(&shared, &control, request));
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    tokio::select! {
        // A connection that fails is a client that went away, or one that was reset on purpose.
        _ = connection.as_mut() => return,
        _ = stopped.changed() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// Responds to a request in a task of its own, which is begun at once and ends by itself: what becomes
/// of the connection, and of the future that waits here, does not touch it.
fn respond(
    shared: &Arc<Shared>,
    control: &ConnectionControl,
    request: Request<Incoming>,
) -> impl Future<Output = Result<Response<Body>, Infallible>> + use<> {
    let control = control.clone();
    control.set_busy(true);
    let response = server::respond(Arc::clone(shared), control.clone(), request);
    let task = tokio::spawn(response);
    async move {
        // It fails when it panics, which is a bug, and when the runtime ends.
        let response = task.await.unwrap_or_else(|error| {
            let mut response = Response::new(Body::from(format!("The emulator failed: {error}")));
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response
        });
        control.set_busy(false);
        Ok(response)
    }
}
