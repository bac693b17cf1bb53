-- Admission, deletion, released ports, and the laws of a slice's life (ORC-01, ORC-03, ORC-04, ORC-07).

-- Wanted: who pays starts first. Kept by the triggers below; the orchestrator knows no bills.
alter table slices add column paying boolean not null default false;
update slices set paying = true
from users where users.id = slices.user_id and users.subscription_status in ('active', 'past_due');

-- Observed: the place in the queue, while a slice waits for one or for its turn to start.
alter table slices
    add column queued_at timestamptz,
    add column queue_position integer check (queue_position > 0),
    add column queue_seconds integer check (queue_seconds >= 0);

create function pays() returns trigger language plpgsql as $$
begin
    new.paying := exists (select from gateway.users
        where id = new.user_id and subscription_status in ('active', 'past_due'));
    return new;
end $$;
create trigger slices_pays before insert on slices for each row execute function pays();
create function pays_now() returns trigger language plpgsql as $$
begin
    update gateway.slices set paying = new.subscription_status in ('active', 'past_due') where user_id = new.id;
    return null;
end $$;
create trigger users_pays after update of subscription_status on users for each row
    when (old.subscription_status is distinct from new.subscription_status) execute function pays_now();

-- What the host can take, as its orchestrator tells; no row until one has led.
create table host (
    singleton boolean primary key default true check (singleton),
    -- slices that may have a browser at once
    linked_cap integer not null,
    -- between two starts, and between two places that become free, on average
    start_ms bigint not null,
    release_ms bigint not null,
    updated_at timestamptz not null
);

-- Deletion has two phases of its own; what is left in the end is a row without an owner.
alter table slices drop constraint slices_phase_check;
alter table slices add constraint slices_phase_check check (phase in ('requested', 'provisioning', 'starting', 'service',
    'qr', 'linked', 'degraded', 'stopped', 'failed', 'deleting', 'deleted'));
alter table slices alter column user_id drop not null;
alter table slices add constraint slices_owner check (user_id is not null or phase = 'deleted');
-- What was never started does not run.
alter table slices add constraint slices_started
    check (generation > 0 or phase not in ('service', 'qr', 'linked', 'degraded'));

-- A port that a slice gave back belongs to nobody for ten minutes: a late request must not meet another tenant.
create table released_ports (
    port integer primary key,
    slice_id bigint not null,
    released_at timestamptz not null
);
create function release_port() returns trigger language plpgsql security definer set search_path = gateway as $$
begin
    delete from released_ports where released_at < now() - interval '1 day';
    insert into released_ports (port, slice_id, released_at) values (old.port, old.id, now())
        on conflict (port) do update set slice_id = excluded.slice_id, released_at = excluded.released_at;
    return null;
end $$;
create trigger slices_port_changed after update of port on slices for each row
    when (old.port is not null and new.port is distinct from old.port) execute function release_port();
create trigger slices_port_gone after delete on slices for each row
    when (old.port is not null) execute function release_port();

-- What may follow what (ORC-01). A wish to delete never reverses, and nothing happens to what is deleted.
create function guard_slice() returns trigger language plpgsql security definer set search_path = gateway as $$
declare
    fault text;
begin
    if old.desired = 'deleted' and new.desired <> 'deleted' then
        fault := 'deletion never reverses';
    elsif old.phase = 'deleted' and new.phase <> 'deleted' then
        fault := 'it is deleted';
    elsif new.phase <> old.phase and not (case
        when new.phase = 'requested' then false
        when new.phase = 'deleting' then new.desired = 'deleted'
        when new.phase = 'deleted' then old.phase = 'deleting'
        when old.phase = 'deleting' then false
        else true
    end) then
        fault := old.phase || ' does not become ' || new.phase;
    elsif new.generation < old.generation or new.epoch < old.epoch then
        fault := 'generation and epoch only grow';
    elsif new.port is distinct from old.port and exists (select from released_ports
        where port = new.port and slice_id <> new.id and released_at > now() - interval '10 minutes') then
        fault := 'the port was given back a moment ago';
    end if;
    if fault is not null then
        raise exception 'slice %: %', new.id, fault using errcode = 'check_violation', constraint = 'slices_guard';
    end if;
    return new;
end $$;
create trigger slices_guard before update on slices for each row execute function guard_slice();

-- An alert is an event that is open until its cause is gone; one of a kind and slice at a time.
alter table events add column if not exists alert boolean not null default false;
create unique index if not exists events_open_alerts on events (kind, coalesce(slice_id, 0)) where alert and resolved_at is null;

-- A leader that is not seen any more loses its lock (ORC-03).
alter table leadership add column seen_at timestamptz not null default now();

create or replace function notify_slice() returns trigger language plpgsql as $$
begin
    if (old.desired, old.wanted_at, old.reading_mode) is distinct from (new.desired, new.wanted_at, new.reading_mode) then
        perform pg_notify('slices_wanted', new.id::text);
    end if;
    if (old.phase, old.stop_reason, old.port, old.generation, old.page_state, old.queue_position, old.queue_seconds)
        is distinct from
        (new.phase, new.stop_reason, new.port, new.generation, new.page_state, new.queue_position, new.queue_seconds) then
        perform pg_notify('slices_observed', new.id::text);
    end if;
    return null;
end $$;

grant update (paying) on slices to queunir_gw;
grant update (queued_at, queue_position, queue_seconds, user_id) on slices to queunir_orch;
grant select on host to queunir_gw;
grant select, insert, update on host to queunir_orch;
grant select, delete on released_ports to queunir_orch;
grant update (resolved_at) on events to queunir_orch;
