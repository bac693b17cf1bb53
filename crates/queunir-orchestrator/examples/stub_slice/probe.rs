//! What a process in a slice's place can see and reach, for the tests of isolation: `probe facts` and
//! `probe tcp ADDRESS`.

use std::{
    collections::BTreeMap,
    fs, io,
    net::{SocketAddr, TcpStream},
    path::Path,
    time::Duration,
};

use serde_json::json;

/// Time for a connection. A wall that drops is told from a slow host by trying again without it.
const LIMIT: Duration = Duration::from_millis(1_000);

/// Answers one question on standard output.
pub fn run(arguments: &[String]) -> io::Result<()> {
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
        _ => Err(io::ErrorKind::InvalidInput.into()),
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
