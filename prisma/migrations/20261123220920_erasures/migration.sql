-- CreateTable
CREATE TABLE "sluice"."erasures" (
    "id" TEXT NOT NULL,
    "identity_id" TEXT,
    "email" TEXT,
    "asked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "after_tenant" TEXT NOT NULL DEFAULT '',
    "after_seq" BIGINT NOT NULL DEFAULT 0,
    "cleared" INTEGER NOT NULL DEFAULT 0,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "erasures_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "erasures_finished_at_id_idx" ON "sluice"."erasures"("finished_at", "id");

-- From here on written by hand. A person who has deleted the account is forgotten by every audit log, in pieces; whom this row is about is
-- forgotten with the last one.
GRANT SELECT, INSERT ON sluice.erasures TO sluice_app;

-- Where somebody is a developer, for who leaves.
CREATE POLICY identity ON sluice.developers FOR SELECT TO sluice_app USING (identity_id = (SELECT sluice.identity_id()));

-- Goes through the next `most` entries of all logs, clears those that the person made or that speak of them, and says whether
-- there are more. Nothing happens for as long as there is such an account, so nobody who is here can be forgotten by it.
CREATE FUNCTION sluice.forget_erased(erasure text, most integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  person record;
  last record;
  gone integer;
BEGIN
  SELECT own.* INTO person FROM sluice.erasures own WHERE own.id = erasure AND own.finished_at IS NULL FOR UPDATE;
  IF NOT FOUND OR EXISTS (SELECT FROM auth.identity WHERE id = person.identity_id) THEN
    RETURN false;
  END IF;
  SELECT piece.tenant_id, piece.seq, piece.place INTO last FROM (
    SELECT entry.tenant_id, entry.seq, row_number() OVER (ORDER BY entry.tenant_id, entry.seq) AS place
    FROM sluice.audit_entries entry WHERE (entry.tenant_id, entry.seq) > (person.after_tenant, person.after_seq)
    ORDER BY entry.tenant_id, entry.seq LIMIT most
  ) AS piece ORDER BY piece.place DESC LIMIT 1;
  IF last IS NULL THEN
    UPDATE sluice.erasures SET finished_at = clock_timestamp(), identity_id = NULL, email = NULL WHERE id = erasure;
    RETURN false;
  END IF;
  UPDATE sluice.audit_entries entry SET content = NULL, actor_id = NULL, objects = '{}'
    WHERE (entry.tenant_id, entry.seq) > (person.after_tenant, person.after_seq)
      AND (entry.tenant_id, entry.seq) <= (last.tenant_id, last.seq)
      AND entry.content IS NOT NULL AND (entry.actor_id = person.identity_id
        OR position(person.identity_id IN entry.content::text) > 0
        OR position(lower(person.email) IN lower(entry.content::text)) > 0);
  GET DIAGNOSTICS gone = ROW_COUNT;
  UPDATE sluice.erasures SET after_tenant = last.tenant_id, after_seq = last.seq, cleared = cleared + gone WHERE id = erasure;
  RETURN true;
END
$$;
REVOKE EXECUTE ON FUNCTION sluice.forget_erased(text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sluice.forget_erased(text, integer) TO sluice_app;
