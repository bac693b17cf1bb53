-- What the link was good for and when, and what was ended or erased on demand.

-- One row for each change of condition since a phone was first linked.
create table link_history (
    id bigint generated always as identity primary key,
    condition text not null check (condition in ('connected', 'deaf', 'unknown', 'disconnected')),
    -- A page state, a stop reason, or `not_running`.
    reason text not null,
    began_at timestamptz not null,
    -- Until when it is known to have held; moves on while the row is open.
    until_at timestamptz not null,
    ended boolean not null default false
);
create unique index link_history_open on link_history (ended) where not ended;

-- Ending the link and erasing, step by step; an open row is carried on after a crash.
create table partings (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('disconnect', 'wipe', 'wipe_data')),
    user_id uuid not null,
    asked_at timestamptz not null,
    -- Steps that are done, in their order.
    done text[] not null default '{}',
    ended_at timestamptz
);
create unique index partings_open on partings ((true)) where ended_at is null;

alter table link_state
    -- A code was shown since the stored messages came: whoever is linked now may be somebody else.
    add column relinked boolean not null default false;
