-- The wall in the database: the gateway writes what is wanted, the orchestrator what is observed.
grant usage on schema gateway to queunir_gw, queunir_orch;

grant select, insert, update, delete on users, sessions, throttles to queunir_gw;
grant select, insert on slices to queunir_gw;
grant update (desired, wanted_at, reading_mode, locale, time_zone, last_request_at) on slices to queunir_gw;
grant select, insert on events to queunir_gw, queunir_orch;
grant update (resolved_at, resolved_by) on events to queunir_gw;

grant select on slices to queunir_orch;
grant update (desired, phase, stop_reason, phase_since, port, generation, epoch, database_name, page_state, failures,
    next_attempt_at, detail, wa_connected, wa_phone, contacts, messages, storage_bytes, last_health_at)
    on slices to queunir_orch;
grant select, update on leadership to queunir_orch;
grant usage on all sequences in schema gateway to queunir_gw, queunir_orch;
