//! Where new rows go among the stored ones, and how runs that were read apart are joined (DEL-03).

use jiff::Timestamp;
use queunir_core::id::{ChatId, MessageId};
use queunir_db::slice::messages;

use super::{Batch, IngestError};
use crate::order;

/// What a window says about its ends.
#[derive(Clone, Copy, Debug)]
pub struct Ends {
    /// Its first row is the first of the history.
    pub at_start: bool,
    /// Its last row is the newest.
    pub at_end: bool,
    /// Time of its first drawn row.
    pub first_at: Option<Timestamp>,
}

/// Keys for `count` new rows that stand directly between two known neighbours in the page.
pub async fn keys(
    batch: &mut Batch,
    chat: ChatId,
    above: Option<&str>,
    below: Option<&str>,
    ends: Ends,
    count: usize,
) -> Result<Vec<String>, IngestError> {
    let tx = &mut batch.tx;
    let (low, high) = match (above, below) {
        (Some(above), _) => (Some(above.to_owned()), messages::next_order(tx, chat, above).await?),
        (None, Some(below)) => (messages::previous_order(tx, chat, below).await?, Some(below.to_owned())),
        (None, None) if ends.at_end => (messages::last_order(tx, chat).await?, None),
        (None, None) if ends.at_start => (None, messages::first_order(tx, chat).await?),
        (None, None) => {
            let low = match ends.first_at {
                Some(at) => messages::last_order_until(tx, chat, at).await?,
                None => messages::last_order(tx, chat).await?,
            };
            let high = match &low {
                Some(low) => messages::next_order(tx, chat, low).await?,
                None => messages::first_order(tx, chat).await?,
            };
            (low, high)
        }
    };
    Ok(order::between(low.as_deref(), high.as_deref(), count))
}

/// Brings a chat into the order in which the page showed its rows, moving as few as possible; returns who moved.
pub async fn rearrange(batch: &mut Batch, chat: ChatId) -> Result<Vec<MessageId>, IngestError> {
    let rows = messages::whole_chat(&mut batch.tx, chat).await?;
    let links: Vec<_> = rows.iter().map(|row| (row.id, row.after)).collect();
    let wanted = order::arrange(&links);
    let places: Vec<Option<&str>> = wanted.iter().map(|at| Some(rows[*at].order_key.as_str())).collect();
    let stays = order::rising(&places);
    let mut moved = Vec::new();
    let mut at = 0;
    let mut low: Option<String> = None;
    while at < wanted.len() {
        if stays[at] {
            low = Some(rows[wanted[at]].order_key.clone());
            at += 1;
            continue;
        }
        let end = (at..wanted.len()).find(|next| stays[*next]).unwrap_or(wanted.len());
        let high = wanted.get(end).map(|next| rows[*next].order_key.clone());
        for (offset, key) in order::between(low.as_deref(), high.as_deref(), end - at).into_iter().enumerate() {
            let id = rows[wanted[at + offset]].id;
            messages::set_order(&mut batch.tx, id, &key).await?;
            moved.push(id);
            low = Some(key);
        }
        at = end;
    }
    Ok(moved)
}
