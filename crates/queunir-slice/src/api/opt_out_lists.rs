//! All who do not want to be written to, as a list and as a file, out and in (POL-05).

use std::collections::{HashMap, HashSet};

use axum::{extract::State, http::StatusCode};
use base64::{Engine, prelude::BASE64_STANDARD};
use queunir_core::{
    chat::OptOut,
    id::{ChatId, UserId},
    phone::PhoneNumber,
};
use queunir_db::slice::{
    audit, chats,
    opt_out_numbers::{self, Known, Listed, New},
};
use queunir_service::{ApiError, Json, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Human, failed, pairing::refusal};
use crate::{
    app::App,
    ingest::Batch,
    opt_out_file::{self, Contents, MOST_BYTES, RefusedLine, Unreadable, Written},
};

/// Most entries of an answer; a file has all.
const SHOWN: usize = 500;
/// Most numbers that are noted. More, and writing a file of them takes seconds.
const MOST_NUMBERS: i64 = 100_000;
/// So many changed chats are told one by one; of more, everybody starts over.
const TOLD: usize = 200;

/// One who does not want to be written to.
#[derive(Debug, Serialize, ToSchema)]
pub struct OptedOut {
    /// Their chat; absent while there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Their number, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Since when, and why.
    #[serde(flatten)]
    pub opt_out: OptOut,
}

/// All who do not want to be written to.
#[derive(Debug, Serialize, ToSchema)]
pub struct OptOutList {
    /// The latest first, 500 at most.
    pub opt_outs: Vec<OptedOut>,
    /// How many there are.
    pub total: usize,
}

/// Answers who does not want to be written to: chats, and numbers with which there is none yet.
#[utoipa::path(get, path = "/api/opt-outs", tag = "chats", responses((status = 200, body = OptOutList)))]
pub async fn list(State(app): State<App>) -> Result<Json<OptOutList>, ApiError> {
    let all = all(&app).await?;
    let total = all.len();
    let told = |Listed { chat, title, phone, opt_out }| OptedOut { chat_id: chat, title, phone, opt_out };
    Ok(Json(OptOutList { opt_outs: all.into_iter().take(SHOWN).map(told).collect(), total }))
}

async fn all(app: &App) -> Result<Vec<Listed>, ApiError> {
    let mut tx = app.db.begin().await?;
    Ok(opt_out_numbers::list(&mut tx, 2 * MOST_NUMBERS).await?)
}

/// A file to be saved.
#[derive(Debug, Serialize, ToSchema)]
pub struct OptOutFile {
    /// CSV in UTF-8 with the columns `phone`, `name`, `since` and `reason`. Cells that a spreadsheet would take for a
    /// formula have a `'` before them, numbers too.
    pub csv: String,
}

/// Answers a file of all who do not want to be written to; who took it is on record.
#[utoipa::path(get, path = "/api/opt-outs/file", tag = "chats", responses((status = 200, body = OptOutFile)))]
pub async fn file(State(app): State<App>, Human(user): Human) -> Result<Json<OptOutFile>, ApiError> {
    let written = |Listed { title, phone, opt_out, .. }| Written { phone, name: title, opt_out };
    let lines: Vec<Written> = all(&app).await?.into_iter().map(written).collect();
    let csv = opt_out_file::write(&lines).map_err(ApiError::internal)?;
    let mut tx = app.db.begin().await?;
    audit::note(&mut tx, user, "opt_out_export", &format!("{} lines", lines.len())).await?;
    tx.commit().await?;
    Ok(Json(OptOutFile { csv }))
}

/// A file of numbers that do not want to be written to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportOptOuts {
    /// A CSV file or a plain list in UTF-8, in base64: at most 512 KiB and 10,000 lines. The column of the numbers is the
    /// one that is called so in English, Portuguese or Spanish, else the first cell of a line that is a number counts.
    pub file: String,
    /// Only says what would change.
    pub preview: bool,
}

