-- The members of a group that its info panel showed; those it did not show are not known to have left.
create table group_members (
    chat_id uuid not null references chats on delete cascade,
    -- In the panel's order.
    place integer not null check (place >= 0),
    -- As this account has them saved, or as the page calls them.
    name text,
    -- The name they gave themselves.
    push_name text,
    phone text,
    admin boolean not null,
    primary key (chat_id, place),
    check (coalesce(name, push_name, phone) is not null)
);

-- When they were shown; a group without a row never showed any.
create table group_rosters (
    chat_id uuid primary key references chats on delete cascade,
    -- How many the panel says there are.
    total integer check (total >= 0),
    -- Since when these were shown, and when last.
    since timestamptz not null,
    seen_at timestamptz not null
);
