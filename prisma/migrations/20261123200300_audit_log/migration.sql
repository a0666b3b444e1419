-- CreateTable
CREATE TABLE "sluice"."audit_entries" (
    "tenant_id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "action" TEXT NOT NULL,
    "request_id" TEXT,
    "actor_id" TEXT,
    "objects" TEXT[],
    "content" JSONB,
    "digest" TEXT NOT NULL,
    "previous" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("tenant_id","seq")
);

-- CreateIndex
CREATE UNIQUE INDEX "audit_entries_tenant_id_id_key" ON "sluice"."audit_entries"("tenant_id", "id");

-- CreateIndex
CREATE INDEX "audit_entries_tenant_id_action_seq_idx" ON "sluice"."audit_entries"("tenant_id", "action", "seq");

-- CreateIndex
CREATE INDEX "audit_entries_tenant_id_actor_id_seq_idx" ON "sluice"."audit_entries"("tenant_id", "actor_id", "seq");

-- CreateIndex
CREATE INDEX "audit_entries_tenant_id_request_id_idx" ON "sluice"."audit_entries"("tenant_id", "request_id");

-- CreateIndex
CREATE INDEX "audit_entries_tenant_id_at_idx" ON "sluice"."audit_entries"("tenant_id", "at");

-- CreateIndex
CREATE INDEX "audit_entries_objects_idx" ON "sluice"."audit_entries" USING GIN ("objects");

-- From here on written by hand.
--
-- Every change of a tenant's rows is captured by a trigger, in the transaction that makes it. Before that transaction can
-- commit, the application has to take what was captured and write an entry of it: one that does not is rolled back. So no
-- change is without its entry, whatever code made it. What belongs to this machinery alone lies in a schema that no role of
-- a process may enter; its functions run as their owner.
CREATE SCHEMA audit;

-- Rows that the transaction under way has changed and nobody has taken yet. No row outlives its transaction, so the table is
-- kept out of the write-ahead log, and with it out of replicas and backups.
CREATE UNLOGGED TABLE audit.pending (
  transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
  position bigint GENERATED ALWAYS AS IDENTITY,
  tenant_id text NOT NULL,
  of_table text NOT NULL,
  before jsonb,
  after jsonb,
  PRIMARY KEY (transaction, position)
);

-- The arguments are columns that are left out: hashes and sealed values, and documents that are kept elsewhere for good.
-- Without a tenant or a person nothing is captured: gateways' reports, upkeep, and migrations are no changes by anybody.
CREATE FUNCTION audit.capture() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  was jsonb := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) - coalesce(TG_ARGV, '{}'::text[]) END;
  became jsonb := CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) - coalesce(TG_ARGV, '{}'::text[]) END;
  tenant text;
BEGIN
  IF sluice.tenant_id() IS NULL AND sluice.identity_id() IS NULL THEN
    RETURN NULL;
  END IF;
  -- That something was used is no change to it.
  IF TG_OP = 'UPDATE' AND was -> 'last_used_at' IS DISTINCT FROM became -> 'last_used_at'
    AND was - '{last_used_at,last_used_from,updated_at}'::text[] = became - '{last_used_at,last_used_from,updated_at}'::text[] THEN
    RETURN NULL;
  END IF;
  tenant := coalesce(became, was) ->> CASE WHEN TG_TABLE_NAME = 'tenants' THEN 'id' ELSE 'tenant_id' END;
  IF tenant IS NULL THEN
    RETURN NULL;
  END IF;
  INSERT INTO audit.pending (tenant_id, of_table, before, after) VALUES (tenant, TG_TABLE_NAME, was, became);
  RETURN NULL;
END
$$;

CREATE FUNCTION audit.expect_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF EXISTS (SELECT FROM audit.pending WHERE transaction = NEW.transaction AND position = NEW.position) THEN
    RAISE EXCEPTION 'a change of % has no entry in the audit log', NEW.of_table USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER expect_entry AFTER INSERT ON audit.pending
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.expect_entry();

-- What the transaction under way has changed, in order. Taken once.
CREATE FUNCTION sluice.take_changes() RETURNS TABLE (tenant_id text, of_table text, before jsonb, after jsonb)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH taken AS (DELETE FROM audit.pending WHERE transaction = pg_current_xact_id() RETURNING *)
  SELECT taken.tenant_id, taken.of_table, taken.before, taken.after FROM taken ORDER BY taken.position
$$;
REVOKE EXECUTE ON FUNCTION sluice.take_changes() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sluice.take_changes() TO sluice_app;

-- For a migration that makes a tenant table: SELECT audit.watch('sluice.teams'). Columns that hold or could hold what
-- must not be read are left out by their names and types.
CREATE FUNCTION audit.watch(watched regclass, VARIADIC left_out text[] DEFAULT '{}') RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  columns text[];
BEGIN
  SELECT left_out || coalesce(array_agg(attname::text), '{}') INTO columns FROM pg_attribute
    WHERE attrelid = watched AND attnum > 0 AND NOT attisdropped
      AND (atttypid = 'bytea'::regtype OR attname ~ '(^|_)(hash|secret|sealed|cipher|ciphertext|token|password)($|_)')
      AND NOT (watched = 'sluice.revisions'::regclass AND attname = 'hash');
  EXECUTE format('CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION audit.capture(%s)',
    watched, array_to_string(ARRAY(SELECT quote_literal(name) FROM unnest(columns) AS name), ', '));
