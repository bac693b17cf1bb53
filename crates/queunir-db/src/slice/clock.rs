//! Moments in rows after the machine's clock was set: pauses and pace stay as long as they were.

use jiff::{SignedDuration, Timestamp};

use super::{SliceTx, words::moment};
use crate::DbError;

/// Moves what was noted by the clock before it was set by `step`, so that sending neither rests until the old time
/// comes again nor forgets what it sent a minute ago (POL-04). What was noted after the step, but before anybody knew
/// of it, stays: sends of the old time lie before its end, and no pause is longer than ten minutes.
pub async fn follow(tx: &mut SliceTx, step: SignedDuration, now: Timestamp) -> Result<(), DbError> {
    let step_ms = i64::try_from(step.as_millis()).unwrap_or_default();
    sqlx::query!(
        "update outgoing set
            intent_at = intent_at + case when intent_at <= $2::timestamptz - $1::bigint * interval '1 millisecond'
                then $1::bigint * interval '1 millisecond' else interval '0' end,
            not_before = not_before + case
                when not_before <= $2::timestamptz - $1::bigint * interval '1 millisecond' + interval '10 minutes'
                then $1::bigint * interval '1 millisecond' else interval '0' end
         where not_before is not null
            or intent_at > $2::timestamptz - $1::bigint * interval '1 millisecond' - interval '1 day'",
        step_ms,
        moment(now) as _,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "update acts set
            intent_at = intent_at + case when intent_at <= $2::timestamptz - $1::bigint * interval '1 millisecond'
                then $1::bigint * interval '1 millisecond' else interval '0' end,
            not_before = not_before + case
                when not_before <= $2::timestamptz - $1::bigint * interval '1 millisecond' + interval '10 minutes'
                then $1::bigint * interval '1 millisecond' else interval '0' end
         where not_before is not null
            or intent_at > $2::timestamptz - $1::bigint * interval '1 millisecond' - interval '1 day'",
        step_ms,
        moment(now) as _,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "update chats set
            to_read_since = to_read_since + case when to_read_since <= $2::timestamptz - $1::bigint * interval '1 millisecond'
                then $1::bigint * interval '1 millisecond' else interval '0' end,
            read_not_before = read_not_before + case
                when read_not_before <= $2::timestamptz - $1::bigint * interval '1 millisecond' + interval '10 minutes'
                then $1::bigint * interval '1 millisecond' else interval '0' end
         where to_read_since is not null or read_not_before is not null",
        step_ms,
        moment(now) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Moves back what lies in the future, because the clock was set back while no slice ran: the newest send counts as
/// just now, those before it by as much earlier, chats that wait to be read likewise, and no pause is longer than
/// `longest`.
pub async fn recall(tx: &mut SliceTx, now: Timestamp, longest: SignedDuration) -> Result<(), DbError> {
    sqlx::query!(
        "update outgoing set intent_at = intent_at - ((select max(intent_at) from outgoing) - $1::timestamptz)
         where intent_at > $1",
        moment(now) as _,
    )
    .execute(tx.conn())
    .await?;
    let latest = now.saturating_add(longest).unwrap_or(now);
    sqlx::query!("update outgoing set not_before = $1 where not_before > $1", moment(latest) as _)
        .execute(tx.conn())
        .await?;
    sqlx::query!(
        "update acts set intent_at = least(intent_at, $1), not_before = least(not_before, $2)
         where intent_at > $1 or not_before > $2",
        moment(now) as _,
        moment(latest) as _,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!("update chats set read_not_before = $1 where read_not_before > $1", moment(latest) as _)
        .execute(tx.conn())
        .await?;
    sqlx::query!(
        "update chats set to_read_since = to_read_since - ((select max(to_read_since) from chats) - $1::timestamptz)
         where to_read_since > $1",
        moment(now) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use queunir_core::{
        id::{ChatId, OutgoingId, UserId},
        slice::Pacing,
    };
    use sqlx::PgPool;
    use uuid::Uuid;

    use super::*;
    use crate::slice::{
        SliceDb,
        chats::{self, StoredChat},
        outgoing,
    };

    const PACE: Pacing = Pacing {
        min_gap_ms: 2_000,
        per_char_ms: 0,
        max_typing_ms: 0,
        per_minute: 2,
        per_hour: 100,
        per_day: 100,
        recovery_wait_ms: 0,
    };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + second).unwrap()
    }

    /// Two messages sent at these seconds, and one that may be tried again at the third.
    async fn sent(pool: &PgPool, seconds: [i64; 2], again: i64) -> SliceTx {
        let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
        let mut chat = StoredChat::new(ChatId(Uuid::from_u128(1)), "Ana".to_owned());
        chat.read_not_before = Some(at(again));
        chat.to_read_since = Some(at(seconds[1]));
        chats::insert(&mut tx, &chat).await.unwrap();
        for n in 0..3_u8 {
            let new = outgoing::New {
                id: OutgoingId(Uuid::from_u128(n.into())),
                chat: chat.id,
                client_key: &n.to_string(),
                text: "hello",
                body_hash: &[n; 32],
                user: UserId(Uuid::nil()),
                at: at(0),
                file: None,
                reply_to: None,
            };
            outgoing::insert(&mut tx, &new).await.unwrap();
        }
        for (n, second) in seconds.into_iter().enumerate() {
            sqlx::query("update outgoing set state = 'canceled', intent_at = $2 where client_key = $1")
                .bind(n.to_string())
                .bind(moment(at(second)))
                .execute(tx.conn())
                .await
                .unwrap();
        }
        sqlx::query("update outgoing set not_before = $1 where state = 'queued'")
            .bind(moment(at(again)))
            .execute(tx.conn())
            .await
            .unwrap();
        tx
    }

    /// Seconds until the next send is allowed, the queued one is due, the chat may be read, and since it waits for that.
    async fn waits(tx: &mut SliceTx, now: Timestamp) -> [i64; 4] {
        let allowed = outgoing::next_allowed(tx, &PACE, now).await.unwrap();
        let due = outgoing::next_due(tx).await.unwrap();
        let chat = chats::find(tx, ChatId(Uuid::from_u128(1))).await.unwrap();
        let (read, since) = chat.map_or((None, None), |chat| (chat.read_not_before, chat.to_read_since));
        [allowed, due, read, since].map(|at| at.map_or(0, |at| at.duration_since(now).as_secs()))
    }

    #[sqlx::test(migrator = "crate::slice::MIGRATIONS")]
    async fn pol_04_a_clock_that_is_set_neither_stops_the_pace_nor_forgets_it(pool: PgPool) {
        for hours in [-1, 1] {
            let mut tx = sent(&pool, [-20, -1], 8).await;
            assert_eq!(waits(&mut tx, at(0)).await, [40, 8, 8, -1], "as it should be");
            let step = SignedDuration::from_hours(hours);
            follow(&mut tx, step, at(0) + step).await.unwrap();
            assert_eq!(waits(&mut tx, at(0) + step).await, [40, 8, 8, -1], "{hours} h");
        }
    }

    #[sqlx::test(migrator = "crate::slice::MIGRATIONS")]
    async fn pol_04_what_was_noted_after_the_step_is_not_moved_into_the_future(pool: PgPool) {
        let mut tx = sent(&pool, [3_590, 3_599], 3_608).await;
        assert_eq!(waits(&mut tx, at(3_600)).await, [50, 8, 8, -1], "as it should be");
        follow(&mut tx, SignedDuration::from_hours(1), at(3_600)).await.unwrap();
        assert_eq!(waits(&mut tx, at(3_600)).await, [50, 8, 8, -1]);
    }

    #[sqlx::test(migrator = "crate::slice::MIGRATIONS")]
    async fn a_clock_set_back_while_nothing_ran_leaves_nothing_in_the_future(pool: PgPool) {
        let mut tx = sent(&pool, [-20, -1], 8).await;
        let now = at(-3_600);
        assert_eq!(waits(&mut tx, now).await, [3_640, 3_608, 3_608, 3_599]);
        recall(&mut tx, now, SignedDuration::from_secs(600)).await.unwrap();
        assert_eq!(waits(&mut tx, now).await, [41, 600, 600, 0], "the newest send counts as just now");
        recall(&mut tx, now, SignedDuration::from_secs(600)).await.unwrap();
        assert_eq!(waits(&mut tx, now).await, [41, 600, 600, 0], "once");
    }
}
