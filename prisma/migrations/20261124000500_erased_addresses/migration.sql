-- As it was, but that an address is found whole alone: who deletes the account of `e@acme.co` is not every `alice@acme.com`, whose
-- entries stay.
CREATE OR REPLACE FUNCTION sluice.forget_erased(erasure text, most integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  person record;
  last record;
  gone integer;
  address text;
BEGIN
  SELECT own.* INTO person FROM sluice.erasures own WHERE own.id = erasure AND own.finished_at IS NULL FOR UPDATE;
  IF NOT FOUND OR EXISTS (SELECT FROM auth.identity WHERE id = person.identity_id) THEN
    RETURN false;
  END IF;
  -- What follows a line end that JSON writes as \n begins anew; a full stop may end a sentence.
  address := '(^|[^a-z0-9_+.-]|\\[nrtbf])' || regexp_replace(lower(person.email), '([^a-z0-9@_-])', '\\\1', 'g')
    || '(?![a-z0-9-]|\.[a-z0-9])';
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
        OR (position(lower(person.email) IN lower(entry.content::text)) > 0 AND lower(entry.content::text) ~ address));
  GET DIAGNOSTICS gone = ROW_COUNT;
  UPDATE sluice.erasures SET after_tenant = last.tenant_id, after_seq = last.seq, cleared = cleared + gone WHERE id = erasure;
  RETURN true;
END
$$;
