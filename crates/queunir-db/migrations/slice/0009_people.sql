-- What is known of the person or group behind a chat, with where it was read and since when.
create table contact_facts (
    chat_id uuid not null references chats on delete cascade,
    kind text not null check (kind in
        ('name', 'phone', 'push_name', 'about', 'description', 'hours', 'email', 'website')),
    source text not null check (source in ('title', 'composer', 'panel')),
    -- Order among those of one kind and source.
    place integer not null check (place >= 0),
    value text not null,
    -- Since when it has been seen there with this value.
    since timestamptz not null,
    primary key (chat_id, kind, source, place)
);

-- How far reading a chat's info panel has come; a chat without a row was never read.
create table contact_panels (
    chat_id uuid primary key references chats on delete cascade,
    -- A person asked for it.
    asked_at timestamptz,
    read_at timestamptz,
    number_hidden boolean not null default false,
    attempts integer not null default 0,
    not_before timestamptz,
    -- Why the latest attempt failed, for operators.
    reason text
);
create index contact_panels_asked on contact_panels (asked_at) where asked_at is not null;
