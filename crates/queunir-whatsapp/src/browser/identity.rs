//! A supported browser, truthfully (POL-06): Chromium's own user agent without the word `Headless`, and client hints that match it.
//!
//! The user agent is also a command-line flag because service workers see only that; the flag empties the detailed client
//! hints, so the page gets an override with what the browser itself says of its brands and version.

use std::{path::Path, process::Stdio, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::LaunchError;
use crate::cdp::Session;

const CALL: Duration = Duration::from_secs(10);

/// One entry of the client hint `Sec-CH-UA`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brand {
    /// Its name.
    pub brand: String,
    /// Its version, major or full.
    pub version: String,
}

/// What the browser says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Full version, as in `156.0.8078.79`.
    pub version: String,
    /// User agent, in Chromium's reduced form.
    pub user_agent: String,
    /// Brands with major versions, in the browser's own order.
    pub brands: Vec<Brand>,
}

impl Identity {
    /// Asks the executable for its version.
    pub(super) async fn of(binary: &Path) -> Result<Self, LaunchError> {
        let asking = tokio::process::Command::new(binary)
            .arg("--version")
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .output();
        let output = tokio::time::timeout(CALL, asking)
            .await
            .map_err(|_| LaunchError::Start("no answer to --version".into()))?
            .map_err(|source| LaunchError::Io { what: "asking for the browser's version", source })?;
        Self::from_words(&String::from_utf8_lossy(&output.stdout))
            .ok_or_else(|| LaunchError::Start("its version is not understood".into()))
    }

    /// Reads `Chromium 156.0.8078.79 built on ...`.
    fn from_words(words: &str) -> Option<Self> {
        let version = words.split_whitespace().find(|word| {
            word.split('.').count() == 4 && word.split('.').all(|part| !part.is_empty() && part.parse::<u32>().is_ok())
        })?;
        let major = version.split('.').next()?;
        Some(Self {
            version: version.to_owned(),
            user_agent: format!(
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.0.0 Safari/537.36"
            ),
            brands: vec![Brand { brand: "Chromium".into(), version: major.to_owned() }],
        })
    }

    /// Reads the brands from a page of the browser's own, which counts as secure and touches no network.
    pub(super) async fn learn_brands(&mut self, page: &Session) -> Result<(), LaunchError> {
        #[derive(Deserialize)]
        struct Evaluated {
            result: Remote,
        }
        #[derive(Deserialize)]
        struct Remote {
            value: Option<Vec<Brand>>,
        }
        let _: Value = page.call("Page.navigate", json!({"url": "chrome://version/"}), CALL).await?;
        for _ in 0..50 {
            let params = json!({
                "expression": "globalThis.isSecureContext && navigator.userAgentData ? navigator.userAgentData.brands : null",
                "returnByValue": true,
            });
            let read: Result<Evaluated, _> = page.call("Runtime.evaluate", params, CALL).await;
            if let Ok(Evaluated { result: Remote { value: Some(brands) } }) = read {
                self.brands = brands.into_iter().filter(|b| !b.brand.contains("Headless")).collect();
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        tracing::warn!("the browser does not tell its brands");
        Ok(())
    }

    /// Parameters of `Emulation.setUserAgentOverride`.
    pub(crate) fn as_override(&self, locale: &str) -> Value {
        let full: Vec<Brand> = self.brands.iter().map(|brand| self.full(brand)).collect();
        let (architecture, bitness) = match std::env::consts::ARCH {
            "x86_64" => ("x86", "64"),
            "aarch64" => ("arm", "64"),
            _ => ("", ""),
        };
        json!({
            "userAgent": self.user_agent,
            "acceptLanguage": accept_language(locale),
            "platform": "Linux x86_64",
            "userAgentMetadata": {
                "brands": self.brands,
                "fullVersionList": full,
                "fullVersion": self.version,
                "platform": "Linux",
                "platformVersion": "",
                "architecture": architecture,
                "model": "",
                "mobile": false,
                "bitness": bitness,
                "wow64": false,
                "formFactors": ["Desktop"],
            },
        })
    }

    /// The brand with its full version; the invented brand has zeros there.
    fn full(&self, brand: &Brand) -> Brand {
        let own = self.version.split('.').next() == Some(brand.version.as_str());
        let version = if own { self.version.clone() } else { format!("{}.0.0.0", brand.version) };
        Brand { brand: brand.brand.clone(), version }
    }
}

/// The languages a browser of this locale asks for, best first.
pub(crate) fn accept_language(locale: &str) -> String {
    let locale = locale.replace('_', "-");
    let mut all = vec![locale.clone()];
    if let Some((language, _)) = locale.split_once('-') {
        all.push(language.to_owned());
    }
    for english in ["en-US", "en"] {
        if !all.iter().any(|known| known == english) {
            all.push(english.to_owned());
        }
    }
    all.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_from_the_executables_words() {
        let identity = Identity::from_words("Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)").unwrap();
        assert_eq!(identity.version, "156.0.8078.79");
        assert!(identity.user_agent.contains(" Chrome/156.0.0.0 "));
        assert!(Identity::from_words("nothing").is_none());
    }

    #[test]
    fn languages_fall_back_to_english() {
        assert_eq!(accept_language("pt-BR"), "pt-BR,pt,en-US,en");
        assert_eq!(accept_language("en-US"), "en-US,en");
        assert_eq!(accept_language("es"), "es,en-US,en");
    }
}
