-- What slices and the host use: a sample a minute for 7 days, rolled up by 5 minutes for 90 (ORC-11). Both are cut into
-- days, so that what is too old goes at once; the moment is the monitor's.
create table telemetry (
    slice_id bigint not null,
    at timestamptz not null,
    generation bigint not null,
    -- Percent of one core since the sample before; absent for the first.
    cpu_percent real,
    rss_bytes bigint not null,
    -- Measured where it matters and now and then: each page of memory once, shared ones in parts.
    pss_bytes bigint,
    swap_bytes bigint,
    processes integer not null,
    disk_bytes bigint,
    session_bytes bigint,
    media_bytes bigint,
    records_bytes bigint,
    database_bytes bigint,
    -- The rest is what the slice says of itself; absent while it does not answer.
    wa_state text,
    reader_alarm boolean,
    reader_misses text[] not null default '{}',
    last_inbound_at timestamptz,
    contacts bigint,
    chats bigint,
    messages bigint,
    primary key (slice_id, at)
) partition by range (at);

create table server_telemetry (
    at timestamptz primary key,
    cores integer not null,
    -- Percent of all cores since the sample before; absent for the first.
    cpu_percent real,
    load_1 real not null,
    load_5 real not null,
    load_15 real not null,
    ram_total_bytes bigint not null,
    ram_used_bytes bigint not null,
    swap_total_bytes bigint not null,
    swap_used_bytes bigint not null,
    -- The disk of the state directory.
    disk_total_bytes bigint not null,
    disk_used_bytes bigint not null
) partition by range (at);

-- `at` begins the five minutes; figures are means, those named `max` the highest, sizes of disks the last.
create table telemetry_5m (
    slice_id bigint not null,
    at timestamptz not null,
    samples integer not null,
    cpu_percent real,
    cpu_percent_max real,
    rss_bytes bigint not null,
    rss_bytes_max bigint not null,
    pss_bytes bigint,
    swap_bytes bigint,
    processes integer not null,
    disk_bytes bigint,
    wa_state text,
    messages bigint,
    primary key (slice_id, at)
) partition by range (at);

create table server_telemetry_5m (
    at timestamptz primary key,
    samples integer not null,
    cpu_percent real,
    cpu_percent_max real,
    load_5 real not null,
    ram_total_bytes bigint not null,
    ram_used_bytes bigint not null,
    ram_used_bytes_max bigint not null,
    swap_used_bytes bigint not null,
    disk_total_bytes bigint not null,
    disk_used_bytes bigint not null
) partition by range (at);

-- Only an owner may make and drop partitions; the orchestrator may have exactly that done.
create function telemetry_prepare(day date) returns void
    language plpgsql security definer set search_path = gateway, pg_temp as $$
declare
    parent text;
    name text;
begin
    foreach parent in array array['telemetry', 'server_telemetry', 'telemetry_5m', 'server_telemetry_5m'] loop
        name := parent || '_' || to_char(day, 'YYYYMMDD');
        if to_regclass('gateway.' || name) is null then
            execute format('create table %I partition of %I for values from (%L) to (%L)', name, parent,
                day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC');
        end if;
    end loop;
end $$;

create function telemetry_forget(raw_before date, rolled_before date) returns integer
    language plpgsql security definer set search_path = gateway, pg_temp as $$
declare
    old record;
    dropped integer := 0;
begin
    for old in
        select child.relname as name from pg_inherits
        join pg_class parent on parent.oid = inhparent join pg_class child on child.oid = inhrelid
        where parent.relnamespace = 'gateway'::regnamespace
            and parent.relname in ('telemetry', 'server_telemetry', 'telemetry_5m', 'server_telemetry_5m')
            and to_date(right(child.relname, 8), 'YYYYMMDD')
                < case when parent.relname like '%5m' then rolled_before else raw_before end
    loop
        execute format('drop table %I', old.name);
        dropped := dropped + 1;
    end loop;
    return dropped;
end $$;

revoke all on function telemetry_prepare(date), telemetry_forget(date, date) from public;
grant execute on function telemetry_prepare(date), telemetry_forget(date, date) to queunir_orch;
grant select, insert on telemetry, server_telemetry to queunir_orch;
grant select, insert, update on telemetry_5m, server_telemetry_5m to queunir_orch;
grant select on telemetry, server_telemetry, telemetry_5m, server_telemetry_5m to queunir_gw;

-- How often something happened since these tables were made.
create table counters (
    name text not null,
    label text not null default '',
    value bigint not null,
    primary key (name, label)
);
grant select, insert, update on counters to queunir_orch;
grant select on counters to queunir_gw;

-- The tenant's room on the disk is used up so far that its slice writes nothing new.
alter table slices add column over_quota boolean not null default false;
grant update (over_quota) on slices to queunir_orch;
create function notify_quota() returns trigger language plpgsql as $$
begin
    perform pg_notify('slices_observed', new.id::text);
    return null;
end $$;
create trigger slices_quota after update on slices for each row
    when (old.over_quota is distinct from new.over_quota) execute function notify_quota();
