-- Where each slice's tables are, and of which version they are.
create table tenants (
    -- No reference: the row outlives the slice until the tables are dropped.
    slice_id bigint primary key,
    mode text not null check (mode in ('database', 'schema')),
    database_name text not null,
    schema_name text not null,
    role_name text not null unique,
    -- Number of the shared database, in mode schema.
    shared integer check (shared > 0),
    -- The latest migration, and what migrations and rights it was brought to; null until the tables were made.
    version bigint,
    fingerprint text,
    migrated_at timestamptz,
    -- Why the latest attempt failed, and to which version it was to lead.
    failure text,
    failed_fingerprint text,
    failed_at timestamptz,
    -- Closed and renamed since then; dropped later.
    retired_at timestamptz,
    unique (database_name, schema_name),
    check ((mode = 'schema') = (shared is not null))
);
insert into tenants (slice_id, mode, database_name, schema_name, role_name, version)
    select id, 'database', database_name, 'public', database_name, 0 from slices where database_name is not null;

-- Several slices share one.
alter table slices drop constraint slices_database_name_key;

grant select, insert, update, delete on tenants to queunir_orch;
