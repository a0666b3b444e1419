-- AlterTable
ALTER TABLE "sluice"."tenants" ADD COLUMN     "deleted_at" TIMESTAMPTZ(3),
ADD COLUMN     "purge_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "sluice"."environments" ADD COLUMN     "deleted_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "sluice"."purges" (
    "id" TEXT NOT NULL,
    "of_tenant" TEXT NOT NULL,
    "of_environment" TEXT,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "deleted_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "done" JSONB NOT NULL,

    CONSTRAINT "purges_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "tenants_purge_at_idx" ON "sluice"."tenants"("purge_at");

-- CreateIndex
CREATE INDEX "purges_finished_at_id_idx" ON "sluice"."purges"("finished_at", "id");

-- CreateIndex
CREATE INDEX "purges_slug_idx" ON "sluice"."purges"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "purges_of_tenant_of_environment_key" ON "sluice"."purges"("of_tenant", "of_environment");

-- From here on written by hand.
--
-- A purge takes the rows of a deleted tenant or environment away, in batches that are short transactions. Its own row says that
-- it is under way, and afterwards what it took: it belongs to no tenant, and outlives the one that it is about. Rows that are
-- otherwise only added to (revisions, receipts, the audit log) can be deleted under it and in no other way.
ALTER TABLE sluice.tenants ADD CONSTRAINT tenants_deleted_whole CHECK ((deleted_at IS NULL) = (purge_at IS NULL));
CREATE UNIQUE INDEX purges_one_of_a_tenant ON sluice.purges (of_tenant) WHERE of_environment IS NULL;
GRANT SELECT, INSERT ON sluice.purges TO sluice_app;
GRANT UPDATE (done, finished_at) ON sluice.purges TO sluice_app;

-- Asked as the tenant, like everything here: a purge begins when its tenant is due, or its environment was deleted. The row's
-- lock keeps a tenant from being restored meanwhile.
CREATE FUNCTION sluice.expect_due() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.of_environment IS NULL THEN
    PERFORM FROM sluice.tenants WHERE id = NEW.of_tenant AND purge_at <= clock_timestamp() FOR UPDATE;
  ELSE
    PERFORM FROM sluice.environments WHERE tenant_id = NEW.of_tenant AND id = NEW.of_environment AND deleted_at IS NOT NULL;
  END IF;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'nothing is due to be purged' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER expect_due BEFORE INSERT ON sluice.purges FOR EACH ROW EXECUTE FUNCTION sluice.expect_due();

CREATE FUNCTION sluice.stay_deleted() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'environments' OR EXISTS (SELECT FROM sluice.purges WHERE of_tenant = OLD.id AND of_environment IS NULL) THEN
    RAISE EXCEPTION 'what is purged does not come back' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER stay_deleted BEFORE UPDATE ON sluice.environments
  FOR EACH ROW WHEN (OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL) EXECUTE FUNCTION sluice.stay_deleted();
CREATE TRIGGER stay_deleted BEFORE UPDATE ON sluice.tenants
  FOR EACH ROW WHEN (OLD.purge_at IS NOT NULL AND NEW.purge_at IS NULL) EXECUTE FUNCTION sluice.stay_deleted();

-- The purge that a transaction runs for, and whether it is one.
CREATE FUNCTION sluice.purge_id() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.purge', true), '') $$;
CREATE FUNCTION sluice.is_purging() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT EXISTS (SELECT FROM sluice.purges purge
    WHERE purge.id = sluice.purge_id() AND purge.of_tenant = sluice.tenant_id() AND purge.finished_at IS NULL)
$$;
CREATE FUNCTION sluice.is_purging_tenant() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT sluice.is_purging() AND (SELECT purge.of_environment IS NULL FROM sluice.purges purge WHERE purge.id = sluice.purge_id())
$$;

-- An environment that was deleted is seen by what deletes and purges it, and by nothing else.
CREATE FUNCTION sluice.sees_deleted() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT coalesce(current_setting('app.sees_deleted', true) = 'yes', false) OR sluice.purge_id() IS NOT NULL $$;
ALTER POLICY tenant ON sluice.environments
  USING (tenant_id = (SELECT sluice.tenant_id()) AND (deleted_at IS NULL OR (SELECT sluice.sees_deleted())))
  WITH CHECK (tenant_id = (SELECT sluice.tenant_id()));
ALTER POLICY fleet ON sluice.environments USING (fleet_id = (SELECT sluice.fleet_id()) AND deleted_at IS NULL);

GRANT DELETE ON sluice.revisions, sluice.receipts, sluice.audit_entries TO sluice_app;
CREATE POLICY purge_only ON sluice.revisions AS RESTRICTIVE FOR DELETE TO sluice_app USING ((SELECT sluice.is_purging()));
CREATE POLICY purge_only ON sluice.receipts AS RESTRICTIVE FOR DELETE TO sluice_app USING ((SELECT sluice.is_purging()));
CREATE POLICY purge_only ON sluice.audit_entries AS RESTRICTIVE FOR DELETE TO sluice_app USING ((SELECT sluice.is_purging_tenant()));
DO $$
DECLARE
  table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['receipts', 'audit_entries', 'upstream_health', 'feed'] LOOP
    EXECUTE format('CREATE POLICY purge ON sluice.%I FOR DELETE TO sluice_app '
      'USING (tenant_id = (SELECT sluice.tenant_id()) AND (SELECT sluice.is_purging()))', table_name);
  END LOOP;
END
$$;

-- As it was, and one more deletion that passes: that of a whole tenant's log, under its purge.
CREATE OR REPLACE FUNCTION audit.keep() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.content IS NULL AND NEW.actor_id IS NULL AND NEW.objects = '{}'
      AND to_jsonb(NEW) - '{content,actor_id,objects}'::text[] = to_jsonb(OLD) - '{content,actor_id,objects}'::text[] THEN
      RETURN NEW;
    END IF;
  ELSIF TG_OP = 'DELETE' THEN
    IF OLD.tenant_id = sluice.tenant_id() AND sluice.is_purging_tenant() THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'the audit log is only added to: no % of %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

-- As it was, and what a purge deletes is not captured: the deletion that it carries out has its entry, and the purge its row.
CREATE OR REPLACE FUNCTION audit.capture() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  was jsonb := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) - coalesce(TG_ARGV, '{}'::text[]) END;
  became jsonb := CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) - coalesce(TG_ARGV, '{}'::text[]) END;
  tenant text;
