ALTER TABLE sluice.apis
  ADD COLUMN versioning jsonb,
  ADD COLUMN policies jsonb;

ALTER TABLE sluice.subscriptions ADD COLUMN started_at timestamptz(3);

-- Subscriptions began as they were made. The owner of a table is under forced row-level security too.
ALTER TABLE sluice.subscriptions NO FORCE ROW LEVEL SECURITY;
UPDATE sluice.subscriptions SET started_at = created_at WHERE state <> 'pending';
ALTER TABLE sluice.subscriptions FORCE ROW LEVEL SECURITY;
