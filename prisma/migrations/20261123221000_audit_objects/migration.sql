-- DropIndex
DROP INDEX "sluice"."audit_entries_objects_idx";

-- CreateTable
CREATE TABLE "sluice"."audit_objects" (
    "tenant_id" TEXT NOT NULL,
    "object" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,

    CONSTRAINT "audit_objects_pkey" PRIMARY KEY ("tenant_id","object","seq")
);

-- CreateIndex
CREATE INDEX "audit_objects_tenant_id_seq_idx" ON "sluice"."audit_objects"("tenant_id", "seq");

-- AddForeignKey
ALTER TABLE "sluice"."audit_objects" ADD CONSTRAINT "audit_objects_tenant_id_seq_fkey" FOREIGN KEY ("tenant_id", "seq") REFERENCES "sluice"."audit_entries"("tenant_id", "seq") ON DELETE CASCADE ON UPDATE CASCADE;

-- From here on written by hand.
--
-- By which words an entry is found, one a row. An index over the list of them served nobody: under row-level security Postgres
-- looks at other tenants' rows through no operator but those that cannot tell of what they see, and "contains" is none.
INSERT INTO sluice.audit_objects (tenant_id, object, seq)
SELECT DISTINCT entry.tenant_id, named.object, entry.seq
FROM sluice.audit_entries entry, unnest(entry.objects) AS named (object) WHERE named.object IS NOT NULL;

-- What was cleared of its content is found by no word either.
CREATE FUNCTION audit.note_objects() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM sluice.audit_objects WHERE tenant_id = NEW.tenant_id AND seq = NEW.seq;
  END IF;
  INSERT INTO sluice.audit_objects (tenant_id, object, seq)
    SELECT DISTINCT NEW.tenant_id, named.object, NEW.seq FROM unnest(NEW.objects) AS named (object) WHERE named.object IS NOT NULL;
  RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION audit.note_objects() FROM PUBLIC;
CREATE TRIGGER note_objects AFTER INSERT OR UPDATE ON sluice.audit_entries FOR EACH ROW EXECUTE FUNCTION audit.note_objects();

GRANT SELECT ON sluice.audit_objects TO sluice_app;
ALTER TABLE sluice.audit_objects ENABLE ROW LEVEL SECURITY;
ALTER TABLE sluice.audit_objects FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sluice.audit_objects FOR SELECT TO sluice_app USING (tenant_id = (SELECT sluice.tenant_id()));
DO $$
BEGIN
  EXECUTE format('CREATE POLICY owner ON sluice.audit_objects TO %I USING (true) WITH CHECK (true)', current_user);
END
$$;