/// A chat that opts out by a file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportedChat {
    /// Which.
    pub chat_id: ChatId,
    /// Its name.
    pub title: String,
    /// The number in the file that is theirs, in its longest form.
    pub phone: String,
}

/// What a file changed, or would change.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportedOptOuts {
    /// Nothing was changed.
    pub preview: bool,
    /// Chats that opt out, 500 at most.
    pub chats: Vec<ImportedChat>,
    /// How many chats.
    pub chats_total: usize,
    /// How many numbers are noted with which there is no chat; a chat with one of them opts out when it appears.
    pub numbers: usize,
    /// How many numbers had opted out before, or come again in the file.
    pub known: usize,
    /// Lines that are not taken, 500 at most.
    pub refused: Vec<RefusedLine>,
    /// How many lines are not taken.
    pub refused_total: usize,
}

/// Notes every number of a file as one that does not want to be written to, or says what that would change. A file that
/// cannot be read as a whole changes nothing; the same file once more changes nothing either.
#[utoipa::path(post, path = "/api/opt-outs/import", tag = "chats", request_body = ImportOptOuts, responses(
    (status = 200, body = ImportedOptOuts), (status = 409, body = Problem), (status = 413, body = Problem),
    (status = 422, body = Problem)))]
pub async fn import(
    State(app): State<App>,
    Human(user): Human,
    Json(body): Json<ImportOptOuts>,
) -> Result<Json<ImportedOptOuts>, ApiError> {
    let bytes = BASE64_STANDARD.decode(&body.file).map_err(|_| ApiError::field("file", "not_base64"))?;
    if bytes.len() > MOST_BYTES {
        return Err(ApiError::TooLarge);
    }
    let contents = opt_out_file::read(&bytes).map_err(unreadable)?;
    let (_turn, mut batch) = app.ingest.begin().await.map_err(failed)?;
    let import = Import::plan(&mut batch, contents).await?;
    if !body.preview {
        if opt_out_numbers::count(&mut batch.tx).await? + import.fresh() > MOST_NUMBERS {
            return Err(ApiError::conflict("too_many_opt_outs", "too many numbers are noted"));
        }
        import.carry_out(&mut batch, user).await?;
        app.ingest.finish(batch).await.map_err(failed)?;
    }
    Ok(Json(import.told(body.preview)))
}

fn unreadable(why: Unreadable) -> ApiError {
    let code = match why {
        Unreadable::NoList => "unreadable_file",
        Unreadable::Empty => "empty_list",
        Unreadable::TooLong => "too_many_lines",
    };
    ApiError::rejected(code, why.to_string())
}

/// What a file changes.
struct Import {
    /// Its numbers, each once.
    numbers: Vec<New>,
    /// Chats that opt out.
    chats: Vec<ImportedChat>,
    /// Numbers with which there is no chat, and that are not noted yet.
    alone: Vec<String>,
    known: usize,
    refused: Vec<RefusedLine>,
}

impl Import {
    async fn plan(batch: &mut Batch, contents: Contents) -> Result<Self, ApiError> {
        let (now, lines) = (batch.now, contents.lines.len());
        let mut seen = HashSet::new();
        let new = |line: opt_out_file::Line| New {
            opt_out: OptOut { at: line.since.unwrap_or(now).min(now), reason: line.reason },
            phone: line.phone,
        };
        let numbers: Vec<New> =
            contents.lines.into_iter().filter(|line| seen.insert(line.phone.longest())).map(new).collect();
        let mut by_number: HashMap<String, Vec<Known>> = HashMap::new();
        for known in opt_out_numbers::known(&mut batch.tx, &numbers).await? {
            by_number.entry(known.phone.clone()).or_default().push(known);
        }
        let mut import =
            Self { numbers: Vec::new(), chats: Vec::new(), alone: Vec::new(), known: 0, refused: contents.refused };
        for number in &numbers {
            let phone = number.phone.longest().as_str().to_owned();
            let known = by_number.remove(&phone).unwrap_or_default();
            let before = import.chats.len();
            for chat in known.iter().filter_map(|known| known.chat.clone()).filter(|chat| !chat.opted_out) {
                if import.chats.iter().skip(before).all(|other| other.chat_id != chat.id) {
                    import.chats.push(ImportedChat { chat_id: chat.id, title: chat.title, phone: phone.clone() });
                }
            }
            let has_chat = known.iter().any(|known| known.chat.is_some());
            let is_noted = known.iter().any(|known| known.noted);
            if !has_chat && !is_noted {
                import.alone.push(phone);
            }
        }
        import.known = lines - import.touched();
        import.numbers = numbers;
        Ok(import)
    }

