//! Whether this host lets Chromium have its sandbox (ISO-04). Without it no browser is started, whatever an operator may
//! wish: the page is somebody else's code.

use std::fs;

use anyhow::anyhow;

use crate::runtime::RuntimeError;

/// What a kernel says when it forbids the user namespaces that the sandbox is made of, and what an operator can do.
const FORBIDDEN: [(&str, &str, &str); 3] = [
    ("user/max_user_namespaces", "0", "sysctl -w user.max_user_namespaces=10000"),
    ("kernel/unprivileged_userns_clone", "0", "sysctl -w kernel.unprivileged_userns_clone=1"),
    (
        "kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "an AppArmor profile with `userns` for the browser, or sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ),
];

/// # Errors
/// `Refused`, with the remedy, when the kernel forbids what the sandbox needs.
pub fn check() -> Result<(), RuntimeError> {
    let setting = |name: &str| fs::read_to_string(format!("/proc/sys/{name}")).ok();
    obstacle(setting).map_or(Ok(()), |why| Err(RuntimeError::Refused(anyhow!(why))))
}

fn obstacle(setting: impl Fn(&str) -> Option<String>) -> Option<String> {
    let (name, value, remedy) =
        FORBIDDEN.into_iter().find(|(name, value, _)| setting(name).is_some_and(|found| found.trim() == *value))?;
    let name = name.replace('/', ".");
    Some(format!("Chromium gets no sandbox on this host ({name} = {value}), and is not started without it: {remedy}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_04_a_host_that_forbids_the_sandbox_is_named_with_the_remedy() {
        check().expect("tests start browsers on this host");
        assert_eq!(obstacle(|_| None), None, "a kernel that knows none of them forbids nothing");
        for (name, value, _) in FORBIDDEN {
            let why = obstacle(|asked| (asked == name).then(|| format!("{value}\n"))).unwrap();
            assert!(why.contains(&name.replace('/', ".")) && why.contains("sysctl -w"), "{why}");
            assert_eq!(obstacle(|asked| (asked == name).then(|| "7\n".to_owned())), None);
        }
    }
}
