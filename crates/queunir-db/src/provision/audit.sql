-- Findings about one tenant, as text; none is good news.
with role as (select * from pg_roles where rolname = $1::text),
own as (select oid from pg_namespace where nspname = $2::text),
held as (
    select c.oid, c.relname::text as relation, a.grantee, a.privilege_type::text as privilege, c.relnamespace
    from pg_class c, aclexplode(c.relacl) a
),
wanted as (select * from unnest($4::text[], $5::text[]) as w (relation, privilege))
select 'there is no such role' where not exists (select from role)
union all
select 'the role may more than sign in four times' from role
where not rolcanlogin or rolinherit or rolcreatedb or rolcreaterole or rolsuper or rolreplication or rolbypassrls
    or rolconnlimit <> 4
union all
select 'the role is not set to ' || setting
from unnest(array['search_path=' || $2, 'statement_timeout=15s', 'idle_in_transaction_session_timeout=60s',
    'temp_file_limit=1GB']) setting
where not exists (select from pg_db_role_setting s, role r
    where s.setrole = r.oid and s.setdatabase = 0 and setting = any (s.setconfig))
union all
select 'the role is in ' || pg_get_userbyid(m.roleid) from pg_auth_members m, role r
where m.member = r.oid and pg_get_userbyid(m.roleid)::text <> all ($3::text[])
union all
select 'the role is not in ' || name from unnest($3::text[]) name
where not exists (select from pg_auth_members m, role r where m.member = r.oid and pg_get_userbyid(m.roleid) = name)
union all
select pg_get_userbyid(m.member) || ' may act as the role' from pg_auth_members m, role r
where m.roleid = r.oid and pg_get_userbyid(m.member) <> 'queunir_orch'
union all
select 'the role owns ' || count(*) || ' objects in ' || coalesce(max(d.datname)::text, 'the cluster')
from pg_shdepend s cross join role r left join pg_database d on d.oid = s.dbid
where s.refclassid = 'pg_authid'::regclass and s.refobjid = r.oid and s.deptype = 'o' group by s.dbid
union all
select 'the role has rights in database ' || d.datname
from pg_shdepend s join role r on s.refobjid = r.oid join pg_database d on d.oid = s.dbid
where s.refclassid = 'pg_authid'::regclass and s.deptype = 'a' and d.datname <> current_database()
union all
select 'everybody may ' || lower(a.privilege_type) || ' database ' || d.datname
from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
where a.grantee = 0 and d.datallowconn
union all
select 'the role may ' || lower(a.privilege_type) || ' database ' || d.datname
from pg_database d, role r, aclexplode(d.datacl) a
where a.grantee = r.oid and not (d.datname = current_database() and a.privilege_type = 'CONNECT')
union all
select 'the role may not connect' from role where not has_database_privilege(oid, current_database(), 'connect')
union all
select 'the role may make temporary tables' from role where has_database_privilege(oid, current_database(), 'temporary')
union all
select 'the role may create in schema ' || n.nspname from pg_namespace n, role r
where has_schema_privilege(r.oid, n.oid, 'create')
union all
select 'the role may use schema ' || n.nspname from pg_namespace n, role r
where has_schema_privilege(r.oid, n.oid, 'usage') and n.nspname not in ($2, 'pg_catalog', 'information_schema')
union all
select 'the role may not use its schema' from role
where not exists (select from own) or not has_schema_privilege(oid, (select oid from own), 'usage')
union all
select 'everybody may ' || lower(a.privilege_type) || ' schema ' || n.nspname
from pg_namespace n, aclexplode(n.nspacl) a where n.oid in (select oid from own) and a.grantee = 0
union all
select c.relname || ' belongs to ' || pg_get_userbyid(c.relowner) from pg_class c
where c.relnamespace in (select oid from own) and pg_get_userbyid(c.relowner) <> 'wa_owner'
union all
select p.proname || ' belongs to ' || pg_get_userbyid(p.proowner) from pg_proc p
where p.pronamespace in (select oid from own) and pg_get_userbyid(p.proowner) <> 'wa_owner'
union all
select p.proname || ' runs with its owner''s rights' from pg_proc p
where p.pronamespace in (select oid from own) and p.prosecdef
union all
select 'everybody may ' || lower(h.privilege) || ' ' || h.relation from held h
where h.relnamespace in (select oid from own) and h.grantee = 0
union all
select 'rights on single columns of ' || c.relname from pg_attribute a join pg_class c on c.oid = a.attrelid
where a.attacl is not null and c.relnamespace in (select oid from own) group by c.relname
union all
select 'the role may ' || lower(h.privilege) || ' ' || h.relation from held h, role r
where h.grantee = r.oid and not (h.relnamespace in (select oid from own)
    and exists (select from wanted w where w.relation = h.relation and w.privilege = h.privilege))
union all
select 'the role may not ' || lower(w.privilege) || ' ' || w.relation from wanted w, role r
where not exists (select from held h where h.grantee = r.oid and h.relnamespace in (select oid from own)
    and h.relation = w.relation and h.privilege = w.privilege)
union all
select 'the role may call ' || p.oid::regprocedure from pg_proc p, role r
where p.pronamespace = 'pg_catalog'::regnamespace
    and p.proname ~ '^(pg_(try_)?advisory_.*|lo_.*|loread|lowrite|pg_notify)$'
    and has_function_privilege(r.oid, p.oid, 'execute')