    /// How many numbers change something that a person sees.
    fn touched(&self) -> usize {
        let with_chats: HashSet<&str> = self.chats.iter().map(|chat| chat.phone.as_str()).collect();
        with_chats.len() + self.alone.len()
    }

    fn fresh(&self) -> i64 {
        i64::try_from(self.numbers.len()).unwrap_or(i64::MAX)
    }

    async fn carry_out(&self, batch: &mut Batch, user: UserId) -> Result<(), ApiError> {
        opt_out_numbers::insert(&mut batch.tx, &self.numbers, user, batch.now).await?;
        let ids: HashSet<Uuid> = self.chats.iter().map(|chat| chat.chat_id.0).collect();
        let ids: Vec<Uuid> = ids.into_iter().collect();
        opt_out_numbers::recall_all(&mut batch.tx, &ids).await?;
        if ids.len() > TOLD {
            batch.everything_changed();
        } else {
            for chat in chats::list_by_ids(&mut batch.tx, &ids).await? {
                batch.chat(chat.chat());
            }
        }
        let with_chats = self.chats.iter().map(|chat| (chat.phone.clone(), Some(chat.chat_id)));
        let noted: Vec<(String, Option<ChatId>)> =
            with_chats.chain(self.alone.iter().map(|phone| (phone.clone(), None))).collect();
        audit::note_numbers(&mut batch.tx, user, "opt_out", "imported", &noted).await?;
        let result = format!("{} chats, {} numbers, {} refused", ids.len(), self.alone.len(), self.refused.len());
        Ok(audit::note(&mut batch.tx, user, "opt_out_import", &result).await?)
    }

    fn told(self, preview: bool) -> ImportedOptOuts {
        ImportedOptOuts {
            preview,
            chats_total: self.chats.len(),
            chats: self.chats.into_iter().take(SHOWN).collect(),
            numbers: self.alone.len(),
            known: self.known,
            refused_total: self.refused.len(),
            refused: self.refused.into_iter().take(SHOWN).collect(),
        }
    }
}

/// A number that may be written to again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LiftOptOut {
    /// In the international form.
    pub phone: String,
}

/// Forgets that a number, with which there is no chat, does not want to be written to; who said so is on record. Of a chat
/// that is said with the chat.
#[utoipa::path(post, path = "/api/opt-outs/lift", tag = "chats", request_body = LiftOptOut,
    responses((status = 204), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn lift(
    State(app): State<App>,
    Human(user): Human,
    Json(body): Json<LiftOptOut>,
) -> Result<StatusCode, ApiError> {
    let phone = PhoneNumber::parse(&body.phone).map_err(refusal)?;
    let (_turn, mut batch) = app.ingest.begin().await.map_err(failed)?;
    if !opt_out_numbers::remove(&mut batch.tx, &phone).await? {
        return Err(ApiError::NotFound("number"));
    }
    let number = [(phone.longest().as_str().to_owned(), None)];
    audit::note_numbers(&mut batch.tx, user, "opt_in", "lifted", &number).await?;
    app.ingest.finish(batch).await.map_err(failed)?;
    Ok(StatusCode::NO_CONTENT)
}
