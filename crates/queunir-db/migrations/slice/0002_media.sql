-- Files of messages. The files themselves lie in the slice's media directory under their hash.

-- One row for each file that is there.
create table media_files (
    hash bytea primary key check (length(hash) = 32),
    -- Found out from the first bytes, of a closed list.
    content_type text not null,
    bytes bigint not null check (bytes >= 0),
    thumbnail_bytes bigint not null default 0 check (thumbnail_bytes >= 0),
    -- As people see it, of a picture that can be drawn.
    width integer,
    height integer,
    thumbnail text not null check (thumbnail in ('none', 'made', 'failed')),
    created_at timestamptz not null default now()
);

-- What of a message is a file, and how far it has come.
create table media (
    id uuid primary key,
    message_id uuid not null references messages on delete cascade,
    place integer not null check (place >= 0),
    state text not null check (state in
        ('wanted', 'stored', 'preview', 'too_large', 'no_room', 'not_shown', 'failed')),
    -- Why the latest attempt failed, for operators.
    reason text,
    name text,
    duration_s integer,
    size_text text,
    hash bytea references media_files,
    attempts integer not null default 0,
    not_before timestamptz,
    created_at timestamptz not null default now(),
    constraint media_once unique (message_id, place),
    check (state not in ('stored', 'preview') or hash is not null)
);
create index media_wanted on media (message_id) where state = 'wanted';
create index media_hash on media (hash) where hash is not null;
