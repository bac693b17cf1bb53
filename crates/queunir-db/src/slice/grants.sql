-- Rights of the tenant's role, run by the provisioner with search_path on the tenant's schema and `%I` as the role.
-- Exceptions to "read and write everything": the fence is read-only, history and audit can only grow.
grant select, insert, update, delete on event_log, chats, chat_alias, messages, message_revisions, media, media_files, gaps, outgoing, settings to %I;
grant select, update on event_counter, link_state to %I;
grant select, insert on audit, settings_history to %I;
grant select on fence to %I;
grant select, insert, update, delete on acts to %I;
grant select on paced to %I;
grant select, insert, update, delete on uploads to %I;
grant select, insert, update, delete on link_history to %I;
grant select, insert, update, delete on contact_facts, contact_panels to %I;
grant select, insert, update, delete on chat_pictures to %I;
grant select, insert, update, delete on group_members, group_rosters to %I;
grant select, insert, update, delete on chat_joins, chat_join_moves to %I;
grant select, insert, update on partings to %I;
grant select, insert, update, delete on collections to %I;
grant select, insert, delete on opt_out_numbers to %I;
