-- The newest message that was read before the list showed more: reading back ends there, however often it is interrupted
-- and whatever was stored of the newer ones in the meantime (DEL-04).
create table read_ground (
    chat_id uuid primary key references chats on delete cascade,
    message_id uuid not null references messages on delete cascade
);
