//! Where log lines go.

use std::{
    fmt,
    io::{IsTerminal, stderr},
};

use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    EnvFilter, Layer,
    fmt::{
        FmtContext, FormatEvent, FormatFields,
        format::{Format, JsonFields, Writer},
        time::{FormatTime, SystemTime},
    },
    layer::SubscriberExt,
    registry::LookupSpan,
    util::SubscriberInitExt,
};

/// What `filter` falls back to when it cannot be parsed or is not given.
const DEFAULT_FILTER: &str = "info,sqlx=warn,hyper=warn,rustls=warn";
/// Target of the sign-in log; its lines have a grammar of their own, which fail2ban reads (AUTH-14).
pub const AUTH_TARGET: &str = "queunir_auth";

/// Starts logging to standard error: text on a terminal, JSON elsewhere. A second call changes nothing.
pub fn init(filter: Option<&str>) {
    let filter = filter
        .and_then(|text| EnvFilter::try_new(text).ok())
        .or_else(|| EnvFilter::try_new(DEFAULT_FILTER).ok())
        .unwrap_or_default();
    let lines = tracing_subscriber::fmt::layer().with_writer(stderr);
    let lines = if stderr().is_terminal() {
        lines.event_format(Lines(Format::default())).boxed()
    } else {
        lines.fmt_fields(JsonFields::new()).event_format(Lines(Format::default().json().flatten_event(true))).boxed()
    };
    if tracing_subscriber::registry().with(filter).with(lines).try_init().is_err() {
        tracing::debug!("logging was started before");
    }
}

/// Formats as `F` does, but writes sign-in lines bare: time and message.
struct Lines<F>(F);

impl<S, N, F> FormatEvent<S, N> for Lines<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        if event.metadata().target() != AUTH_TARGET {
            return self.0.format_event(context, writer, event);
        }
        SystemTime.format_time(&mut writer)?;
        let mut message = Message(String::new());
        event.record(&mut message);
        writeln!(writer, " {}", message.0)
    }
}

struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{self, Write},
        sync::{Arc, Mutex},
    };

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn auth_14_a_sign_in_line_is_bare_and_the_others_are_not() {
        let kept = Kept::default();
        let writer = kept.clone();
        let layer = tracing_subscriber::fmt::layer()
            .with_writer(move || writer.clone())
            .fmt_fields(JsonFields::new())
            .event_format(Lines(Format::default().json().flatten_event(true)));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            tracing::info!(target: AUTH_TARGET, "queunir-auth v1 event=login_failed ip=203.0.113.7");
            tracing::info!(answer = 42, "something else");
        });
        let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        let (bare, json) = text.trim_end().split_once('\n').unwrap();
        let (time, rest) = bare.split_once(' ').unwrap();
        assert!(time.starts_with("20") && time.ends_with('Z') && time.len() > 20, "{time}");
        assert_eq!(rest, "queunir-auth v1 event=login_failed ip=203.0.113.7");
        assert!(json.starts_with('{') && json.contains("\"answer\":42"), "{json}");
    }
}
