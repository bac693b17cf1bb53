//! What the control tables say of slices and the host, for Prometheus; for programs of this machine only.

use std::{fmt, sync::atomic::Ordering};

use axum::{
    extract::{Request, State},
    http::header,
    response::IntoResponse,
};
use jiff::SignedDuration;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, NoLabelSet, text},
    metrics::MetricType,
    registry::Registry,
};
use queunir_core::time::Clock as _;
use queunir_db::{
    DbError,
    control::{
        ControlDb,
        alerts::{self, OpenAlert},
        capacity::{self, Bulletin},
        counters::{self, Counter, DURATIONS_MS, LONGER, SUM},
        telemetry::{self, ServerSample, SliceSample},
    },
};
use queunir_service::{ApiError, clock::SystemClock};

use crate::{app::App, connect::Refusals, operator};

/// As the format's own specification names it.
const FORMAT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Samples older than this say nothing about now: the monitor looks once a minute.
const FRESH: SignedDuration = SignedDuration::from_mins(10);

/// Answers what a program of this machine asks; for everybody else there is no such page.
pub(crate) async fn metrics(State(app): State<App>, request: Request) -> Result<impl IntoResponse, ApiError> {
    if !operator::is_from_here(&request) {
        return Err(ApiError::NotFound("resource"));
    }
    let figures = Figures::read(&app.db, &app.refusals).await?;
    Ok(([(header::CONTENT_TYPE, FORMAT)], figures.into_text()))
}

/// What is told, as read in one go.
#[derive(Debug)]
struct Figures {
    phases: Vec<(String, i64)>,
    slices: Vec<SliceSample>,
    server: Option<ServerSample>,
    age_s: Option<f64>,
    alerts: Vec<OpenAlert>,
    counters: Vec<Counter>,
    bulletin: Option<Bulletin>,
    refusals: [(&'static str, u64); 2],
}

impl Figures {
    async fn read(db: &ControlDb, refusals: &Refusals) -> Result<Self, DbError> {
        let now = SystemClock.now();
        let since = now.saturating_sub(FRESH).unwrap_or(now);
        let mut reads = db.reads().await?;
        let server = telemetry::latest_server(&mut reads, since).await?;
        Ok(Self {
            phases: telemetry::count_phases(&mut reads).await?,
            slices: telemetry::latest(&mut reads, since).await?,
            age_s: server.as_ref().map(|server| now.duration_since(server.at).as_secs_f64()),
            server,
            alerts: alerts::list_open(&mut reads).await?,
            counters: counters::list(&mut reads).await?,
            bulletin: capacity::bulletin(&mut db.begin().await?).await?,
            refusals: [("queued", &refusals.queued), ("sent_away", &refusals.sent_away)]
                .map(|(answer, times)| (answer, times.load(Ordering::Relaxed))),
        })
    }

    fn into_text(self) -> String {
        let mut registry = Registry::with_prefix("queunir");
        registry.register_collector(Box::new(self));
        let mut page = String::new();
        // Writing to a text fails never.
        let _ = text::encode(&mut page, &registry);
        page
    }

    fn counted<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (String, f64)> + 'a {
        self.counters.iter().filter(move |one| one.name == name).map(|one| (one.label.clone(), one.value as f64))
    }

    /// The classes of a duration, each with its own count, and the sum; both in seconds.
    fn durations(&self, name: &str) -> (Vec<(f64, u64)>, f64) {
        let value = |label: &str| {
            let found = self.counters.iter().find(|one| one.name == name && one.label == label);
            found.map_or(0, |one| one.value.unsigned_abs())
        };
        let mut classes: Vec<(f64, u64)> =
            DURATIONS_MS.iter().map(|bound| (*bound as f64 / 1_000.0, value(&bound.to_string()))).collect();
        classes.push((f64::INFINITY, value(LONGER)));
        (classes, value(SUM) as f64 / 1_000.0)
    }
}

impl Collector for Figures {
    fn encode(&self, encoder: DescriptorEncoder) -> Result<(), fmt::Error> {
        let mut page = Page(encoder);
        page.gauge(
            "slices",
            "Slices by phase",
            "phase",
            self.phases.iter().map(|(phase, n)| (phase.clone(), *n as f64)),
        )?;
        self.tell_slices(&mut page)?;
        self.tell_host(&mut page)?;
        self.tell_waiting(&mut page)?;
        let alerts = self
            .alerts
            .iter()
            .map(|alert| (alert.kind.clone(), alert.slice.map_or_else(String::new, |slice| slice.to_string())));
        page.alerts(alerts)?;
        page.counter("slice_recycles", "Slices started anew by the monitor", "reason", self.counted("recycles"))?;
        page.counter("slice_ends", "Slices ended other than on a wish", "why", self.counted("ends"))?;
        page.counter(
            "slice_failures",
            "Starts and runs that failed, by who is to blame",
            "blame",
            self.counted("failures"),
        )?;
        let (classes, sum) = self.durations("starts");
        page.histogram("slice_start_seconds", "From the decision to start a slice to its first answer", &classes, sum)?;
        let (classes, sum) = self.durations("browsers");
        page.histogram("browser_start_seconds", "From the start of a browser until its page is known", &classes, sum)
    }
}

impl Figures {
    fn tell_slices(&self, page: &mut Page<'_>) -> fmt::Result {
        type Of = fn(&SliceSample) -> Option<f64>;
        let figures: [(&str, &str, Of); 11] = [
            ("slice_cpu_percent", "Percent of one core", |one| one.cpu_percent.map(f64::from)),
            ("slice_rss_bytes", "Resident memory, shared parts in each process", |one| Some(one.rss_bytes as f64)),
            ("slice_pss_bytes", "Memory with shared parts once", |one| one.pss_bytes.map(|bytes| bytes as f64)),
            ("slice_swap_bytes", "Memory in swap", |one| one.swap_bytes.map(|bytes| bytes as f64)),
            ("slice_processes", "Processes", |one| Some(f64::from(one.processes))),
            ("slice_disk_bytes", "Profile, files, records and database", |one| {
                one.disk.bytes().map(|bytes| bytes as f64)
            }),
            ("slice_answers", "Whether it answers", |one| Some(if one.told.is_some() { 1.0 } else { 0.0 })),
            ("slice_reader_alarm", "Whether its page is not read as it should be", |one| {
                one.told.as_ref().map(|told| if told.reader_alarm { 1.0 } else { 0.0 })
            }),
            ("slice_contacts", "Chats with one person", |one| one.told.as_ref().map(|told| told.contacts as f64)),
            ("slice_chats", "Chats", |one| one.told.as_ref().map(|told| told.chats as f64)),
            ("slice_messages", "Messages", |one| one.told.as_ref().map(|told| told.messages as f64)),
        ];
        for (name, help, of) in figures {
            let values = self.slices.iter().filter_map(|one| Some((one.slice.to_string(), of(one)?)));
            page.gauge(name, help, "slice", values)?;
        }
        Ok(())
    }

