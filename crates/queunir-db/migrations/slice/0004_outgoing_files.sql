-- Files and quotes of outgoing messages.

-- Files that people handed over to be sent.
create table uploads (
    id uuid primary key,
    hash bytea not null references media_files,
    -- What it is sent as, by its content.
    kind text not null check (kind in ('image', 'video', 'document')),
    -- The name it is sent under.
    name text not null,
    user_id uuid not null,
    created_at timestamptz not null default now()
);
create index uploads_hash on uploads (hash);
create index uploads_age on uploads (created_at);

-- A message whose upload is gone still says that it had one; it is never sent without.
alter table outgoing
    add column upload_id uuid references uploads on delete set null,
    add column file_kind text check (file_kind in ('image', 'video', 'document')),
    add column file_name text,
    -- The message it answers; no reference, so that a message that goes never makes an answer a plain message.
    add column reply_to uuid,
    add constraint outgoing_file check ((file_kind is null) = (file_name is null)),
    add constraint outgoing_upload check (upload_id is null or file_kind is not null);
create index outgoing_upload on outgoing (upload_id) where upload_id is not null;
