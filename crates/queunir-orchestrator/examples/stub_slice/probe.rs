//! What a process in a slice's place can see and reach, for the tests of isolation: `probe facts`, `probe tcp ADDRESS`,
//! `probe crowd ADDRESS COUNT`, `probe sql DATABASE ROLE PASSWORD STATEMENT...` and `probe lines DATABASE ROLE PASSWORD COUNT` over the socket of its
//! spec, with `-` for what the spec says. `probe listen PORT` says who it is to whoever comes, `probe say MEGABYTES` fills
//! its log, `probe stay` leaves whatever started it and minds no TERM, `probe wait` is only there.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use queunir_core::slice::SliceSpec;
use queunir_db::Endpoint;
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::signal::unix::{SignalKind, signal};

/// Time for a connection. A wall that drops is told from a slow host by trying again without it.
const LIMIT: Duration = Duration::from_millis(1_000);
/// Time for each of many at once, some of which are heard only when they ask again.
const CROWD_LIMIT: Duration = Duration::from_secs(4);

/// Answers one question on standard output.
pub async fn run(arguments: &[String]) -> io::Result<()> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["facts"] => facts(),
        ["tcp", address] => {
            let address: SocketAddr = address.parse().map_err(io::Error::other)?;
            match TcpStream::connect_timeout(&address, LIMIT) {
                Ok(_) => println!("open"),
                Err(error) => println!("closed: {error}"),
            }
            Ok(())
        }
        ["crowd", address, count] => {
            let address: SocketAddr = address.parse().map_err(io::Error::other)?;
            let held = (0..count.parse().map_err(io::Error::other)?)
                .map_while(|_: usize| TcpStream::connect_timeout(&address, CROWD_LIMIT).ok());
            println!("{}", held.collect::<Vec<_>>().len());
            Ok(())
        }
        ["sql", database, role, password, ref statements @ ..] => {
            sql(&way(database, role, password)?, statements).await
        }
        ["lines", database, role, password, count] => {
            lines(&way(database, role, password)?, count.parse().map_err(io::Error::other)?).await;
            Ok(())
        }
        ["listen", port] => listen(port.parse().map_err(io::Error::other)?),
        ["say", megabytes] => say(megabytes.parse().map_err(io::Error::other)?),
        ["stay"] => leave(),
        ["stay", "on"] => stay().await,
        ["wait"] => {
            std::future::pending::<()>().await;
            Ok(())
        }
        _ => Err(io::ErrorKind::InvalidInput.into()),
    }
}

/// The slice's own way to its database, but for what is said otherwise.
fn way(database: &str, role: &str, password: &str) -> io::Result<Endpoint> {
    let spec: SliceSpec = serde_json::from_str(&fs::read_to_string("/run/queunir/spec.json")?)?;
    let or = |said: &str, own: String| if said == "-" { own } else { said.to_owned() };
    Ok(Endpoint {
        socket: spec.database_socket,
        port: spec.database_port,
        database: or(database, spec.database),
        role: or(role, spec.role),
        password: or(password, fs::read_to_string(spec.password_file)?).into(),
    })
}

/// Tells of each statement whether it is allowed; nothing of it stays.
async fn sql(way: &Endpoint, statements: &[&str]) -> io::Result<()> {
    for statement in statements {
        let outcome = async {
            let mut line = PgConnection::connect_with(&way.options(None)).await?;
            let mut tx = line.begin().await?;
            sqlx::raw_sql(AssertSqlSafe((*statement).to_owned())).execute(&mut *tx).await?;
            tx.rollback().await
        };
        println!("{}", told(outcome.await));
    }
    Ok(())
}

/// Tells whether so many connections are to be had at once.
async fn lines(way: &Endpoint, count: usize) {
    let mut held = Vec::new();
    for _ in 0..count {
        match PgConnection::connect_with(&way.options(None)).await {
            Ok(line) => held.push(line),
            Err(error) => return println!("{}", told(Err(error))),
        }
    }
    println!("done");
}

fn told(outcome: Result<(), sqlx::Error>) -> String {
    match outcome {
        Ok(()) => "done".to_owned(),
        Err(sqlx::Error::Database(error)) => format!("refused: {}", error.code().unwrap_or_default()),
        Err(error) => format!("refused: {error}"),
    }
}

fn listen(port: u16) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, port))?;
    for line in listener.incoming() {
        line?.write_all(b"somebody else")?;
    }
    Ok(())
}

fn say(megabytes: usize) -> io::Result<()> {
    let line = "x".repeat(1023);
    let mut out = io::BufWriter::new(io::stdout().lock());
    for _ in 0..megabytes * 1024 {
        writeln!(out, "{line}")?;
    }
    out.flush()
}

/// Starts another that leaves for a session of its own, and ends, so that nobody who knows it is left.
fn leave() -> io::Result<()> {
    let nobody = Stdio::null;
    Command::new(std::env::current_exe()?)
        .args(["probe", "stay", "on"])
        .stdin(nobody())
        .stdout(nobody())
        .stderr(nobody())
        .spawn()?;
    Ok(())
}

async fn stay() -> io::Result<()> {
    rustix::process::setsid()?;
    let mut term = signal(SignalKind::terminate())?;
    loop {
        term.recv().await;
    }
}

fn facts() -> io::Result<()> {
    let status = fs::read_to_string("/proc/self/status")?;
    let status: BTreeMap<&str, &str> =
        status.lines().filter_map(|line| line.split_once(':')).map(|(name, value)| (name, value.trim())).collect();
    let mounts = fs::read_to_string("/proc/self/mountinfo")?;
    let writable: Vec<&str> = mounts.lines().filter_map(writable).collect();
    let processes = fs::read_dir("/proc")?
        .flatten()
        .filter(|entry| entry.file_name().to_str().is_some_and(|name| name.parse::<u32>().is_ok()))
        .count();
    let write = |path: &str| fs::write(path, "x").map_or_else(|error| error.to_string(), |()| "written".to_owned());
    let written = ["/x", "/usr/local/bin/x", "/run/queunir/spec.json"].map(|path| (path, write(path)));
    let sockets = ["/var/run/docker.sock", "/run/docker.sock"].map(|path| Path::new(path).exists());
    let facts = json!({
        "status": status,
        "writable": writable,
        "processes": processes,
        "hostname": fs::read_to_string("/proc/sys/kernel/hostname")?.trim(),
        "init": fs::read_to_string("/proc/1/cmdline")?,
        "write": written,
        "sockets": sockets,
        "spec": fs::read_to_string("/run/queunir/spec.json").is_ok(),
    });
    println!("{facts}");
    Ok(())
}

/// The place of a mount that may be written to.
fn writable(line: &str) -> Option<&str> {
    let fields: Vec<&str> = line.split(' ').collect();
    let (place, options) = (fields.get(4)?, fields.get(5)?);
    options.split(',').any(|option| option == "rw").then_some(*place)
}
