//! Which loopback port a slice gets: the one it had, else its own odd one, else the next free odd one.

use std::net::{Ipv4Addr, TcpListener};

use queunir_core::id::SliceId;

/// Last port that is given out: below the range that outgoing connections use.
pub const LAST_PORT: u16 = 32_767;

/// Chooses a port; `others` are held by other slices' rows, `is_free` asks the machine.
#[must_use]
pub fn choose(
    base: u16,
    slice: SliceId,
    stored: Option<u16>,
    others: &[u16],
    is_free: impl Fn(u16) -> bool,
) -> Option<u16> {
    let base = base | 1;
    let count = i64::from(LAST_PORT.saturating_sub(base) / 2) + 1;
    let first = (slice.0 - 1).rem_euclid(count);
    let own = (0..count).filter_map(|step| u16::try_from(i64::from(base) + 2 * ((first + step) % count)).ok());
    stored.into_iter().chain(own).find(|port| !others.contains(port) && is_free(*port))
}

/// Whether nobody listens on a loopback port.
#[must_use]
pub fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_keeps_its_port_and_avoids_taken_ones() {
        let all = |_| true;
        assert_eq!(choose(5001, SliceId(1), None, &[], all), Some(5001));
        assert_eq!(choose(5001, SliceId(3), None, &[], all), Some(5005));
        assert_eq!(choose(5001, SliceId(3), Some(5999), &[], all), Some(5999));
        assert_eq!(choose(5001, SliceId(3), Some(5999), &[5999], all), Some(5005));
        assert_eq!(choose(5001, SliceId(3), None, &[5005, 5007], |port| port != 5009), Some(5011));
        assert_eq!(choose(5001, SliceId(13_885), None, &[], all), Some(5001), "wraps around");
        assert_eq!(choose(5001, SliceId(1), None, &[], |_| false), None);
    }

    #[test]
    fn a_listener_takes_its_port() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(!is_free(port));
        drop(listener);
        assert!(is_free(port));
    }
}
