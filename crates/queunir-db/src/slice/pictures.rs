//! The pictures of chats. The caller owns the transaction.

use jiff::Timestamp;
use queunir_core::id::ChatId;

use super::{
    SliceTx,
    media::{self, Hash, StoredFile, hash_of},
    words::moment,
};
use crate::DbError;

/// What stands for the picture that is stored of each chat.
pub async fn tokens(tx: &mut SliceTx) -> Result<Vec<(ChatId, String)>, DbError> {
    let rows = sqlx::query!("select chat_id, token from chat_pictures").fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(|row| (ChatId(row.chat_id), row.token)).collect())
}

/// The picture of a chat, unless its messages belong to another chat now.
pub async fn find(tx: &mut SliceTx, chat: ChatId) -> Result<Option<StoredFile>, DbError> {
    let hash = sqlx::query_scalar!(
        "select hash from chat_pictures p join chats c on c.id = p.chat_id where c.id = $1 and c.joined_into is null",
        chat.0,
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(hash) = hash else { return Ok(None) };
    media::stored_file(tx, &hash_of(&hash)?).await
}

/// A chat's picture is this file, which is noted already; says whether it looks otherwise than the one before.
pub async fn put(
    tx: &mut SliceTx,
    chat: ChatId,
    token: &str,
    hash: &Hash,
    taken_at: Timestamp,
) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar!(
        r#"with before as (select hash from chat_pictures where chat_id = $1)
           insert into chat_pictures (chat_id, token, hash, taken_at) values ($1, $2, $3, $4)
           on conflict (chat_id) do update set token = $2, hash = $3, taken_at = $4
           returning not exists (select from before where before.hash = $3) as "news!""#,
        chat.0,
        token,
        hash.as_slice(),
        moment(taken_at) as _,
    )
    .fetch_one(tx.conn())
    .await?)
}

/// A chat has no picture any more; says whether one was stored.
pub async fn remove(tx: &mut SliceTx, chat: ChatId) -> Result<bool, DbError> {
    let done = sqlx::query!("delete from chat_pictures where chat_id = $1", chat.0).execute(tx.conn()).await?;
    Ok(done.rows_affected() > 0)
}

/// A noted file is not in the media directory: whoever had it as a picture has none. Answers the chats.
pub async fn lose(tx: &mut SliceTx, hash: &Hash) -> Result<Vec<ChatId>, DbError> {
    let chats = sqlx::query_scalar!("delete from chat_pictures where hash = $1 returning chat_id", hash.as_slice())
        .fetch_all(tx.conn())
        .await?;
    Ok(chats.into_iter().map(ChatId).collect())
}

#[cfg(test)]
mod tests {
    use queunir_core::media::Thumbnail;
    use sqlx::PgPool;

    use super::*;
    use crate::slice::{
        SliceDb,
        chats::{self, StoredChat},
    };

    fn file(byte: u8) -> StoredFile {
        StoredFile {
            hash: [byte; 32],
            content_type: "image/webp".into(),
            bytes: 100,
            thumbnail_bytes: 0,
            width: None,
            height: None,
            thumbnail: Thumbnail::None,
        }
    }

    async fn with_chat(pool: &PgPool) -> (SliceTx, ChatId) {
        let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
        let chat = StoredChat::new(ChatId(uuid::Uuid::now_v7()), "Ana".into());
        chats::insert(&mut tx, &chat).await.unwrap();
        for byte in [1, 2] {
            media::insert_file(&mut tx, &file(byte)).await.unwrap();
        }
        (tx, chat.id)
    }

    async fn version(tx: &mut SliceTx, chat: ChatId) -> Option<String> {
        chats::find(tx, chat).await.unwrap().unwrap().chat().picture
    }

    #[sqlx::test(migrator = "crate::slice::MIGRATIONS")]
    async fn a_picture_is_replaced_kept_from_being_forgotten_and_let_go(pool: PgPool) {
        let (mut tx, chat) = with_chat(&pool).await;
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(version(&mut tx, chat).await, None);
        assert!(put(&mut tx, chat, "a", &[1; 32], now).await.unwrap());
        assert!(!put(&mut tx, chat, "b", &[1; 32], now).await.unwrap(), "another address of the same picture");
        assert_eq!(tokens(&mut tx).await.unwrap(), [(chat, "b".to_owned())]);
        assert_eq!(version(&mut tx, chat).await, Some(file(1).version()));
        assert_eq!(media::forget_unused(&mut tx).await.unwrap(), [[2; 32]], "what is a picture is used");

        media::insert_file(&mut tx, &file(2)).await.unwrap();
        assert!(put(&mut tx, chat, "c", &[2; 32], now).await.unwrap());
        assert_eq!(media::forget_unused(&mut tx).await.unwrap(), [[1; 32]]);
        assert_eq!(find(&mut tx, chat).await.unwrap(), Some(file(2)));
        assert!(remove(&mut tx, chat).await.unwrap() && !remove(&mut tx, chat).await.unwrap());
        assert_eq!((find(&mut tx, chat).await.unwrap(), version(&mut tx, chat).await), (None, None));
    }

    #[sqlx::test(migrator = "crate::slice::MIGRATIONS")]
    async fn a_file_that_is_lost_is_no_picture_any_more(pool: PgPool) {
        let (mut tx, chat) = with_chat(&pool).await;
        put(&mut tx, chat, "a", &[1; 32], Timestamp::UNIX_EPOCH).await.unwrap();
        assert_eq!(lose(&mut tx, &[1; 32]).await.unwrap(), [chat]);
        assert!(media::lose_file(&mut tx, &[1; 32]).await.unwrap().is_empty());
        assert_eq!(find(&mut tx, chat).await.unwrap(), None);
    }

    #[sqlx::test(migrator = "crate::slice::MIGRATIONS")]
    async fn of_two_chats_that_are_one_the_numbered_one_keeps_its_picture_and_the_other_has_its_own_again(
        pool: PgPool,
    ) {
        let (mut tx, named) = with_chat(&pool).await;
        let numbered = StoredChat::new(ChatId(uuid::Uuid::now_v7()), "+55 11 91000-0001".into());
        chats::insert(&mut tx, &numbered).await.unwrap();
        put(&mut tx, named, "a", &[1; 32], Timestamp::UNIX_EPOCH).await.unwrap();
        put(&mut tx, numbered.id, "b", &[2; 32], Timestamp::UNIX_EPOCH).await.unwrap();
        let join = async |tx: &mut SliceTx, into: Option<ChatId>| {
            sqlx::query("update chats set joined_into = $2 where id = $1")
                .bind(named.0)
                .bind(into.map(|chat| chat.0))
                .execute(tx.conn())
                .await
                .unwrap()
        };
        join(&mut tx, Some(numbered.id)).await;
        assert_eq!(find(&mut tx, named).await.unwrap(), None);
        assert_eq!(version(&mut tx, numbered.id).await, Some(file(2).version()));
        assert!(media::forget_unused(&mut tx).await.unwrap().is_empty(), "it can be taken apart again");
        join(&mut tx, None).await;
        assert_eq!(find(&mut tx, named).await.unwrap(), Some(file(1)));
    }
}
