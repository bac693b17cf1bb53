-- Customers who do not want to be written to (POL-05). Who said so is in `audit`.

alter table chats
    add column opted_out_at timestamptz,
    add column opt_out_reason text check (opt_out_reason in ('asked', 'keyword', 'other')),
    -- Their latest message when a person last said that they may be written to: it was no wish to be left alone.
    add column opt_out_declined uuid;

-- One that opted out may be written to only in answer: within 24 hours of a message that came after that.
create function may_be_written_to(chat uuid, moment timestamptz) returns boolean stable
    return (select not opted_out or exists (
        select from messages where chat_id = chat and direction = 'in' and sent_at_certain
            and sent_at > opted_out_at and sent_at > moment - interval '24 hours')
        from chats where id = chat);
