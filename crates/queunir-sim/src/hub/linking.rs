//! Codes on screens, the phone that scans them, and devices that are logged out.
//!
//! ```text
//! hello without keys ─▶ ref 1 (60 s) ─▶ ref 2 … 6 (20 s each) ─▶ idle ─ reloadQr ─▶ ref 1
//!                          └── scanned ─▶ paired ─▶ the page comes back with its keys
//! ```

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::due::Task;
use super::{Inner, PageId, PhoneEvent, SimError};
use crate::wire::{DeviceKeys, ToPage};
use crate::world::phone::digits;
use crate::world::{Change, Device};

/// How many refs a batch has, and how long each lives (evidence 1.3).
const REFS: usize = 6;
const FIRST_REF_MS: f64 = 60_000.0;
const OTHER_REF_MS: f64 = 20_000.0;

/// How long a page shows what is no code while it switches after a scan.
const SWITCHING_MS: f64 = 400.0;

/// How long the code of a login by number takes.
const LINK_CODE_MS: f64 = 700.0;

/// The code a page shows.
#[derive(Debug, Default)]
pub(super) struct Screen {
    batch: u64,
    keys: Option<[String; 3]>,
    shown: Option<(String, usize)>,
    /// The eight characters of a login by number.
    link_code: Option<String>,
}

/// A code that is on a screen now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Code {
    /// The page that shows it.
    pub page: PageId,
    /// The text behind the picture.
    pub code: String,
    /// Counted from one.
    pub number: usize,
    /// How many there are.
    pub of: usize,
    /// The only account it could belong to, if there is just one.
    pub account: Option<String>,
}

/// What the phone read.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct ScanRequest {
    /// The text behind the picture.
    pub code: Option<String>,
    /// Or the eight characters of a login by number.
    pub link_code: Option<String>,
    /// Or the page that shows it.
    #[serde(alias = "device")]
    pub page: Option<PageId>,
    /// The phone's account; may be left out while there is one.
    pub account: Option<String>,
}

impl Inner {
    /// Begins a new batch of codes on a page that belongs to nobody.
    pub(super) fn start_batch(&mut self, id: PageId) {
        let Some(page) = self.pages.get_mut(&id).filter(|page| page.link.is_none()) else { return };
        page.qr.batch += 1;
        let batch = page.qr.batch;
        if page.qr.keys.is_none() {
            page.qr.keys = Some([self.chance.base64(32), self.chance.base64(32), self.chance.base64(32)]);
        }
        self.show_ref(id, batch, 0);
    }

