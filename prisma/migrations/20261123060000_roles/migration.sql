-- The roles that processes connect as, and the settings that row-level security asks for. Written by hand.
--
-- sluice_app   the tenants' tables, under row-level security that is forced
-- sluice_auth  the schema auth, and nothing else
-- sluice_feed  reads the change feed of every tenant, writes nothing
--
-- Roles belong to the whole server, so a second database finds them there. `migrate` gives them their passwords.
DO $$
DECLARE
  role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['sluice_app', 'sluice_auth', 'sluice_feed'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
      EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', role_name);
    END IF;
  END LOOP;
END
$$;

CREATE SCHEMA IF NOT EXISTS "sluice";
CREATE SCHEMA IF NOT EXISTS "auth";
GRANT USAGE ON SCHEMA "sluice" TO sluice_app, sluice_feed;
GRANT USAGE ON SCHEMA "auth" TO sluice_auth;

-- For whom a transaction runs: settings made by set_config(name, value, true). After such a transaction the setting is '',
-- not NULL, on its connection; both mean nobody, and `=` with NULL admits no row.
CREATE FUNCTION sluice.tenant_id() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.tenant_id', true), '') $$;
CREATE FUNCTION sluice.tenant_slug() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.tenant_slug', true), '') $$;
CREATE FUNCTION sluice.identity_id() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.identity_id', true), '') $$;
CREATE FUNCTION sluice.identity_email() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.identity_email', true), '') $$;
CREATE FUNCTION sluice.fleet_id() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.fleet_id', true), '') $$;
