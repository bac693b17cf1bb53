-- Numbers that do not want to be written to (POL-05), whether or not there is a chat with them yet.
create table opt_out_numbers (
    -- In the form with the most digits of those under which WhatsApp may know the person.
    phone text primary key check (phone ~ '^\+[0-9]{5,15}$'),
    -- All of these forms.
    forms text[] not null check (phone = any (forms)),
    opted_out_at timestamptz not null,
    reason text not null check (reason in ('asked', 'keyword', 'other')),
    -- Who brought the number, and when.
    added_by uuid not null,
    added_at timestamptz not null
);
create index opt_out_numbers_forms on opt_out_numbers using gin (forms);

-- The numbers that a chat is known by; null if it is known by none.
create function numbers_of(chat uuid) returns text[] stable
    return (select array_agg(number) from (
        select phone as number from chats where id = chat and phone is not null
        union select substr(alias, 7) from chat_alias where chat_id = chat and starts_with(alias, 'phone:')) known);

-- One that opted out, or has a number that did, may be written to only in answer: within 24 hours of a message that came
-- after that.
create or replace function may_be_written_to(chat uuid, moment timestamptz) returns boolean stable
    return (select (not opted_out and numbers.since is null) or exists (
        select from messages where chat_id = chat and direction = 'in' and sent_at_certain
            and sent_at > greatest(chats.opted_out_at, numbers.since) and sent_at > moment - interval '24 hours')
        from chats, (select max(n.opted_out_at) as since from opt_out_numbers n where n.forms && numbers_of(chat)) numbers
        where id = chat);
