-- What was set for a route that is no longer served, for the return to a revision that has it.
ALTER TABLE sluice.route_weights ADD COLUMN forgotten jsonb;
