//! Where a window leaves something out, and where it fills what another one left out (DEL-04).

use queunir_core::{
    history::GapState,
    id::{ChatId, GapId, MessageId},
};
use queunir_db::slice::{
    gaps::{self, Chain, StoredGap},
    messages::StoredMessage,
};
use uuid::Uuid;

use super::{Batch, IngestError};

/// Follows the gaps that are known: one whose lower end hangs together with known ground, or with the start of the chat,
/// is closed. Then notes a gap above each row of a stored window that hangs together with nothing older.
pub(super) async fn look(
    batch: &mut Batch,
    chat: ChatId,
    rows: &[(String, StoredMessage)],
    at_start: bool,
) -> Result<(), IngestError> {
    let start = rows.first().filter(|_| at_start).map(|(_, row)| row.id);
    let unclosed = gaps::unclosed(&mut batch.tx, chat).await?;
    let mut ends: Vec<(GapId, MessageId)> = unclosed.iter().map(|one| (one.gap.id, one.gap.before_id)).collect();
    for stored in unclosed {
        let id = stored.gap.id;
        let chain = gaps::chain(&mut batch.tx, &stored.gap).await?;
        // One whose lower end is gone, or has become another's, says nothing any more.
        let over = chain.as_ref().is_none_or(|chain| {
            let anothers = ends.iter().any(|(other, end)| *other != id && *end == chain.top);
            chain.grounded || Some(chain.top) == start || anothers
        });
        let end = settle(batch, stored, chain, over).await?;
        ends.retain(|(other, _)| *other != id);
        ends.extend(end.map(|end| (id, end)));
    }
    let loose = |row: &StoredMessage| row.after.is_none() && Some(row.id) != start;
    let tops: Vec<Uuid> = rows.iter().filter(|(_, row)| loose(row)).map(|(_, row)| row.id.0).collect();
    if !tops.is_empty() {
        gaps::note(&mut batch.tx, chat, &tops, batch.now).await?;
    }
    Ok(())
}

/// Brings a gap up to date; answers its lower end, if it is not over.
async fn settle(
    batch: &mut Batch,
    mut stored: StoredGap,
    chain: Option<Chain>,
    over: bool,
) -> Result<Option<MessageId>, IngestError> {
    let told = stored.gap.state == GapState::Open;
    if over && !told {
        gaps::forget(&mut batch.tx, stored.gap.id).await?;
        return Ok(None);
    }
    let gap = &mut stored.gap;
    let before = gap.clone();
    if let Some(chain) = chain {
        gap.found = gap.found.saturating_add(chain.between);
        if !over {
            gap.before_id = chain.top;
            gap.until = chain.top_at;
        }
    }
    if over {
        gap.state = GapState::Closed;
        gap.next_try = None;
    }
    let end = (!over).then_some(gap.before_id);
    if *gap != before {
        gaps::update(&mut batch.tx, &stored, batch.now).await?;
        if told {
            batch.gap(stored.gap);
        }
    }
    Ok(end)
}
