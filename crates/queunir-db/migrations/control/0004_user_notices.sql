-- What the gateway remembers of a session for a moment is forgotten when it changes. A wake-up, never the truth.
create function notify_user() returns trigger language plpgsql as $$
begin
    perform pg_notify('users_changed', new.id::text);
    return null;
end $$;
create trigger users_changed after update on users for each row
    when ((old.role, old.locale, old.time_zone, old.slice_id) is distinct from (new.role, new.locale, new.time_zone, new.slice_id))
    execute function notify_user();

create function notify_session() returns trigger language plpgsql as $$
begin
    perform pg_notify('users_changed', old.user_id::text);
    return null;
end $$;
create trigger sessions_ended after delete on sessions for each row execute function notify_session();
-- Activity only makes a session longer.
create trigger sessions_changed after update on sessions for each row
    when (new.last_seen_at < old.last_seen_at
          or (old.user_id, old.audience, old.expires_at, old.idle_seconds)
             is distinct from (new.user_id, new.audience, new.expires_at, new.idle_seconds))
    execute function notify_session();
