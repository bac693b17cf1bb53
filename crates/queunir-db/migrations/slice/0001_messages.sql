-- Chats, messages, events and the outbox of one tenant. Names are unqualified: the provisioner picks the schema.

-- Only the slice whose generation stands here may write; the orchestrator sets it before each start (DEL-05).
create table fence (
    singleton boolean primary key default true check (singleton),
    generation bigint not null
);
insert into fence (generation) values (0);

-- Numbers events in commit order without holes (DEL-09). Cursors below `floor` must start over.
create table event_counter (
    singleton boolean primary key default true check (singleton),
    last bigint not null,
    floor bigint not null
);
insert into event_counter (last, floor) values (0, 0);

-- What happened, as sent to browsers; `event_log` because the control schema has an `events` of its own.
create table event_log (
    seq bigint primary key,
    at timestamptz not null default now(),
    type text not null,
    body jsonb not null
);
create index event_log_at on event_log (at);

create table chats (
    id uuid primary key,
    title text not null,
    phone text,
    kind text not null default 'unknown' check (kind in ('contact', 'group', 'yourself', 'unknown')),
    -- The last message as the list shows it; absent while `preview_text` is null.
    preview_text text,
    preview_from_me boolean not null default false,
    preview_sender text,
    preview_kind text not null default 'unknown',
    preview_ack text,
    preview_at timestamptz,
    preview_time_text text,
    unread integer not null default 0 check (unread >= 0),
    -- How many of the unread messages are stored, provisionally or not.
    unread_stored integer not null default 0 check (unread_stored >= 0),
    marked_unread boolean not null default false,
    pinned boolean not null default false,
    muted boolean not null default false,
    archived boolean not null default false,
    ambiguous boolean not null default false,
    -- Sort key of the page's list, sparse so that one chat can move without touching the others.
    rank bigint,
    history_complete boolean not null default false,
    -- Since when the list has shown something that was not read in the conversation itself (DEL-04).
    to_read_since timestamptz,
    -- It waits for what it held when it was first seen; nothing in it is news.
    for_history boolean not null default false,
    read_attempts integer not null default 0,
    read_not_before timestamptz,
    opted_out boolean not null default false,
    created_at timestamptz not null default now()
);
create index chats_rank on chats (rank);
create index chats_to_read on chats (to_read_since) where to_read_since is not null;

-- Names and numbers under which a chat is found; addresses change form, chats do not (DEL-01).
create table chat_alias (
    alias text primary key,
    chat_id uuid not null references chats on delete cascade
);
create index chat_alias_chat on chat_alias (chat_id);

create table messages (
    id uuid primary key,
    chat_id uuid not null references chats on delete cascade,
    direction text not null check (direction in ('in', 'out', 'unknown')),
    -- WhatsApp's key, with a suffix where two authors share one; null on provisional rows.
    wa_msg_id text,
    -- The key as found in the page, for bubbles that share it.
    page_key text,
    -- The page showed no key; replaced when one appears.
    synthetic boolean not null default false,
    sender text,
    kind text not null,
    deleted boolean not null default false,
    text text not null,
    -- The text ends where the page cut it.
    cut boolean not null default false,
    sent_at timestamptz,
    sent_at_certain boolean not null default false,
    ack text,
    failed boolean not null default false,
    quoted_sender text,
    quoted_text text,
    edited boolean not null default false,
    forwarded boolean not null default false,
    source text not null check (source in ('row', 'list')),
    order_key text collate "C" not null,
    -- The row that stood directly above in the page; settles the order of runs that were read apart (DEL-03).
    after_id uuid,
    created_at timestamptz not null default now(),
    constraint messages_once unique (chat_id, direction, wa_msg_id),
    check (source = 'list' or wa_msg_id is not null)
);
create index messages_order on messages (chat_id, order_key);
create index messages_key on messages (chat_id, wa_msg_id);
-- What a window may touch besides the rows of its keys: rows that share a key, wait for their own row, or have no key.
create index messages_shared_key on messages (chat_id, page_key) where page_key <> wa_msg_id;
create index messages_provisional on messages (chat_id) where source = 'list';
create index messages_pending on messages (chat_id) where ack = 'pending';
create index messages_synthetic on messages (chat_id, sent_at) where synthetic;

-- Earlier texts of edited messages.
create table message_revisions (
    message_id uuid not null references messages on delete cascade,
    rev integer not null,
    text text not null,
    replaced_at timestamptz not null default now(),
    primary key (message_id, rev)
);

-- A range that could not be read back to known ground; shown, and tried again (DEL-04).
create table gaps (
    id bigint generated always as identity primary key,
    chat_id uuid not null references chats on delete cascade,
    before_id uuid,
    reason text not null,
    found_at timestamptz not null default now(),
    closed_at timestamptz
);
create index gaps_open on gaps (chat_id) where closed_at is null;

-- Messages that a person asked to send (DEL-05).
create table outgoing (
    id uuid primary key,
    seq bigint generated always as identity,
    chat_id uuid not null references chats,
    client_key text not null,
    text text not null,
    body_hash bytea not null check (length(body_hash) = 32),
    state text not null default 'queued' check (state in
        ('queued', 'leased', 'composing', 'intent', 'sent', 'canceled', 'failed', 'uncertain')),
    reason text,
    user_id uuid not null,
    created_at timestamptz not null default now(),
    not_before timestamptz,
    attempts integer not null default 0,
    -- Generation and end of the lease of the worker that holds it.
    generation bigint,
    lease_until timestamptz,
    -- Key of the last bubble before the press; null when the chat had none.
    anchor_key text,
    intent_at timestamptz,
    -- Absence was proven once already; a second time a person decides (DEL-07).
    requeued boolean not null default false,
    sent_at timestamptz,
    bound_msg_id uuid unique references messages,
    constraint outgoing_client_key unique (client_key),
    check (state <> 'intent' or intent_at is not null)
);
create index outgoing_open on outgoing (state, seq) where state not in ('sent', 'canceled', 'failed');
create index outgoing_paced on outgoing (intent_at) where intent_at is not null;
create index outgoing_chat on outgoing (chat_id, seq);

-- Who sent what, when, to which chat, and what came of it (POL-03); never changed, never deleted.
create table audit (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    user_id uuid,
    action text not null,
    chat_id uuid,
    outgoing_id uuid,
    body_hash bytea,
    result text not null,
    detail jsonb not null default '{}'
);
create unique index audit_sent_once on audit (outgoing_id) where action = 'send';

create table settings (
    key text primary key,
    value jsonb not null,
    changed_by uuid,
    changed_at timestamptz not null default now()
);
create table settings_history (
    id bigint generated always as identity primary key,
    key text not null,
    value jsonb not null,
    changed_by uuid,
    changed_at timestamptz not null default now()
);

-- What outlives the process about the link.
create table link_state (
    singleton boolean primary key default true check (singleton),
    was_linked boolean not null default false,
    first_list_complete boolean not null default false,
    phone text
);
insert into link_state (singleton) values (true);