    /// Shows the ref with this index, or the idle state after the last.
    pub(super) fn show_ref(&mut self, id: PageId, batch: u64, index: usize) {
        let Some(page) = self.pages.get_mut(&id).filter(|page| page.link.is_none() && page.qr.batch == batch) else {
            return;
        };
        if index >= REFS {
            page.qr.shown = None;
            self.push(id, &ToPage::QrIdle);
        } else if let Some([noise, identity, adv]) = &page.qr.keys {
            let code = self.chance.pairing_ref(noise, identity, adv);
            page.qr.shown = Some((code.clone(), index));
            let life = if index == 0 { FIRST_REF_MS } else { OTHER_REF_MS };
            let ttl_ms = u64::try_from(self.clock.real(life).as_millis()).unwrap_or(u64::MAX);
            let shown = self.dressed(&code);
            self.push(id, &ToPage::Qr { r#ref: shown, index, of: REFS, ttl_ms });
            self.later(life, Task::Qr { page: id, batch, index: index + 1 });
        }
        self.tell_phone(PhoneEvent::Devices);
    }

    /// A page asks for a code to be typed on the phone.
    pub(super) fn link_phone(&mut self, id: PageId, phone: &str) -> Result<(), SimError> {
        const SIGNS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ123456789";
        let wanted = digits(phone);
        if !self.world.accounts.values().any(|account| digits(&account.phone) == wanted) {
            return Err(SimError::NotFound("account"));
        }
        let mut sign = || SIGNS[usize::try_from(self.chance.between(0, 32)).unwrap_or(0) % SIGNS.len()];
        let code: String = (0..8).map(|_| char::from(sign())).collect();
        let Some(page) = self.pages.get_mut(&id).filter(|page| page.link.is_none()) else { return Ok(()) };
        page.qr.link_code = Some(code.clone());
        self.push_after(id, &ToPage::LinkCode { code }, LINK_CODE_MS);
        self.tell_phone(PhoneEvent::Devices);
        Ok(())
    }

    /// The codes on screens now.
    #[must_use]
    pub fn codes(&self) -> Vec<Code> {
        let account = if self.world.accounts.len() == 1 { self.world.accounts.keys().next().cloned() } else { None };
        let shown = |(id, page): (&PageId, &super::pages::Page)| {
            let (code, index) = page.qr.shown.clone()?;
            Some(Code { page: *id, code, number: index + 1, of: REFS, account: account.clone() })
        };
        self.pages.iter().filter_map(shown).collect()
    }

    /// The phone scans a code; gives the id of the new device.
    pub fn scan(&mut self, request: &ScanRequest) -> Result<String, SimError> {
        let wanted = request.code.as_deref().map(bare);
        let typed = request.link_code.as_deref().map(plain_code);
        let found = self.pages.iter().find(|(id, page)| {
            if let Some(typed) = &typed {
                return page.qr.link_code.as_ref() == Some(typed);
            }
            let shown = page.qr.shown.as_ref().map(|(code, _)| code.as_str());
            shown.is_some() && (wanted.as_deref() == shown || (wanted.is_none() && request.page == Some(**id)))
        });
        let id = found.map(|(id, _)| *id).ok_or(SimError::CodeExpired)?;
        let account = match &request.account {
            Some(account) => account.clone(),
            None if self.world.accounts.len() == 1 => self.world.accounts.keys().next().cloned().unwrap_or_default(),
            None => return Err(SimError::Refused("say which account scans")),
        };
        if !self.world.accounts.contains_key(&account) {
            return Err(SimError::NotFound("account"));
        }
        let device = Device {
            id: format!("d_{}", self.chance.hex(12).to_lowercase()),
            secret: self.chance.base64(32),
            linked_at: self.now(),
            synced: false,
        };
        let keys = DeviceKeys { id: device.id.clone(), secret: device.secret.clone() };
        self.commit(vec![Change::DeviceLinked { account, device }])?;
        if let Some(page) = self.pages.get_mut(&id) {
            page.qr.shown = None;
            page.qr.link_code = None;
            page.qr.batch += 1;
        }
        let paired = ToPage::Paired { device: keys.clone() };
        if self.look.ref_undefined {
            let r#ref = "undefined,undefined,undefined,undefined,1".to_owned();
            self.push(id, &ToPage::Qr { r#ref, index: 0, of: REFS, ttl_ms: 0 });
            self.push_after(id, &paired, SWITCHING_MS);
        } else {
            self.push(id, &paired);
        }
        self.tell_phone(PhoneEvent::Devices);
        Ok(keys.id)
    }

    /// Removes a device; its pages are told at once.
    pub fn log_out(&mut self, device: &str) -> Result<(), SimError> {
        let account = self.world.accounts.values().find(|account| account.devices.contains_key(device));
        let account = account.map(|account| account.id.clone()).ok_or(SimError::NotFound("device"))?;
        self.commit(vec![Change::DeviceRemoved { account, device: device.to_owned(), at: self.now() }])?;
        let linked = |page: &super::pages::Page| page.link.as_ref().is_some_and(|(_, linked)| linked == device);
        let ids: Vec<PageId> = self.pages.iter().filter(|(_, page)| linked(page)).map(|(id, _)| *id).collect();
        for id in ids {
            self.push(id, &ToPage::LoggedOut);
            if let Some(page) = self.pages.get_mut(&id) {
                page.link = None;
                page.ready = false;
                page.open = None;
                page.focused = None;
            }
        }
        self.tell_phone(PhoneEvent::Devices);
        Ok(())
    }

    /// Whether a page of this device is connected.
    #[must_use]
    pub fn is_connected(&self, device: &str) -> bool {
        self.pages.values().any(|page| page.live && page.link.as_ref().is_some_and(|(_, linked)| linked == device))
    }
}

fn plain_code(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase()
}

/// The ref without the prefix and suffix of the experiments in evidence 1.3.
fn bare(code: &str) -> String {
    let code = code.trim();
    let code = code.strip_prefix("https://wa.me/settings/linked_devices#").unwrap_or(code);
    code.strip_suffix(",https://faq.whatsapp.com/r/ld").unwrap_or(code).to_owned()
}
