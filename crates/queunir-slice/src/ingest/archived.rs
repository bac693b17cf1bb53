//! The drawer of archived chats becomes chats without a place in the list; a chat that moves between the two stays one.

use std::collections::{HashMap, HashSet};

use queunir_core::id::ChatId;
use queunir_db::slice::chats;
use queunir_whatsapp::seen::SeenList;

use super::{
    Batch, IngestError,
    identity::identify,
    list::{ListRead, cleaned, take_row},
};

/// Stores what the drawer showed; the list itself was stored before it, complete.
pub async fn store(
    batch: &mut Batch,
    seen: &SeenList,
    open: Option<ChatId>,
    looks: &HashMap<ChatId, u64>,
) -> Result<ListRead, IngestError> {
    let mut titles: HashMap<&str, usize> = HashMap::new();
    for row in &seen.rows {
        *titles.entry(row.title.as_str()).or_default() += 1;
    }
    let mut done: HashSet<ChatId> = HashSet::new();
    let mut read = ListRead { rows: 0, to_read: false, looks: Vec::new(), pictures: Vec::new() };
    for row in seen.rows.iter().filter(|row| !row.title.is_empty()) {
        let twice = seen.complete && titles.get(row.title.as_str()).is_some_and(|count| *count > 1);
        let row = cleaned(row);
        let mut found = identify(batch, &row.title, row.phone.as_deref(), None).await?;
        if !done.insert(found.chat.id) || looks.get(&found.chat.id).is_some_and(|look| *look > row.look) {
            continue;
        }
        // Nothing is in both: two chats have this name. One that went in between the two looks is told apart at the next.
        let listed = found.chat.rank.is_some();
        found.chat.ambiguous = twice || listed;
        if listed {
            found.save(batch).await?;
            continue;
        }
        read.looks.push((found.chat.id, row.look));
        take_row(batch, &mut found, &row, open).await?;
        read.to_read |= found.chat.to_read_since.is_some();
        found.save(batch).await?;
    }
    read.rows = done.len();
    if seen.complete {
        for mut chat in chats::list(&mut batch.tx).await? {
            if chat.archived && !done.contains(&chat.id) {
                chat.archived = false;
                chats::update(&mut batch.tx, &chat).await?;
                batch.chat(chat.chat());
            }
        }
    }
    Ok(read)
}
