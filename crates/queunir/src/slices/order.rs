//! An order of a person: written down as what is wanted, then watched until the orchestrator has made it so.

use std::{
    io::{self, BufRead, Write},
    process::ExitCode,
    time::Duration,
};

use anyhow::bail;
use queunir_core::{
    id::SliceId,
    operator::{Order, Progress, SliceCard},
    slice::Desired,
};
use queunir_db::control::{
    ControlDb, leadership,
    operator::{self, Author, Ordered},
};
use tokio::time::Instant;

use super::{print, print_json, table, unknown, who};

/// How often to look how far it is.
const LOOK: Duration = Duration::from_millis(150);
/// Without a leader for so long nobody is going to act; a new one takes over within seconds.
const LEADERLESS: Duration = Duration::from_secs(8);

/// Whether and how to wait.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    /// The longest; not at all if absent.
    pub limit: Option<Duration>,
    /// JSON on the standard output, and nothing else there.
    pub json: bool,
}

/// How waiting ended.
enum End {
    Reached,
    GaveUp(String),
    Overtaken,
    Late,
    NobodyLeads,
}

/// Writes the order down, and waits as asked. Exits with 1 when it is not reached.
///
/// # Errors
/// When there is no such slice, or it cannot take the order.
pub async fn give(db: &ControlDb, slice: SliceId, order: Order, waiting: Waiting) -> anyhow::Result<ExitCode> {
    let mut tx = db.begin().await?;
    let by = who::operator();
    let author = Author { by: &by, ip: None, request_id: None };
    let before = match operator::order(&mut tx, slice, order, &author).await? {
        Ordered::Unknown => return Err(unknown(slice)),
        Ordered::Refused(refusal) => bail!("slice {slice}: {refusal}"),
        Ordered::Written(before) => before,
    };
    tx.commit().await?;
    let say = |line: &str| -> anyhow::Result<()> {
        if waiting.json { Ok(writeln!(io::stderr(), "{line}")?) } else { print(line) }
    };
    say(&format!("Slice {slice}: {}.", written(order, &before)))?;
    let Some(limit) = waiting.limit else {
        if waiting.json {
            print_json(&find(db, slice).await?)?;
        }
        return Ok(ExitCode::SUCCESS);
    };
    let (end, after) = watch(db, slice, order, before.generation, limit, &say).await?;
    say(&told(slice, order, &end, &after, limit))?;
    if waiting.json {
        print_json(&after)?;
    }
    Ok(if matches!(end, End::Reached) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Tells what deletion takes away, and wants the slice's number typed.
///
/// # Errors
/// When something else is typed, or nothing; nothing was changed then.
pub async fn ask(
    db: &ControlDb,
    slice: SliceId,
    answers: &mut impl BufRead,
    say: &mut impl Write,
) -> anyhow::Result<()> {
    let card = find(db, slice).await?;
    writeln!(say, "This deletes slice {slice} of {}:", table::account(&card))?;
    writeln!(say, "  {} chats with {} messages, their files, notes and history", card.chats, card.messages)?;
    if let Some(phone) = &card.wa_phone {
        writeln!(say, "  the link to WhatsApp {phone}, which has to be made anew")?;
    }
    writeln!(
        say,
        "The slice ends at once; its data are erased after `slices.deletion_delay_hours`. Nothing turns a deletion back."
    )?;
    write!(say, "Type the slice's number to go on: ")?;
    say.flush()?;
    let mut typed = String::new();
    answers.read_line(&mut typed)?;
    if typed.trim() != slice.to_string() {
        writeln!(say)?;
        bail!("nothing was changed; type the number, or give --yes");
    }
    Ok(())
}

async fn find(db: &ControlDb, slice: SliceId) -> anyhow::Result<SliceCard> {
    let mut tx = db.begin().await?;
    operator::find(&mut tx, slice).await?.ok_or_else(|| unknown(slice))
}

/// Looks until the order is reached or never will be, and tells every change.
async fn watch(
    db: &ControlDb,
    slice: SliceId,
    order: Order,
    start: i64,
    limit: Duration,
    say: &impl Fn(&str) -> anyhow::Result<()>,
) -> anyhow::Result<(End, SliceCard)> {
    let began = Instant::now();
    let (mut last, mut led) = (String::new(), began);
    loop {
        let mut tx = db.begin().await?;
        let card = operator::find(&mut tx, slice).await?.ok_or_else(|| unknown(slice))?;
        if leadership::is_led(&mut tx).await? {
            led = Instant::now();
        }
        drop(tx);
        let seen = table::phase(&card);
        if seen != last {
            say(&format!("{:>7.1} s  {seen}", began.elapsed().as_secs_f64()))?;
            last = seen;
        }
        let end = match card.progress(order, start) {
            Progress::Reached => Some(End::Reached),
            Progress::GaveUp(why) => Some(End::GaveUp(why)),
            Progress::Overtaken => Some(End::Overtaken),
            Progress::UnderWay if led.elapsed() >= LEADERLESS => Some(End::NobodyLeads),
            Progress::UnderWay => (began.elapsed() >= limit).then_some(End::Late),
        };
        match end {
            Some(end) => return Ok((end, card)),
            None => tokio::time::sleep(LOOK).await,
        }
    }
}

fn written(order: Order, before: &SliceCard) -> String {
    let was = table::word(&before.desired);
    match order {
        Order::Start if before.desired == Desired::Linked => "wanted linked, as before".to_owned(),
        Order::Start => format!("wanted at level service (before: {was})"),
        Order::Link => format!("wanted linked (before: {was})"),
        Order::Stop if before.desired == Desired::Linked => {
            "wanted stopped (before: linked; `start --linked` brings the browser back)".to_owned()
        }
        Order::Stop => format!("wanted stopped (before: {was})"),
        Order::Restart => format!("a start after number {} is wanted", before.generation),
        Order::Destroy => "wanted deleted".to_owned(),
    }
}

fn told(slice: SliceId, order: Order, end: &End, after: &SliceCard, limit: Duration) -> String {
    let log = format!("`queunir slices logs {slice}` shows its log");
    match end {
        End::Reached if order == Order::Destroy => {
            format!("Slice {slice} has ended; its data are erased after `slices.deletion_delay_hours`.")
        }
        End::Reached => format!("Slice {slice} is {}.", table::phase(after)),
        End::GaveUp(why) => format!("Not reached: slice {slice} does not start: {}; {log}.", table::plain(why)),
        End::Overtaken => {
            format!(
                "Not reached: it is wanted {} meanwhile, by its tenant or by idleness.",
                table::word(&after.desired)
            )
        }
        End::Late => {
            let seconds = limit.as_secs();
            format!(
                "Not reached within {seconds} s, and still wanted: slice {slice} is {}; {log}.",
                table::phase(after)
            )
        }
        End::NobodyLeads => {
            "Not reached: nobody leads. No orchestrator runs here, or it has no database; what is wanted \
            is written down, and is done as soon as one leads."
                .to_owned()
        }
    }
}
