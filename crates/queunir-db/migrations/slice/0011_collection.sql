-- How far collecting the past of each chat is; a chat without a row was never begun.
create table collections (
    chat_id uuid primary key references chats on delete cascade,
    -- One that was begun and interrupted goes before those that were not.
    begun_at timestamptz not null,
    -- Attempts in vain; why the latest was, for operators; it rests until then.
    attempts integer not null default 0,
    reason text,
    not_before timestamptz,
    -- Where its past ends, and what was stored of it then.
    completed_at timestamptz,
    boundary text check (boundary in ('start', 'on_phone', 'limit', 'nothing_more')),
    messages integer not null default 0,
    files integer not null default 0,
    files_missing integer not null default 0,
    check ((completed_at is null) = (boundary is null))
);
