-- What is known of the past of chats.

-- What stands above the oldest message, by the latest look at the top of the chat.
alter table chats add column older text not null default 'may_come'
    check (older in ('may_come', 'on_phone', 'needs_permission', 'syncing'));

-- A range in which messages may be missing (DEL-04): the message below hangs together with nothing above it.
drop table gaps;
create table gaps (
    id uuid primary key,
    chat_id uuid not null references chats on delete cascade,
    -- Reading until the first attempt has ended; shown to people only after that.
    state text not null check (state in ('reading', 'open', 'closed')),
    after_id uuid not null,
    before_id uuid not null,
    missing_from timestamptz,
    missing_until timestamptz,
    -- Messages that were found in it since it was noted.
    found integer not null default 0,
    attempts integer not null default 0,
    not_before timestamptz,
    -- A person asked for it: the phone may be asked too.
    asked boolean not null default false,
    found_at timestamptz not null,
    closed_at timestamptz
);
create unique index gaps_once on gaps (chat_id, before_id) where state <> 'closed';
create index gaps_of_chat on gaps (chat_id);
