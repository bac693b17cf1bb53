-- Under which keys a chat is known, and chats that turned out to be one, in a way that leads back.

alter table chat_alias
    add column since timestamptz not null default now(),
    -- Where the chat was met under this key.
    add column evidence text not null default 'title'
        check (evidence in ('title', 'composer', 'panel', 'new_chat'));

-- What was stored of it belongs to another chat now. The row stays, with the messages that the other has as well.
alter table chats add column joined_into uuid references chats;

-- Two chats that are one, may be one, or are said not to be; one row for each pair that was ever met.
create table chat_joins (
    id uuid primary key,
    -- The one that was known by its name alone.
    from_chat uuid not null references chats on delete cascade,
    -- The one that is known by its number.
    into_chat uuid not null references chats on delete cascade,
    state text not null check (state in ('suggested', 'joined', 'undone', 'declined')),
    evidence text not null check (evidence in ('messages', 'number', 'name')),
    -- The name under which the page showed the number, what the other was called until then, and the number.
    name text not null,
    into_name text not null,
    phone text not null,
    found_at timestamptz not null,
    -- The latest change of state, and who made it; nobody if it happened by itself.
    changed_at timestamptz not null,
    changed_by uuid,
    -- When it was joined, by the clock that dates messages.
    moved_at timestamptz,
    check (from_chat <> into_chat)
);
create unique index chat_joins_pair on chat_joins (least(from_chat, into_chat), greatest(from_chat, into_chat));
create index chat_joins_from on chat_joins (from_chat);
create index chat_joins_into on chat_joins (into_chat);

-- What a join moved, and how it was before.
create table chat_join_moves (
    join_id uuid not null references chat_joins on delete cascade,
    what text not null check (what in ('message', 'outgoing', 'act', 'gap', 'fact', 'alias')),
    -- Its id or key.
    item text not null,
    was jsonb not null default '{}',
    primary key (join_id, what, item)
);
