//! The pictures that people give themselves: drawn in code, the same number always the same picture.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::chance::Chance;

/// Width and height; a preview of the size that the list of the real page asks for is assumed.
const SIDE: u32 = 96;

/// Where the page finds a picture: on the page's own host, over HTTPS where the page is.
#[must_use]
pub fn address(number: u32) -> String {
    format!("/_picture/{number}.svg")
}

/// The colour of a picture's middle; no two of one hundred neighbouring numbers share it.
#[must_use]
pub fn middle(number: u32) -> [u8; 3] {
    // Steps of 37 of a hundred, in which red and green count up and blue decides which of them is bright.
    let place = number.wrapping_mul(37) % 100;
    let tens = u8::try_from(place / 10).unwrap_or(0);
    let ones = u8::try_from(place % 10).unwrap_or(0);
    [20 + tens * 23, 20 + ones * 23, if number.is_multiple_of(2) { 40 } else { 200 }]
}

/// A picture: rings and spots around a plain middle.
#[must_use]
pub fn draw(number: u32) -> String {
    let [red, green, blue] = middle(number);
    let mut chance = Chance::seeded(u64::from(number));
    let spots: String = (0..7)
        .map(|_| {
            let [x, y] = [0; 2].map(|_| chance.between(0, 95));
            let (size, shade) = (chance.between(9, 20), chance.between(0, 255));
            format!(r#"<circle cx="{x}" cy="{y}" r="{size}" fill="rgb({shade},{green},{blue})"/>"#)
        })
        .collect();
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{SIDE}" height="{SIDE}" viewBox="0 0 96 96"><rect width="96" height="96" fill="rgb({green},{blue},{red})"/>{spots}<circle cx="48" cy="48" r="30" fill="#fff"/><circle cx="48" cy="48" r="27" fill="rgb({red},{green},{blue})"/></svg>"##
    )
}

/// Serves a picture to the page.
pub async fn serve(Path(name): Path<String>) -> Response {
    let number = name.strip_suffix(".svg").and_then(|number| number.parse().ok());
    let Some(number) = number else { return StatusCode::NOT_FOUND.into_response() };
    ([(header::CONTENT_TYPE, "image/svg+xml")], draw(number)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_have_other_colours_and_a_number_is_always_the_same_picture() {
        let mut colours: Vec<[u8; 3]> = (0..100).map(middle).collect();
        colours.sort_unstable();
        colours.dedup();
        assert_eq!(colours.len(), 100);
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }
}
