//! Who sits at the terminal, for the record.

use std::fs;

use rustix::process::{geteuid, getuid};

/// The user who signed in to the machine, where the kernel knows, else the one whose process this is; with whose rights
/// it runs is said where that is somebody else.
pub fn operator() -> String {
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let signed_in = fs::read_to_string("/proc/self/loginuid").ok().and_then(|text| text.trim().parse().ok());
    described(&passwd, signed_in, getuid().as_raw(), geteuid().as_raw())
}

fn described(passwd: &str, signed_in: Option<u32>, real: u32, effective: u32) -> String {
    // The kernel's word for nobody is the highest number.
    let who = signed_in.filter(|uid| *uid != u32::MAX).unwrap_or(real);
    let name = |uid: u32| {
        let known = passwd.lines().find_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next()?;
            (fields.nth(1)?.parse() == Ok(uid)).then(|| name.to_owned())
        });
        known.unwrap_or_else(|| format!("user {uid}"))
    };
    if who == effective { name(who) } else { format!("{} as {}", name(who), name(effective)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_signed_in_is_named_before_whoever_s_rights_are_used() {
        let passwd = "root:x:0:0:root:/root:/bin/bash\nana:x:1000:1000::/home/ana:/bin/bash\nbroken\n";
        assert_eq!(described(passwd, Some(1000), 0, 0), "ana as root");
        assert_eq!(described(passwd, Some(u32::MAX), 0, 0), "root");
        assert_eq!(described(passwd, None, 1000, 1000), "ana");
        assert_eq!(described(passwd, None, 77, 0), "user 77 as root");
    }
}
