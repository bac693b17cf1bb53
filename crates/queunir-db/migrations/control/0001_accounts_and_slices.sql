-- Accounts, sessions and the wanted and observed state of slices.
create table users (
    id uuid primary key,
    email text not null unique check (email = lower(email) and length(email) between 3 and 254),
    password_hash text not null,
    role text not null default 'owner' check (role in ('owner', 'agent')),
    slice_id bigint,
    locale text not null default 'en',
    time_zone text not null default 'UTC',
    is_admin boolean not null default false,
    stripe_customer text,
    subscription_status text not null default 'trial'
        check (subscription_status in ('trial', 'active', 'past_due', 'cancelled')),
    subscription_id text,
    subscription_ends_at timestamptz,
    created_at timestamptz not null default now(),
    last_login_at timestamptz
);

-- One row per issued token; only its SHA-256 is stored (AUTH-04).
create table sessions (
    id bytea primary key check (length(id) = 32),
    user_id uuid not null references users on delete cascade,
    audience text not null check (audience in ('user', 'admin')),
    created_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    expires_at timestamptz not null,
    idle_seconds bigint not null,
    ip inet,
    user_agent text not null default ''
);
create index sessions_user on sessions (user_id);

-- The wanted columns are the gateway's, the observed ones the orchestrator's.
create table slices (
    id bigint generated always as identity primary key,
    user_id uuid not null unique references users on delete cascade,
    -- wanted
    desired text not null check (desired in ('stopped', 'service', 'linked', 'deleted')),
    wanted_at timestamptz not null default now(),
    reading_mode text check (reading_mode in ('background', 'on_open')),
    locale text not null default 'en',
    time_zone text not null default 'UTC',
    last_request_at timestamptz not null default now(),
    -- observed
    phase text not null default 'requested' check (phase in
        ('requested', 'provisioning', 'starting', 'service', 'qr', 'linked', 'degraded', 'stopped', 'failed')),
    stop_reason text check (stop_reason in ('idle', 'user', 'billing', 'admin', 'drain', 'qr_timeout', 'logged_out')),
    phase_since timestamptz not null default now(),
    port integer unique check (port between 1024 and 65535 and port % 2 = 1),
    generation bigint not null default 0,
    epoch bigint not null default 0,
    database_name text unique,
    page_state text,
    failures integer not null default 0,
    next_attempt_at timestamptz,
    detail text,
    wa_connected boolean not null default false,
    wa_phone text,
    contacts bigint not null default 0,
    messages bigint not null default 0,
    storage_bytes bigint not null default 0,
    last_health_at timestamptz,
    created_at timestamptz not null default now()
);
alter table users add constraint users_slice foreign key (slice_id) references slices on delete set null;

-- Counter of orchestrator leaders; a lower epoch may not write.
create table leadership (
    singleton boolean primary key default true check (singleton),
    epoch bigint not null
);
insert into leadership values (true, 0);

-- Security and slice events, append only (AUTH-15).
create table events (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    kind text not null,
    user_id uuid,
    slice_id bigint,
    ip inet,
    request_id text,
    detail jsonb not null default '{}',
    resolved_at timestamptz,
    resolved_by uuid
);

-- Failed attempts per key; survives a restart of the gateway (AUTH-08). Times as GCRA "theoretical arrival".
create table throttles (
    key text primary key,
    arrival_at timestamptz not null
);

-- A wake-up, never the truth.
create function notify_slice() returns trigger language plpgsql as $$
begin
    if (old.desired, old.wanted_at, old.reading_mode) is distinct from (new.desired, new.wanted_at, new.reading_mode) then
        perform pg_notify('slices_wanted', new.id::text);
    end if;
    if (old.phase, old.stop_reason, old.port, old.generation, old.page_state)
        is distinct from (new.phase, new.stop_reason, new.port, new.generation, new.page_state) then
        perform pg_notify('slices_observed', new.id::text);
    end if;
    return null;
end $$;
create function notify_new_slice() returns trigger language plpgsql as $$
begin
    perform pg_notify('slices_wanted', new.id::text);
    return null;
end $$;
create trigger slices_changed after update on slices for each row execute function notify_slice();
create trigger slices_added after insert on slices for each row execute function notify_new_slice();
