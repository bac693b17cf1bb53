//! Delivery states: the label in the bubble first, then icon and colour (evidence 3.8; icon names lie).

use queunir_core::message::Ack;

use super::labels;

/// The state that a bubble's or a list row's drawing tells.
///
/// `label` is the `aria-label` (bubbles only), `icon` the icon's names, `colours` its computed colours.
#[must_use]
pub fn ack(label: Option<&str>, icon: Option<&str>, colours: &[String]) -> Option<Ack> {
    label.and_then(by_label).or_else(|| by_icon(icon?, colours))
}

fn by_label(label: &str) -> Option<Ack> {
    let tables = &labels::labels().ack;
    let (name, _) = tables.iter().find(|(_, words)| labels::contains(words, label))?;
    match name.as_str() {
        "pending" => Some(Ack::Pending),
        "sent" => Some(Ack::Sent),
        "delivered" => Some(Ack::Delivered),
        "read" => Some(Ack::Read),
        "played" => Some(Ack::Played),
        _ => None,
    }
}

/// One tick is called `delivered` and two are called `read`, whatever the recipient did.
fn by_icon(icon: &str, colours: &[String]) -> Option<Ack> {
    let two = || if colours.iter().any(|colour| is_blue(colour)) { Ack::Read } else { Ack::Delivered };
    icon.split_whitespace().find_map(|name| match name {
        "wds-ic-status-pending" | "ic-schedule" | "msg-time" | "status-time" => Some(Ack::Pending),
        "wds-ic-delivered" | "msg-check" | "status-check" => Some(Ack::Sent),
        "wds-ic-read" | "msg-dblcheck" | "status-dblcheck" => Some(two()),
        "msg-dblcheck-ack" | "status-dblcheck-ack" => Some(Ack::Read),
        _ => None,
    })
}

/// Blue is high and far above red; dark theme's grey is translucent white, so "blue is high" alone is wrong.
fn is_blue(colour: &str) -> bool {
    let Some(inner) = colour.trim().strip_prefix("rgb").and_then(|rest| rest.split_once('(')).map(|(_, inner)| inner)
    else {
        return false;
    };
    let parts: Vec<f64> =
        inner.split([',', ' ', '/', ')']).filter_map(|part| part.trim().parse::<f64>().ok()).collect();
    matches!(parts.as_slice(), [red, _, blue, ..] if *blue >= 150.0 && blue - red >= 60.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colours(text: &str) -> Vec<String> {
        vec![text.to_owned()]
    }

    #[test]
    fn the_label_wins_over_the_name_of_the_icon() {
        assert_eq!(ack(Some(" Delivered "), Some("wds-ic-read"), &colours("rgb(0, 123, 252)")), Some(Ack::Delivered));
        assert_eq!(ack(Some(" Lida "), Some("wds-ic-read"), &[]), Some(Ack::Read));
        assert_eq!(ack(Some(" Enviada "), None, &[]), Some(Ack::Sent));
        assert_eq!(ack(Some(" Reproduzida "), None, &[]), Some(Ack::Played));
    }

    #[test]
    fn icon_names_are_shifted_by_one() {
        assert_eq!(ack(None, Some("wds-ic-delivered"), &[]), Some(Ack::Sent));
        assert_eq!(ack(None, Some("wds-ic-read"), &colours("rgba(0, 0, 0, 0.6)")), Some(Ack::Delivered));
        assert_eq!(ack(None, Some("wds-ic-read"), &colours("rgb(0, 123, 252)")), Some(Ack::Read));
        assert_eq!(ack(None, Some("wds-ic-read"), &colours("rgba(255, 255, 255, 0.6)")), Some(Ack::Delivered));
        assert_eq!(ack(None, Some("msg-dblcheck"), &colours("rgb(83, 189, 235)")), Some(Ack::Read));
        assert_eq!(ack(None, Some("ic-schedule"), &[]), Some(Ack::Pending));
    }

    #[test]
    fn an_unknown_label_falls_back_to_the_icon_and_nothing_is_invented() {
        assert_eq!(ack(Some("прочитано"), Some("wds-ic-delivered"), &[]), Some(Ack::Sent));
        assert_eq!(ack(Some("?"), Some("wds-ic-star"), &[]), None);
        assert_eq!(ack(None, None, &[]), None);
    }
}
