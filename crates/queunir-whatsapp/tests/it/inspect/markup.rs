//! Rows as the evidence describes them, in both generations of markup.

/// One bubble; what is empty is not drawn.
#[derive(Clone, Copy, Default)]
pub struct Bubble<'a> {
    pub key: &'a str,
    /// Packed in the older generation: `true` for ours.
    pub ours: bool,
    pub tail: bool,
    /// Hidden author label, with its colon.
    pub label: &'a str,
    /// `data-pre-plain-text`.
    pub pre: &'a str,
    pub body: &'a str,
    /// Before the body, inside the bubble.
    pub inside: &'a str,
    /// Behind the bubble.
    pub outside: &'a str,
    /// Before the clock.
    pub meta: &'a str,
    pub clock: &'a str,
    /// Name of the icon and its label.
    pub ack: Option<(&'a str, &'a str)>,
}

/// A row since 2026: the bare key, test ids, no classes that mean anything.
pub fn g3(bubble: &Bubble<'_>) -> String {
    let Bubble { key, label, meta, clock, inside, outside, .. } = bubble;
    let way = if bubble.ours { "out" } else { "in" };
    let tail = when(bubble.tail, || {
        format!(
            "<span aria-hidden=\"true\" data-testid=\"tail-{way}\" data-icon=\"tail-{way}\"><svg><title>tail-{way}</title></svg></span>"
        )
    });
    let ack = bubble.ack.map_or_else(String::new, |(icon, label)| {
        format!("<div><span aria-label=\"{label}\"><svg><title>{icon}</title></svg></span></div>")
    });
    let body = when(!bubble.body.is_empty(), || {
        format!(
            "<div><span data-testid=\"selectable-text\" class=\"selectable-text copyable-text\" dir=\"ltr\"><span>{}</span></span><span aria-hidden=\"true\"><span>{clock}</span></span></div>",
            bubble.body
        )
    });
    let copy = stamped(bubble.pre, &format!("{inside}{body}"));
    let label = when(!label.is_empty(), || format!("<span aria-label=\"{label}\"></span>"));
    format!(
        "<div role=\"row\"><div data-id=\"{key}\" data-testid=\"conv-msg-{key}\" tabindex=\"-1\"><div data-virtualized=\"false\"><div>{tail}\
         <div data-testid=\"msg-container\">{label}{copy}<div data-testid=\"msg-meta\">{meta}<span dir=\"auto\">{clock}</span>{ack}</div></div>{outside}</div></div></div></div>"
    )
}

/// A row until 2026: the packed id, `message-in` and `message-out`, icons by `data-icon`, hardly a test id.
pub fn g2(bubble: &Bubble<'_>) -> String {
    let Bubble { key, label, meta, clock, inside, outside, .. } = bubble;
    let way = if bubble.ours { "out" } else { "in" };
    let tail = when(bubble.tail, || format!("<span aria-hidden=\"true\" data-icon=\"tail-{way}\"><svg></svg></span>"));
    let ack = bubble.ack.map_or_else(String::new, |(icon, label)| {
        format!("<div><span data-icon=\"{icon}\" aria-label=\"{label}\"><svg></svg></span></div>")
    });
    let body = when(!bubble.body.is_empty(), || {
        format!(
            "<div><span dir=\"ltr\" class=\"_ao3e selectable-text copyable-text\"><span>{}</span></span></div>",
            bubble.body
        )
    });
    let copy = stamped(bubble.pre, &format!("{inside}{body}"));
    let label = when(!label.is_empty(), || format!("<span aria-label=\"{label}\"></span>"));
    format!(
        "<div role=\"row\"><div tabindex=\"-1\" data-id=\"{key}\"><div class=\"message-{way} focusable-list-item _amjy\">{tail}<div>{label}\
         {copy}<div class=\"_amk6\">{meta}<span class=\"x1rg5ohu\" dir=\"auto\">{clock}</span>{ack}</div></div>{outside}</div></div></div>"
    )
}

fn stamped(pre: &str, inner: &str) -> String {
    if pre.is_empty() {
        return inner.to_owned();
    }
    format!("<div class=\"copyable-text\" data-pre-plain-text=\"{pre}\">{inner}</div>")
}

fn when(there: bool, make: impl Fn() -> String) -> String {
    if there { make() } else { String::new() }
}

/// A date between rows.
pub fn marker(text: &str) -> String {
    format!("<div><div><span dir=\"auto\">{text}</span></div></div>")
}

/// A whole page of the current generation around these rows.
pub fn page(lang: &str, list: &str, header: &str, rows: &str) -> String {
    format!(
        "<!DOCTYPE html><html id=\"whatsapp-web\" lang=\"{lang}\" dir=\"ltr\"><head><meta charset=\"utf-8\"><title>WhatsApp</title></head><body>\
         <div id=\"app\"><div class=\"app-wrapper-web\" data-testid=\"wa-web-main-screen\"><div id=\"side\">\
         <div id=\"pane-side\" data-scrolltracepolicy=\"wa.web.chatlist\"><div data-testid=\"chat-list\" tabindex=\"0\">\
         <div role=\"grid\" aria-label=\"x\" aria-rowcount=\"485\">{list}</div></div></div></div>\
         <div id=\"main\" data-testid=\"conversation-panel-wrapper\"><header data-testid=\"conversation-header\">{header}</header>\
         <div data-testid=\"conversation-panel-body\"><div class=\"copyable-area\"><div data-testid=\"conversation-panel-messages\" \
         data-scrolltracepolicy=\"wa.web.conversation.messages\" tabindex=\"0\"><div data-tab=\"8\">{rows}</div></div></div></div>\
         <footer><div data-testid=\"compose-box\"></div></footer></div></div></div></body></html>"
    )
}

/// The header of an open conversation.
pub fn header(title: &str, subtitle: &str) -> String {
    format!(
        "<div data-testid=\"conversation-info-header\" data-tab=\"6\"><span dir=\"auto\" title=\"{title}\" \
         data-testid=\"conversation-info-header-chat-title\">{title}</span><span data-testid=\"chat-subtitle\" title=\"{subtitle}\">{subtitle}</span></div>"
    )
}
