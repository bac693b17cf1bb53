-- The picture that a chat's row in the list showed, photographed where it was drawn.
create table chat_pictures (
    chat_id uuid primary key references chats on delete cascade,
    -- Stands for the address that the page drew it from; behind another one is another picture.
    token text not null,
    hash bytea not null references media_files,
    taken_at timestamptz not null
);
create index chat_pictures_hash on chat_pictures (hash);
