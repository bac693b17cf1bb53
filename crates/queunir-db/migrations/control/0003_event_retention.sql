-- Old events are forgotten by the orchestrator; the gateway, which writes most of them, can change none (AUTH-15).
grant delete on events to queunir_orch;
