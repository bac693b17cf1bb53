-- What an operator wants: why the wish is as it is, and up to which start a slice is to be replaced.
alter table slices
    add column wanted_reason text check (wanted_reason in ('billing', 'admin')),
    add column outdated_generation bigint not null default 0;

grant update (wanted_reason, outdated_generation) on slices to queunir_gw;
grant update (wanted_reason) on slices to queunir_orch;
