-- Written by hand. Whom an entry of the audit log speaks of, so that a person is forgotten by reading the entries that may speak of them
-- alone, and not all logs of all tenants for everybody who signs up and leaves again. Kept are hashes of ids and addresses: one
-- that two people share costs a look at an entry that is none of theirs. It lies where no role of a process may enter.
CREATE TABLE audit.mentions (
  person bigint NOT NULL,
  tenant_id text NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (person, tenant_id, seq)
);

-- Every id of a person and every address in a text, hashed. An address has at most 64 characters before the @ (RFC 5321, 4.5.3.1), of
-- which what follows an apostrophe is enough to find it; of a line end that JSON writes as \n, the n may be its first. Texts are
-- split, not searched: a pattern over a large entry would cost its change a tenth of a second.
CREATE FUNCTION audit.people_in(words text) RETURNS SETOF bigint
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT hashtextextended(named.word, 0) FROM (
    SELECT 'idn_' || substring(left(piece, 64) FROM '^[0-9a-z]+')
      FROM string_to_table(words, 'idn_') WITH ORDINALITY AS split (piece, place) WHERE place > 1
    UNION ALL
    SELECT local.part || '@' || pair.domain FROM (
      SELECT substring(lower(right(lag(piece) OVER (ORDER BY place), 66)) FROM '\\?[a-z0-9_.+-]+$') AS before,
        substring(lower(left(piece, 254)) FROM '^[a-z0-9-]+(?:\.[a-z0-9][a-z0-9-]*)*') AS domain
      FROM string_to_table(words, '@') WITH ORDINALITY AS split (piece, place)
    ) AS pair, LATERAL (VALUES
      (ltrim(pair.before, '\')),
      (CASE WHEN pair.before ~ '^\\.' THEN substr(pair.before, 3) END)
    ) AS local (part) WHERE local.part <> ''
  ) AS named (word) WHERE named.word IS NOT NULL
$$;

-- Whether an entry speaks of a person. An address counts where it stands whole: who was `e@acme.co` is not every `alice@acme.com`. What
-- follows a line end that JSON writes as \n begins anew; a full stop may end a sentence.
CREATE FUNCTION audit.speaks_of(content jsonb, identity_id text, email text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(position(nullif(identity_id, '') IN content::text) > 0, false)
    OR coalesce(position(lower(nullif(email, '')) IN lower(content::text)) > 0 AND lower(content::text) ~
      ('(^|[^a-z0-9_.+-]|\\[nrtbf])' || regexp_replace(lower(email), '([^a-z0-9@_-])', '\\\1', 'g') || '(?![a-z0-9-]|\.[a-z0-9])'), false)
$$;

CREATE FUNCTION audit.note_people() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO audit.mentions (person, tenant_id, seq)
      SELECT person, NEW.tenant_id, NEW.seq FROM audit.people_in(NEW.content::text) AS person;
  ELSE
    DELETE FROM audit.mentions WHERE tenant_id = OLD.tenant_id AND seq = OLD.seq
      AND person = ANY (ARRAY(SELECT audit.people_in(OLD.content::text)));
  END IF;
  RETURN NULL;
END
$$;
-- First, so that nothing is written between: it waits for those who write, and they for the end of this migration.
CREATE TRIGGER note_people AFTER INSERT OR UPDATE OR DELETE ON sluice.audit_entries
  FOR EACH ROW EXECUTE FUNCTION audit.note_people();
INSERT INTO audit.mentions (person, tenant_id, seq)
  SELECT people.person, entry.tenant_id, entry.seq FROM sluice.audit_entries entry, audit.people_in(entry.content::text) AS people (person);

-- As it was, by way of what was noted: goes through the next `most` entries that may speak of the person.
CREATE OR REPLACE FUNCTION sluice.forget_erased(erasure text, most integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  person record;
  last record;
  gone integer;
BEGIN
  SELECT own.*, ARRAY(SELECT audit.people_in(concat_ws(' ', own.identity_id, own.email))) AS hashes INTO person
    FROM sluice.erasures own WHERE own.id = erasure AND own.finished_at IS NULL FOR UPDATE;
  IF NOT FOUND OR EXISTS (SELECT FROM auth.identity WHERE id = person.identity_id) THEN
    RETURN false;
  END IF;
  SELECT piece.tenant_id, piece.seq, piece.place INTO last FROM (
    SELECT named.tenant_id, named.seq, row_number() OVER (ORDER BY named.tenant_id, named.seq) AS place FROM (
      SELECT DISTINCT mention.tenant_id, mention.seq FROM audit.mentions mention
      WHERE mention.person = ANY (person.hashes) AND (mention.tenant_id, mention.seq) > (person.after_tenant, person.after_seq)
      ORDER BY mention.tenant_id, mention.seq LIMIT most
    ) AS named
  ) AS piece ORDER BY piece.place DESC LIMIT 1;
  IF last IS NULL THEN
    UPDATE sluice.erasures SET finished_at = clock_timestamp(), identity_id = NULL, email = NULL WHERE id = erasure;
    RETURN false;
  END IF;
  UPDATE sluice.audit_entries entry SET content = NULL, actor_id = NULL, objects = '{}'
    FROM (
      SELECT DISTINCT mention.tenant_id, mention.seq FROM audit.mentions mention WHERE mention.person = ANY (person.hashes)
        AND (mention.tenant_id, mention.seq) > (person.after_tenant, person.after_seq)
        AND (mention.tenant_id, mention.seq) <= (last.tenant_id, last.seq)
    ) AS named
    WHERE entry.tenant_id = named.tenant_id AND entry.seq = named.seq
      AND audit.speaks_of(entry.content, person.identity_id, person.email);
  GET DIAGNOSTICS gone = ROW_COUNT;
  UPDATE sluice.erasures SET after_tenant = last.tenant_id, after_seq = last.seq, cleared = cleared + gone WHERE id = erasure;
  RETURN true;
END
$$;

CREATE OR REPLACE FUNCTION audit.forget_person(identity_id text, email text) RETURNS bigint LANGUAGE sql AS $$
  WITH named AS (
    SELECT DISTINCT mention.tenant_id, mention.seq FROM audit.mentions mention
    WHERE mention.person = ANY (ARRAY(SELECT audit.people_in(concat_ws(' ', forget_person.identity_id, forget_person.email))))
  ), cleared AS (
    UPDATE sluice.audit_entries entry SET content = NULL, actor_id = NULL, objects = '{}' FROM named
    WHERE entry.tenant_id = named.tenant_id AND entry.seq = named.seq
      AND audit.speaks_of(entry.content, forget_person.identity_id, forget_person.email)
    RETURNING 1
  ) SELECT count(*) FROM cleared
$$;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
