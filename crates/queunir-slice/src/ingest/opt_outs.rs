//! A number that does not want to be written to turns out to be a chat's (POL-05).

use queunir_db::slice::{audit, chats::StoredChat, opt_out_numbers};

use super::{Batch, IngestError};

/// A chat whose number is noted does not want to be written to from now on; on record under who noted it.
pub(crate) async fn recall(batch: &mut Batch, chat: &mut StoredChat) -> Result<(), IngestError> {
    let Some((opt_out, user)) = opt_out_numbers::recall(&mut batch.tx, chat.id).await? else { return Ok(()) };
    chat.opt_out = Some(opt_out);
    let entry = audit::Entry {
        user: Some(user),
        action: "opt_out",
        chat: Some(chat.id),
        outgoing: None,
        body_hash: None,
        result: "number_known",
    };
    Ok(audit::record(&mut batch.tx, &entry).await?)
}
