//! How large this machine is.

use std::{fs, io, num::NonZero, thread::available_parallelism};

use queunir_core::capacity::HostSize;

/// Memory and cores, as far as this process may use them; what the orchestrator allows is not known here.
///
/// # Errors
/// When the kernel does not tell.
pub fn size() -> io::Result<HostSize> {
    let memory_bytes = total_memory(&fs::read_to_string("/proc/meminfo")?)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "/proc/meminfo names no MemTotal"))?;
    let cores = u32::try_from(available_parallelism().map_or(1, NonZero::get)).unwrap_or(u32::MAX);
    Ok(HostSize { memory_bytes, cores, linked_cap: None })
}

fn total_memory(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kilobytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_word_is_read() {
        assert_eq!(total_memory("MemTotal:       24601234 kB\nMemFree: 1 kB\n"), Some(24_601_234 * 1024));
        for broken in ["", "MemTotal: many kB", "MemTotal: 1", "MemFree: 1 kB"] {
            assert_eq!(total_memory(broken), None, "{broken}");
        }
        let here = size().unwrap();
        assert!(here.memory_bytes > 64 << 20 && here.cores >= 1);
    }
}