BEGIN
  IF sluice.tenant_id() IS NULL AND sluice.identity_id() IS NULL THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'DELETE' AND sluice.purge_id() IS NOT NULL AND sluice.is_purging() THEN
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

-- What the transaction under way has changed: of each tenant the first `most` rows whole and in order, of the rest how many
-- there were of each table, and how many of these were made (try credentials not among them). Taken once.
CREATE FUNCTION sluice.take_changes(most integer)
RETURNS TABLE (tenant_id text, of_table text, before jsonb, after jsonb, omitted bigint, omitted_made bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH taken AS (DELETE FROM audit.pending WHERE transaction = pg_current_xact_id() RETURNING *),
  placed AS (SELECT taken.*, row_number() OVER (PARTITION BY taken.tenant_id ORDER BY taken.position) AS place FROM taken)
  SELECT one.tenant_id, one.of_table, one.before, one.after, one.omitted, one.omitted_made FROM (
    SELECT placed.tenant_id, placed.of_table, placed.before, placed.after, 0::bigint AS omitted, 0::bigint AS omitted_made, placed.position
    FROM placed WHERE placed.place <= most
    UNION ALL
    SELECT placed.tenant_id, placed.of_table, NULL, NULL, count(*),
      count(*) FILTER (WHERE placed.before IS NULL AND placed.after -> 'is_try' IS DISTINCT FROM 'true'::jsonb), max(placed.position)
    FROM placed WHERE placed.place > most GROUP BY placed.tenant_id, placed.of_table
  ) AS one ORDER BY one.position
$$;
REVOKE EXECUTE ON FUNCTION sluice.take_changes(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sluice.take_changes(integer) TO sluice_app;

-- Deletes at most so many rows of what the transaction's purge is about, those that refer to others first; no row of the answer:
-- nothing is left. It finds the tables by the catalogue, so that one that is made later needs no word here: it has either
-- sluice_app's DELETE, or a reference that deletes with what it refers to. Rows of the feed are not among them.
CREATE FUNCTION sluice.purge_batch(most integer) RETURNS TABLE (of_table text, purged bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  purge record;
  one record;
  room bigint := most;
  gone bigint;
BEGIN
  SELECT own.of_tenant, own.of_environment INTO purge FROM sluice.purges own
    WHERE own.id = sluice.purge_id() AND own.of_tenant = sluice.tenant_id() AND own.finished_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no purge is under way' USING ERRCODE = 'insufficient_privilege';
  END IF;
  FOR one IN
    WITH RECURSIVE owned AS (
      SELECT class.oid, class.relname, EXISTS (
        SELECT FROM pg_attribute WHERE attrelid = class.oid AND attname = 'environment_id' AND NOT attisdropped
      ) AS has_environment
      FROM pg_class class
      WHERE class.relnamespace = 'sluice'::regnamespace AND class.relkind = 'r' AND class.relname <> 'feed'
        AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = class.oid AND attname = 'tenant_id' AND NOT attisdropped)
        AND has_table_privilege(class.oid, 'DELETE')
    ), deep AS (
      SELECT owned.oid, 0 AS depth FROM owned
      UNION
      SELECT reference.conrelid, deep.depth + 1 FROM deep
        JOIN pg_constraint reference ON reference.contype = 'f' AND reference.confrelid = deep.oid
        WHERE reference.conrelid <> deep.oid AND deep.depth < 30
    )
    SELECT owned.relname AS name, CASE
      WHEN purge.of_environment IS NULL THEN format('tenant_id = %L', purge.of_tenant)
      WHEN owned.relname = 'environments' THEN format('tenant_id = %L AND id = %L', purge.of_tenant, purge.of_environment)
      WHEN owned.has_environment THEN format('tenant_id = %L AND environment_id = %L', purge.of_tenant, purge.of_environment)
      ELSE (
        SELECT format('tenant_id = %1$L AND (%2$s) IN (SELECT %3$s FROM sluice.%4$I WHERE tenant_id = %1$L AND environment_id = %5$L)',
          purge.of_tenant, string_agg(quote_ident(own.attname), ', ' ORDER BY pair.place),
          string_agg(quote_ident(other.attname), ', ' ORDER BY pair.place), parent.relname, purge.of_environment)
        FROM pg_constraint reference
        JOIN owned parent ON parent.oid = reference.confrelid AND parent.has_environment
        CROSS JOIN LATERAL unnest(reference.conkey, reference.confkey) WITH ORDINALITY AS pair (own_key, other_key, place)
        JOIN pg_attribute own ON own.attrelid = reference.conrelid AND own.attnum = pair.own_key
        JOIN pg_attribute other ON other.attrelid = reference.confrelid AND other.attnum = pair.other_key
        WHERE reference.contype = 'f' AND reference.conrelid = owned.oid
        GROUP BY reference.oid, parent.relname ORDER BY reference.oid LIMIT 1
      ) END AS condition
    FROM owned JOIN deep ON deep.oid = owned.oid
    GROUP BY owned.oid, owned.relname, owned.has_environment ORDER BY max(deep.depth) DESC, owned.relname
  LOOP
    CONTINUE WHEN one.condition IS NULL;
    EXECUTE format('DELETE FROM sluice.%1$I WHERE ctid = ANY (ARRAY(SELECT ctid FROM sluice.%1$I WHERE %2$s LIMIT %3$s))',
      one.name, one.condition, room);
    GET DIAGNOSTICS gone = ROW_COUNT;
    IF gone > 0 THEN
      of_table := one.name;
      purged := gone;
      room := room - gone;
      RETURN NEXT;
    END IF;
    EXIT WHEN room <= 0;
  END LOOP;
END
$$;
REVOKE EXECUTE ON FUNCTION sluice.purge_batch(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sluice.purge_batch(integer) TO sluice_app;
