//! Where a new tenant's tables go: a database of its own, or a schema in a shared one that has room (ISO-12, ISO-13).

use queunir_core::{id::SliceId, slice::TenancyMode};

use super::{ProvisionError, mode_word};
use crate::control::{
    ControlDb,
    tenants::{self, Tenant},
};

/// Tenants of one shared database. More, and a dump of one takes seconds and backends swell with catalogs; fewer, and
/// there are more databases to look after.
pub const SHARED_TENANTS: i64 = 500;

/// Refuses a mode that the tenants of this installation do not have.
///
/// # Errors
/// `OtherMode`, or when the control tables do not answer.
pub async fn refuse_other_mode(control: &ControlDb, mode: TenancyMode) -> Result<(), ProvisionError> {
    let mut tx = control.begin().await?;
    let tenants = tenants::count_others(&mut tx, mode).await?;
    if tenants == 0 {
        return Ok(());
    }
    let other = match mode {
        TenancyMode::Database => TenancyMode::Schema,
        TenancyMode::Schema => TenancyMode::Database,
    };
    Err(ProvisionError::OtherMode { wanted: mode_word(mode), other: mode_word(other), tenants })
}

/// A slice's place; a slice without one gets it now, and keeps it.
pub(super) async fn find_or_choose(
    control: &ControlDb,
    slice: SliceId,
    mode: TenancyMode,
    shared_tenants: i64,
) -> Result<Tenant, ProvisionError> {
    let mut tx = control.begin().await?;
    if let Some(found) = tenants::find(&mut tx, slice).await? {
        return Ok(found);
    }
    let shared = match mode {
        TenancyMode::Database => None,
        TenancyMode::Schema => Some(with_room(&tenants::list_shared_for_update(&mut tx).await?, shared_tenants)),
    };
    tenants::insert(&mut tx, &named(slice, mode, shared), shared).await?;
    let placed = tenants::find(&mut tx, slice).await?.ok_or(ProvisionError::Retired(slice))?;
    tx.commit().await?;
    Ok(placed)
}

/// The first shared database that has room, else the next one; numbers begin at 1.
fn with_room(used: &[(i32, i64)], most: i64) -> i32 {
    let is_full = |number: i32| used.iter().any(|(other, tenants)| *other == number && *tenants >= most);
    (1..).find(|number| !is_full(*number)).unwrap_or(1)
}

fn named(slice: SliceId, mode: TenancyMode, shared: Option<i32>) -> Tenant {
    let (database, schema, role) = match shared {
        None => (format!("wa_slice_{slice}"), "public".to_owned(), format!("wa_slice_{slice}")),
        Some(number) => (format!("wa_shared_{number}"), format!("slice_{slice}"), format!("slice_{slice}")),
    };
    Tenant {
        slice,
        mode,
        database,
        schema,
        role,
        version: None,
        fingerprint: None,
        failure: None,
        failed_fingerprint: None,
        retired_at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_database_that_is_full_is_followed_by_the_next_and_filled_again_when_it_has_room() {
        assert_eq!(with_room(&[], 500), 1);
        assert_eq!(with_room(&[(1, 499)], 500), 1);
        assert_eq!(with_room(&[(1, 500)], 500), 2);
        assert_eq!(with_room(&[(1, 500), (2, 500), (3, 7)], 500), 3);
        assert_eq!(with_room(&[(1, 500), (3, 7)], 500), 2);
        assert_eq!(with_room(&[(1, 12), (2, 500)], 500), 1);
    }
}
