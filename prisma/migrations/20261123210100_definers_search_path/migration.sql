-- Where a search path does not name it, the session's temporary schema is searched first, before pg_catalog too: a session that
-- makes a type there by the name of one of Postgres's would have its checks run by these functions as their owner.
DO $$
DECLARE
  definer regprocedure;
BEGIN
  FOR definer IN
    SELECT oid::regprocedure FROM pg_proc WHERE prosecdef AND pronamespace IN ('sluice'::regnamespace, 'audit'::regnamespace)
  LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, pg_temp', definer);
  END LOOP;
END
$$;