    fn tell_waiting(&self, page: &mut Page<'_>) -> fmt::Result {
        if let Some(bulletin) = &self.bulletin {
            page.plain("places", "Slices that may have a browser at once", f64::from(bulletin.capacity.linked_cap))?;
            page.plain("slices_waiting", "Slices that wait for a place or their turn", bulletin.waiting as f64)?;
        }
        let refusals = self.refusals.iter().map(|(answer, times)| ((*answer).to_owned(), *times as f64));
        page.counter("connect_refusals", "Connect pressed on a full host", "answer", refusals)
    }

    fn tell_host(&self, page: &mut Page<'_>) -> fmt::Result {
        let Some(server) = &self.server else { return Ok(()) };
        let figures = [
            ("host_cores", "Cores", Some(f64::from(server.cores))),
            ("host_cpu_percent", "Percent of all cores", server.cpu_percent.map(f64::from)),
            ("host_load_1", "Load of one minute", Some(f64::from(server.load_1))),
            ("host_load_5", "Load of five minutes", Some(f64::from(server.load_5))),
            ("host_load_15", "Load of fifteen minutes", Some(f64::from(server.load_15))),
            ("host_ram_total_bytes", "Memory", Some(server.ram_total_bytes as f64)),
            ("host_ram_used_bytes", "Memory in use", Some(server.ram_used_bytes as f64)),
            ("host_swap_total_bytes", "Swap", Some(server.swap_total_bytes as f64)),
            ("host_swap_used_bytes", "Swap in use", Some(server.swap_used_bytes as f64)),
            ("host_disk_total_bytes", "Disk of the state directory", Some(server.disk_total_bytes as f64)),
            ("host_disk_used_bytes", "What of it is in use", Some(server.disk_used_bytes as f64)),
            ("telemetry_age_seconds", "Since the monitor's last look", self.age_s),
        ];
        figures.into_iter().try_for_each(|(name, help, value)| match value {
            Some(value) => page.plain(name, help, value),
            None => Ok(()),
        })
    }
}

/// Writes metrics.
struct Page<'a>(DescriptorEncoder<'a>);

impl Page<'_> {
    fn plain(&mut self, name: &str, help: &str, value: f64) -> fmt::Result {
        self.0.encode_descriptor(name, help, None, MetricType::Gauge)?.encode_gauge(&value)
    }

    fn gauge(
        &mut self,
        name: &str,
        help: &str,
        label: &'static str,
        values: impl Iterator<Item = (String, f64)>,
    ) -> fmt::Result {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Gauge)?;
        for (of, value) in values {
            metric.encode_family(&[(label, of)])?.encode_gauge(&value)?;
        }
        Ok(())
    }

    fn counter(
        &mut self,
        name: &str,
        help: &str,
        label: &'static str,
        values: impl Iterator<Item = (String, f64)>,
    ) -> fmt::Result {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
        for (of, value) in values {
            metric.encode_family(&[(label, of)])?.encode_counter::<NoLabelSet, _, f64>(&value, None)?;
        }
        Ok(())
    }

    /// One for each open alert; those of the host have an empty slice.
    fn alerts(&mut self, open: impl Iterator<Item = (String, String)>) -> fmt::Result {
        let mut metric = self.0.encode_descriptor("alert", "An open alert", None, MetricType::Gauge)?;
        for (kind, slice) in open {
            metric.encode_family(&[("kind", kind), ("slice", slice)])?.encode_gauge(&1.0_f64)?;
        }
        Ok(())
    }

    fn histogram(&mut self, name: &str, help: &str, classes: &[(f64, u64)], sum: f64) -> fmt::Result {
        let count = classes.iter().map(|(_, count)| count).sum();
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Histogram)?;
        metric.encode_histogram::<NoLabelSet>(sum, count, classes, None)
    }
}