END
$$;

-- Not watched: the log itself, what gateways write, and the answers that are kept for a day for repeated requests.
SELECT audit.watch(class.oid::regclass, VARIADIC CASE class.relname WHEN 'revisions' THEN '{document}'::text[] ELSE '{}' END)
FROM pg_class class JOIN pg_namespace space ON space.oid = class.relnamespace
WHERE space.nspname = 'sluice' AND class.relkind = 'r'
  AND class.relname NOT IN ('audit_entries', 'feed', 'receipts', 'upstream_health', 'idempotent_creations')
  AND (class.relname = 'tenants'
    OR EXISTS (SELECT FROM pg_attribute WHERE attrelid = class.oid AND attname = 'tenant_id' AND NOT attisdropped));

-- The newest entry of each tenant. Its row is locked from the insert to the commit, and so the entries of a tenant are
-- numbered in the order of their commits, without a gap: writing one is the last thing that a transaction does.
CREATE TABLE audit.heads (
  tenant_id text PRIMARY KEY,
  seq bigint NOT NULL,
  hash text NOT NULL
);

-- The number, the time and the link are the database's: what the application gives for them is overwritten.
CREATE FUNCTION audit.link() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO audit.heads AS head (tenant_id, seq, hash) VALUES (NEW.tenant_id, 1, '')
    ON CONFLICT (tenant_id) DO UPDATE SET seq = head.seq + 1
    RETURNING head.seq, head.hash INTO NEW.seq, NEW.previous;
  NEW.at := date_trunc('milliseconds', clock_timestamp());
  NEW.hash := encode(sha256(convert_to(concat_ws(E'\n', NEW.previous, NEW.tenant_id, NEW.seq, NEW.id,
    floor(extract(epoch FROM NEW.at) * 1000)::bigint, NEW.action, coalesce(NEW.request_id, ''), NEW.digest), 'UTF8')), 'hex');
  UPDATE audit.heads SET hash = NEW.hash WHERE tenant_id = NEW.tenant_id;
  RETURN NEW;
END
$$;
CREATE TRIGGER link BEFORE INSERT ON sluice.audit_entries FOR EACH ROW EXECUTE FUNCTION audit.link();

-- Of the tenant of the transaction; no row before its first entry.
CREATE FUNCTION sluice.audit_head() RETURNS TABLE (seq bigint, hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT head.seq, head.hash FROM audit.heads head WHERE head.tenant_id = sluice.tenant_id()
$$;
REVOKE EXECUTE ON FUNCTION sluice.audit_head() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sluice.audit_head() TO sluice_app;

-- Append-only for everybody, the owner of the database too. The one change that passes clears what an entry says and whom it
-- names; its digest stays, and with it the chain.
CREATE FUNCTION audit.keep() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.content IS NULL AND NEW.actor_id IS NULL AND NEW.objects = '{}'
      AND to_jsonb(NEW) - '{content,actor_id,objects}'::text[] = to_jsonb(OLD) - '{content,actor_id,objects}'::text[] THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'the audit log is only added to: no % of %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON sluice.audit_entries FOR EACH ROW EXECUTE FUNCTION audit.keep();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON sluice.audit_entries FOR EACH STATEMENT EXECUTE FUNCTION audit.keep();

-- For whoever answers a person's demand to be forgotten, and for a time after which contents go: both return how many
-- entries they cleared. They run as who calls them: the owner of the database.
CREATE FUNCTION audit.forget_person(identity_id text, email text) RETURNS bigint LANGUAGE sql AS $$
  WITH cleared AS (
    UPDATE sluice.audit_entries SET content = NULL, actor_id = NULL, objects = '{}'
    WHERE content IS NOT NULL AND (actor_id = forget_person.identity_id
      OR position(nullif(forget_person.identity_id, '') IN content::text) > 0
      OR position(lower(nullif(forget_person.email, '')) IN lower(content::text)) > 0)
    RETURNING 1
  ) SELECT count(*) FROM cleared
$$;
CREATE FUNCTION audit.forget_before(moment timestamptz) RETURNS bigint LANGUAGE sql AS $$
  WITH cleared AS (
    UPDATE sluice.audit_entries SET content = NULL, actor_id = NULL, objects = '{}'
    WHERE content IS NOT NULL AND at < forget_before.moment RETURNING 1
  ) SELECT count(*) FROM cleared
$$;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;

-- What the application may say of an entry; the rest is the trigger's. Entries outlive their tenant, so nothing is referenced.
GRANT SELECT ON sluice.audit_entries TO sluice_app;
GRANT INSERT (tenant_id, id, action, request_id, actor_id, objects, content, digest) ON sluice.audit_entries TO sluice_app;
ALTER TABLE sluice.audit_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE sluice.audit_entries FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sluice.audit_entries FOR SELECT TO sluice_app USING (tenant_id = (SELECT sluice.tenant_id()));
CREATE POLICY tenant_append ON sluice.audit_entries FOR INSERT TO sluice_app WITH CHECK (tenant_id = (SELECT sluice.tenant_id()));
-- Forced row-level security binds the owner too, who has to be able to clear contents.
DO $$
BEGIN
  EXECUTE format('CREATE POLICY owner ON sluice.audit_entries TO %I USING (true) WITH CHECK (true)', current_user);
END
$$;
