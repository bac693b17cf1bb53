-- What people do to messages that are there already, and what the rows show of it.

alter table messages
    -- As the row shows them: [{"emoji": ..., "count": ...}].
    add column reactions jsonb not null default '[]',
    -- The emoji that this account gave, as far as it was given here.
    add column own_reaction text,
    add column starred boolean not null default false,
    add column pinned boolean not null default false,
    -- Deleted for this account alone; the row is gone from the page.
    add column deleted_for_me boolean not null default false;

-- Acts on messages. All but a forward are goals: done when the row shows them, and looked at before anything is pressed.
create table acts (
    id uuid primary key,
    seq bigint generated always as identity,
    chat_id uuid not null references chats,
    message_id uuid not null references messages on delete cascade,
    client_key text not null,
    -- What is wished, by its `kind`.
    wish jsonb not null,
    -- The chat that a forward goes to.
    to_chat_id uuid references chats,
    state text not null default 'queued' check (state in ('queued', 'doing', 'done', 'canceled', 'failed', 'uncertain')),
    reason text,
    user_id uuid not null,
    created_at timestamptz not null default now(),
    not_before timestamptz,
    attempts integer not null default 0,
    -- Something was pressed for it at least once.
    pressed boolean not null default false,
    generation bigint,
    -- Of a forward: last bubble of the other chat before the press, when that press was allowed, and what it became.
    anchor_key text,
    intent_at timestamptz,
    bound_msg_id uuid unique references messages,
    ended_at timestamptz,
    constraint acts_client_key unique (client_key)
);
create index acts_open on acts (state, seq) where state in ('queued', 'doing', 'uncertain');
create index acts_chat on acts (chat_id, seq);
create index acts_paced on acts (intent_at) where intent_at is not null;

-- Everything that counts for the pace (POL-04): messages and forwards alike.
create view paced as
    select intent_at from outgoing where intent_at is not null
    union all
    select intent_at from acts where intent_at is not null;

-- One entry per end of an act; `done` once.
alter table audit add column act_id uuid, add column message_id uuid;
create unique index audit_done_once on audit (act_id) where result = 'done' and act_id is not null;
