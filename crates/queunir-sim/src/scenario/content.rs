//! What is written between braces in a conversation: everything that is not plain words.
//!
//! ```text
//! {image cake.jpg} {video market.jpg 12} {gif party.jpg 3} {sticker heart.webp} {album a.jpg, b.jpg}
//! {voice 14} {audio song.mp3 185} {document Price list.pdf 3}
//! {location -23.5,-46.6 | Name | Address} {contact Name = +55 11 …; Other = +55 11 …}
//! {poll Question? | One | Two} {polls …} (several choices) {call missed} {call video 340}
//! {once} {once video} {waiting} {notice group_created} {notice subject | The words}
//! ```

use crate::world::body::{Body, Call, Captioned, Card, Media, Place, Poll, PollOption, Sole};

/// Reads one; `caption` is what stands behind the braces.
pub fn parse(spec: &str, caption: &str) -> Result<Body, String> {
    let (kind, rest) = spec.split_once(' ').map_or((spec, ""), |(kind, rest)| (kind, rest.trim()));
    let with = |media: Media| Captioned { text: caption.to_owned(), media };
    Ok(match kind {
        "image" => Body::Image(with(picture(rest)?)),
        "video" => Body::Video(with(film(rest)?)),
        "gif" => Body::Gif(with(film(rest)?)),
        "album" => Body::Album {
            text: caption.to_owned(),
            media: rest.split(',').map(|file| picture(file.trim())).collect::<Result<_, _>>()?,
        },
        "sticker" => Body::Sticker(Sole { media: picture(rest)? }),
        "voice" => Body::Voice(Sole { media: Media { seconds: Some(number(rest)?), ..Media::default() } }),
        "audio" => Body::Audio(Sole { media: named(rest, |media, count| media.seconds = Some(count)) }),
        "document" => Body::Document(with(named(rest, |media, count| media.pages = Some(count)))),
        "location" => Body::Location(place(rest)?),
        "contact" => Body::Contact { cards: rest.split(';').map(card).collect::<Result<_, _>>()? },
        "poll" | "polls" => Body::Poll(poll(rest, kind == "polls")?),
        "call" => Body::Call(call(rest)),
        "once" => Body::ViewOnce { video: rest == "video" },
        "waiting" => Body::Undecrypted {},
        "notice" => {
            let (notice, text) = rest.split_once('|').unwrap_or((rest, ""));
            Body::System { notice: notice.trim().to_owned(), text: text.trim().to_owned() }
        }
        other => return Err(format!("unknown content {other:?}")),
    })
}

fn picture(file: &str) -> Result<Media, String> {
    if file.is_empty() {
        return Ok(Media { width: Some(800), height: Some(600), ..Media::default() });
    }
    if !crate::media::exists(file) {
        return Err(format!("no file {file:?} in scenarios/media"));
    }
    Ok(Media { file: Some(file.to_owned()), width: Some(800), height: Some(600), ..Media::default() })
}

/// The picture stands for the film; the player is not part of the simulator.
fn film(rest: &str) -> Result<Media, String> {
    let (file, seconds) = rest.rsplit_once(' ').ok_or("a film needs its seconds")?;
    let still = picture(file)?;
    Ok(Media { thumb: crate::media::thumb(&still), seconds: Some(number(seconds)?), ..still })
}

fn named(rest: &str, set: impl Fn(&mut Media, u32)) -> Media {
    let mut media = Media::default();
    let (name, count) = match rest.rsplit_once(' ') {
        Some((name, count)) if count.parse::<u32>().is_ok() => (name, count.parse().ok()),
        _ => (rest, None),
    };
    media.name = Some(name.to_owned());
    if let Some(count) = count {
        set(&mut media, count);
    }
    media
}

fn number(text: &str) -> Result<u32, String> {
    text.trim().parse().map_err(|_| format!("{text:?} is not a number"))
}

fn place(rest: &str) -> Result<Place, String> {
    let mut parts = rest.split('|').map(str::trim);
    let (latitude, longitude) = parts.next().and_then(|point| point.split_once(',')).ok_or("a place needs degrees")?;
    let text = |part: Option<&str>| part.filter(|text| !text.is_empty()).map(str::to_owned);
    Ok(Place {
        latitude: latitude.trim().to_owned(),
        longitude: longitude.trim().to_owned(),
        name: text(parts.next()),
        address: text(parts.next()),
    })
}

fn card(text: &str) -> Result<Card, String> {
    let (name, phone) = text.split_once('=').ok_or("a card is a name = a number")?;
    Ok(Card { name: name.trim().to_owned(), phone: phone.trim().to_owned() })
}

fn poll(rest: &str, several: bool) -> Result<Poll, String> {
    let mut parts = rest.split('|').map(|part| part.trim().to_owned());
    let question = parts.next().unwrap_or_default();
    let options: Vec<PollOption> = parts.map(|text| PollOption { text, voters: Vec::new() }).collect();
    if options.len() < 2 { Err("a poll needs two choices".to_owned()) } else { Ok(Poll { question, options, several }) }
}

fn call(rest: &str) -> Call {
    let seconds = rest.split(' ').find_map(|word| word.parse().ok()).unwrap_or(0);
    Call { video: rest.contains("video"), missed: rest.contains("missed"), seconds }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_are_read_with_their_captions() {
        assert_eq!(parse("image", "look").unwrap().text(), "look");
        let Body::Document(with) = parse("document Price list.pdf 3", "").unwrap() else { panic!("a document") };
        assert_eq!((with.media.name.as_deref(), with.media.pages), (Some("Price list.pdf"), Some(3)));
        let Body::Location(place) = parse("location -23.5, -46.6 | Café", "").unwrap() else { panic!("a place") };
        assert_eq!((place.longitude.as_str(), place.name.as_deref()), ("-46.6", Some("Café")));
        let Body::Call(call) = parse("call missed video", "").unwrap() else { panic!("a call") };
        assert!(call.video && call.missed);
        assert!(parse("image nowhere.jpg", "").is_err() && parse("poll Alone?", "").is_err());
    }
}
