-- Scopes of tokens name their tenant and environments by id, beside the names that people read. The names of those that exist are
-- what they were made for, so far as they are still there; what is not there any more is reached by nothing.
ALTER TABLE sluice.tenants NO FORCE ROW LEVEL SECURITY;
ALTER TABLE sluice.environments NO FORCE ROW LEVEL SECURITY;
ALTER TABLE sluice.service_tokens NO FORCE ROW LEVEL SECURITY;
ALTER TABLE sluice.service_tokens DISABLE TRIGGER USER;

UPDATE auth.personal_token t SET scope = t.scope || jsonb_build_object(
  'tenantId', CASE WHEN t.scope ->> 'tenant' IS NOT NULL
    THEN coalesce((SELECT n.id FROM sluice.tenants n WHERE n.slug = t.scope ->> 'tenant'), '') END,
  'environmentIds', CASE WHEN jsonb_typeof(t.scope -> 'environments') = 'array' THEN coalesce((
    SELECT jsonb_agg(e.id) FROM sluice.environments e JOIN sluice.tenants n ON n.id = e.tenant_id
    WHERE n.slug = t.scope ->> 'tenant' AND t.scope -> 'environments' ? e.name), '[]') END);

UPDATE sluice.service_tokens t SET scope = t.scope || jsonb_build_object(
  'tenantId', NULL,
  'environmentIds', CASE WHEN jsonb_typeof(t.scope -> 'environments') = 'array' THEN coalesce((
    SELECT jsonb_agg(e.id) FROM sluice.environments e
    WHERE e.tenant_id = t.tenant_id AND t.scope -> 'environments' ? e.name), '[]') END);

ALTER TABLE sluice.service_tokens ENABLE TRIGGER USER;
ALTER TABLE sluice.service_tokens FORCE ROW LEVEL SECURITY;
ALTER TABLE sluice.environments FORCE ROW LEVEL SECURITY;
ALTER TABLE sluice.tenants FORCE ROW LEVEL SECURITY;
