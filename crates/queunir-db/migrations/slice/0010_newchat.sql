-- Chats that are begun from here, by a telephone number (POL-04).

alter table outgoing
    -- The first message of a chat in which nobody had written; of these only a few may go out in a day.
    add column first_contact boolean not null default false;
create index outgoing_first_contact on outgoing (intent_at) where first_contact;
