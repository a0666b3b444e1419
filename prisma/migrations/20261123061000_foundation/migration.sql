-- CreateEnum
CREATE TYPE "sluice"."member_role" AS ENUM ('owner', 'admin', 'developer', 'viewer');

-- CreateEnum
CREATE TYPE "sluice"."member_state" AS ENUM ('invited', 'active');

-- CreateEnum
CREATE TYPE "sluice"."subscription_state" AS ENUM ('pending', 'active', 'suspended', 'cancelled');

-- CreateEnum
CREATE TYPE "sluice"."credential_state" AS ENUM ('active', 'revoked');

-- CreateEnum
CREATE TYPE "sluice"."receipt_state" AS ENUM ('applied', 'refused');

-- CreateTable
CREATE TABLE "sluice"."tenants" (
    "id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tenants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sluice"."environments" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "fleet_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "live_revision" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "environments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sluice"."members" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "identity_id" TEXT,
    "email" TEXT NOT NULL,
    "name" TEXT,
    "role" "sluice"."member_role" NOT NULL,
    "state" "sluice"."member_state" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "members_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sluice"."upstreams" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "spec" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "upstreams_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sluice"."apis" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "apis_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sluice"."routes" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "api_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "spec" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "routes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sluice"."route_weights" (
    "tenant_id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "weights" JSONB NOT NULL,
    "set_by" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "position" BIGINT NOT NULL,

    CONSTRAINT "route_weights_pkey" PRIMARY KEY ("tenant_id","environment_id","route")
);

-- CreateTable
CREATE TABLE "sluice"."plans" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "apis" TEXT[],
    "limits" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "plans_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sluice"."developers" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "identity_id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "developers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sluice"."applications" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "developer_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "applications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sluice"."subscriptions" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "application_id" TEXT NOT NULL,
    "plan_id" TEXT NOT NULL,
    "state" "sluice"."subscription_state" NOT NULL,
    "revision" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "subscriptions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sluice"."credentials" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "state" "sluice"."credential_state" NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credentials_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sluice"."idempotent_creations" (
    "tenant_id" TEXT NOT NULL,
    "identity_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "answer" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotent_creations_pkey" PRIMARY KEY ("tenant_id","identity_id","key")
);

-- CreateTable
CREATE TABLE "sluice"."revisions" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "document" JSONB NOT NULL,
    "comment" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "revisions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sluice"."receipts" (
    "tenant_id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "fleet_id" TEXT NOT NULL,
    "gateway_id" TEXT NOT NULL,
    "state" "sluice"."receipt_state" NOT NULL,
    "refusals" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "receipts_pkey" PRIMARY KEY ("tenant_id","environment_id","revision","fleet_id","gateway_id")
);

-- CreateTable
CREATE TABLE "sluice"."fleets" (
    "id" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "history_id" TEXT NOT NULL,
    "incarnation" TEXT NOT NULL,
    "position" BIGINT NOT NULL DEFAULT 0,
    "compacted_to" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "fleets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sluice"."gateways" (
    "fleet_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "boot_id" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "history_id" TEXT,
    "position" BIGINT NOT NULL,
    "last_heartbeat_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "gateways_pkey" PRIMARY KEY ("fleet_id","id")
);

-- CreateTable
CREATE TABLE "sluice"."feed" (
    "fleet_id" TEXT NOT NULL,
    "position" BIGINT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "lane" SMALLINT NOT NULL,
    "object_key" TEXT NOT NULL,
    "change" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "feed_pkey" PRIMARY KEY ("fleet_id","position")
);

-- CreateTable
CREATE TABLE "auth"."identity" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "identity_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth"."session" (
    "id" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "token" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ip_address" TEXT,
    "user_agent" TEXT,
    "user_id" TEXT NOT NULL,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth"."account" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "access_token" TEXT,
    "refresh_token" TEXT,
    "id_token" TEXT,
    "access_token_expires_at" TIMESTAMPTZ(3),
    "refresh_token_expires_at" TIMESTAMPTZ(3),
    "scope" TEXT,
    "password" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth"."verification" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "verification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth"."attempt" (
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "resets_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE UNIQUE INDEX "tenants_slug_key" ON "sluice"."tenants"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "environments_tenant_id_id_key" ON "sluice"."environments"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "environments_tenant_id_name_key" ON "sluice"."environments"("tenant_id", "name");

-- CreateIndex
CREATE INDEX "members_identity_id_idx" ON "sluice"."members"("identity_id");

-- CreateIndex
CREATE INDEX "members_email_idx" ON "sluice"."members"("email");

-- CreateIndex
CREATE UNIQUE INDEX "members_tenant_id_id_key" ON "sluice"."members"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "members_tenant_id_email_key" ON "sluice"."members"("tenant_id", "email");

-- CreateIndex
CREATE UNIQUE INDEX "members_tenant_id_identity_id_key" ON "sluice"."members"("tenant_id", "identity_id");

-- CreateIndex
CREATE UNIQUE INDEX "upstreams_tenant_id_id_key" ON "sluice"."upstreams"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "upstreams_tenant_id_environment_id_name_key" ON "sluice"."upstreams"("tenant_id", "environment_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "apis_tenant_id_id_key" ON "sluice"."apis"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "apis_tenant_id_environment_id_name_key" ON "sluice"."apis"("tenant_id", "environment_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "routes_tenant_id_id_key" ON "sluice"."routes"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "routes_tenant_id_api_id_name_key" ON "sluice"."routes"("tenant_id", "api_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "plans_tenant_id_id_key" ON "sluice"."plans"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "plans_tenant_id_environment_id_id_key" ON "sluice"."plans"("tenant_id", "environment_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "plans_tenant_id_environment_id_name_key" ON "sluice"."plans"("tenant_id", "environment_id", "name");

-- CreateIndex
CREATE INDEX "developers_identity_id_idx" ON "sluice"."developers"("identity_id");

-- CreateIndex
CREATE UNIQUE INDEX "developers_tenant_id_id_key" ON "sluice"."developers"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "developers_tenant_id_identity_id_key" ON "sluice"."developers"("tenant_id", "identity_id");

-- CreateIndex
CREATE INDEX "applications_tenant_id_developer_id_idx" ON "sluice"."applications"("tenant_id", "developer_id");

-- CreateIndex
CREATE UNIQUE INDEX "applications_tenant_id_id_key" ON "sluice"."applications"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "applications_tenant_id_environment_id_id_key" ON "sluice"."applications"("tenant_id", "environment_id", "id");

-- CreateIndex
CREATE INDEX "subscriptions_tenant_id_environment_id_application_id_idx" ON "sluice"."subscriptions"("tenant_id", "environment_id", "application_id");

-- CreateIndex
CREATE INDEX "subscriptions_tenant_id_environment_id_plan_id_idx" ON "sluice"."subscriptions"("tenant_id", "environment_id", "plan_id");

-- CreateIndex
CREATE UNIQUE INDEX "subscriptions_tenant_id_id_key" ON "sluice"."subscriptions"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "credentials_hash_key" ON "sluice"."credentials"("hash");

-- CreateIndex
CREATE INDEX "credentials_tenant_id_subscription_id_idx" ON "sluice"."credentials"("tenant_id", "subscription_id");

-- CreateIndex
CREATE UNIQUE INDEX "credentials_tenant_id_id_key" ON "sluice"."credentials"("tenant_id", "id");

-- CreateIndex
CREATE INDEX "idempotent_creations_tenant_id_created_at_idx" ON "sluice"."idempotent_creations"("tenant_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "revisions_tenant_id_id_key" ON "sluice"."revisions"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "revisions_tenant_id_environment_id_number_key" ON "sluice"."revisions"("tenant_id", "environment_id", "number");

-- CreateIndex
CREATE INDEX "feed_fleet_id_object_key_position_idx" ON "sluice"."feed"("fleet_id", "object_key", "position" DESC);

-- CreateIndex
CREATE INDEX "feed_tenant_id_idx" ON "sluice"."feed"("tenant_id");

-- CreateIndex
CREATE UNIQUE INDEX "identity_email_key" ON "auth"."identity"("email");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_key" ON "auth"."session"("token");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "auth"."session"("user_id");

-- CreateIndex
CREATE INDEX "account_user_id_idx" ON "auth"."account"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "account_provider_id_account_id_key" ON "auth"."account"("provider_id", "account_id");

-- CreateIndex
CREATE INDEX "verification_identifier_idx" ON "auth"."verification"("identifier");

-- CreateIndex
CREATE INDEX "attempt_resets_at_idx" ON "auth"."attempt"("resets_at");

-- AddForeignKey
ALTER TABLE "sluice"."environments" ADD CONSTRAINT "environments_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "sluice"."tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sluice"."environments" ADD CONSTRAINT "environments_fleet_id_fkey" FOREIGN KEY ("fleet_id") REFERENCES "sluice"."fleets"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sluice"."members" ADD CONSTRAINT "members_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "sluice"."tenants"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sluice"."members" ADD CONSTRAINT "members_identity_id_fkey" FOREIGN KEY ("identity_id") REFERENCES "auth"."identity"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sluice"."upstreams" ADD CONSTRAINT "upstreams_tenant_id_environment_id_fkey" FOREIGN KEY ("tenant_id", "environment_id") REFERENCES "sluice"."environments"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sluice"."apis" ADD CONSTRAINT "apis_tenant_id_environment_id_fkey" FOREIGN KEY ("tenant_id", "environment_id") REFERENCES "sluice"."environments"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sluice"."routes" ADD CONSTRAINT "routes_tenant_id_api_id_fkey" FOREIGN KEY ("tenant_id", "api_id") REFERENCES "sluice"."apis"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sluice"."route_weights" ADD CONSTRAINT "route_weights_tenant_id_environment_id_fkey" FOREIGN KEY ("tenant_id", "environment_id") REFERENCES "sluice"."environments"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sluice"."plans" ADD CONSTRAINT "plans_tenant_id_environment_id_fkey" FOREIGN KEY ("tenant_id", "environment_id") REFERENCES "sluice"."environments"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sluice"."developers" ADD CONSTRAINT "developers_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "sluice"."tenants"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sluice"."developers" ADD CONSTRAINT "developers_identity_id_fkey" FOREIGN KEY ("identity_id") REFERENCES "auth"."identity"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sluice"."applications" ADD CONSTRAINT "applications_tenant_id_environment_id_fkey" FOREIGN KEY ("tenant_id", "environment_id") REFERENCES "sluice"."environments"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sluice"."applications" ADD CONSTRAINT "applications_tenant_id_developer_id_fkey" FOREIGN KEY ("tenant_id", "developer_id") REFERENCES "sluice"."developers"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sluice"."subscriptions" ADD CONSTRAINT "subscriptions_tenant_id_environment_id_fkey" FOREIGN KEY ("tenant_id", "environment_id") REFERENCES "sluice"."environments"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sluice"."subscriptions" ADD CONSTRAINT "subscriptions_tenant_id_environment_id_application_id_fkey" FOREIGN KEY ("tenant_id", "environment_id", "application_id") REFERENCES "sluice"."applications"("tenant_id", "environment_id", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sluice"."subscriptions" ADD CONSTRAINT "subscriptions_tenant_id_environment_id_plan_id_fkey" FOREIGN KEY ("tenant_id", "environment_id", "plan_id") REFERENCES "sluice"."plans"("tenant_id", "environment_id", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sluice"."credentials" ADD CONSTRAINT "credentials_tenant_id_subscription_id_fkey" FOREIGN KEY ("tenant_id", "subscription_id") REFERENCES "sluice"."subscriptions"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sluice"."idempotent_creations" ADD CONSTRAINT "idempotent_creations_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "sluice"."tenants"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sluice"."revisions" ADD CONSTRAINT "revisions_tenant_id_environment_id_fkey" FOREIGN KEY ("tenant_id", "environment_id") REFERENCES "sluice"."environments"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sluice"."receipts" ADD CONSTRAINT "receipts_tenant_id_environment_id_revision_fkey" FOREIGN KEY ("tenant_id", "environment_id", "revision") REFERENCES "sluice"."revisions"("tenant_id", "environment_id", "number") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sluice"."gateways" ADD CONSTRAINT "gateways_fleet_id_fkey" FOREIGN KEY ("fleet_id") REFERENCES "sluice"."fleets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sluice"."feed" ADD CONSTRAINT "feed_fleet_id_fkey" FOREIGN KEY ("fleet_id") REFERENCES "sluice"."fleets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auth"."session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth"."identity"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auth"."account" ADD CONSTRAINT "account_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth"."identity"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- From here on written by hand: grants and row-level security.

-- What is never changed cannot be: revisions, and the feed. TRUNCATE is granted to nobody, because it asks no policy.
GRANT SELECT, INSERT, UPDATE, DELETE ON
  sluice.tenants, sluice.environments, sluice.members, sluice.upstreams, sluice.apis, sluice.routes, sluice.route_weights,
  sluice.plans, sluice.developers, sluice.applications, sluice.subscriptions, sluice.credentials, sluice.idempotent_creations
  TO sluice_app;
GRANT SELECT, INSERT ON sluice.revisions TO sluice_app;
GRANT SELECT, INSERT, UPDATE ON sluice.receipts TO sluice_app;
GRANT SELECT, INSERT, DELETE ON sluice.feed TO sluice_app;
GRANT SELECT, INSERT, UPDATE ON sluice.fleets TO sluice_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON sluice.gateways TO sluice_app;
GRANT SELECT ON sluice.feed, sluice.fleets TO sluice_feed;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA auth TO sluice_auth;

-- A tenant sees and writes its own rows. (SELECT ...) is evaluated once a statement, not once a row.
DO $$
DECLARE
  table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY[
    'environments', 'members', 'upstreams', 'apis', 'routes', 'route_weights', 'plans', 'developers', 'applications',
    'subscriptions', 'credentials', 'idempotent_creations', 'revisions'
  ] LOOP
    EXECUTE format('ALTER TABLE sluice.%I ENABLE ROW LEVEL SECURITY', table_name);
    EXECUTE format('ALTER TABLE sluice.%I FORCE ROW LEVEL SECURITY', table_name);
    EXECUTE format(
      'CREATE POLICY tenant ON sluice.%I TO sluice_app USING (tenant_id = (SELECT sluice.tenant_id())) '
        'WITH CHECK (tenant_id = (SELECT sluice.tenant_id()))',
      table_name
    );
  END LOOP;
END
$$;

-- Receipts are written by the fleet's gateways, and the feed is only added to: a tenant reads the one and appends to the other.
ALTER TABLE sluice.receipts ENABLE ROW LEVEL SECURITY;
ALTER TABLE sluice.receipts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sluice.receipts FOR SELECT TO sluice_app USING (tenant_id = (SELECT sluice.tenant_id()));
ALTER TABLE sluice.feed ENABLE ROW LEVEL SECURITY;
ALTER TABLE sluice.feed FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sluice.feed FOR SELECT TO sluice_app USING (tenant_id = (SELECT sluice.tenant_id()));
CREATE POLICY tenant_append ON sluice.feed FOR INSERT TO sluice_app WITH CHECK (tenant_id = (SELECT sluice.tenant_id()));

ALTER TABLE sluice.tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE sluice.tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sluice.tenants TO sluice_app
  USING (id = (SELECT sluice.tenant_id())) WITH CHECK (id = (SELECT sluice.tenant_id()));

-- A page without a session finds the tenant that it is about.
CREATE POLICY slug ON sluice.tenants FOR SELECT TO sluice_app USING (slug = (SELECT sluice.tenant_slug()));

-- A person sees their own memberships and invitations, and the tenants of these. They may turn an invitation to an address
-- that they have proven into a membership of theirs.
CREATE POLICY identity ON sluice.members FOR SELECT TO sluice_app
  USING (
    identity_id = (SELECT sluice.identity_id())
    OR (identity_id IS NULL AND state = 'invited' AND email = (SELECT sluice.identity_email()))
  );
CREATE POLICY claim ON sluice.members FOR UPDATE TO sluice_app
  USING (identity_id IS NULL AND state = 'invited' AND email = (SELECT sluice.identity_email()))
  WITH CHECK (identity_id = (SELECT sluice.identity_id()) AND state = 'active' AND email = (SELECT sluice.identity_email()));
-- A policy sees the row before or after, never both: that a claim changes the person and the state alone takes a trigger.
CREATE FUNCTION sluice.claim_as_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.tenant_id, NEW.email, NEW.role, NEW.created_at) IS DISTINCT FROM (OLD.id, OLD.tenant_id, OLD.email, OLD.role, OLD.created_at) THEN
    RAISE EXCEPTION 'an invitation is claimed as it is' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER claim_as_it_is BEFORE UPDATE ON sluice.members
  FOR EACH ROW WHEN (sluice.identity_id() IS NOT NULL) EXECUTE FUNCTION sluice.claim_as_it_is();
CREATE POLICY identity ON sluice.tenants FOR SELECT TO sluice_app
  USING ((SELECT sluice.identity_id()) IS NOT NULL AND id IN (SELECT member.tenant_id FROM sluice.members member));

-- A fleet's gateways answer for environments of all of its tenants at once, and replaced feed rows are cleared for all.
CREATE POLICY fleet ON sluice.environments FOR SELECT TO sluice_app USING (fleet_id = (SELECT sluice.fleet_id()));
CREATE POLICY fleet ON sluice.revisions FOR SELECT TO sluice_app
  USING ((tenant_id, environment_id) IN (
    SELECT environment.tenant_id, environment.id FROM sluice.environments environment
    WHERE environment.fleet_id = (SELECT sluice.fleet_id())
  ));
CREATE POLICY fleet ON sluice.receipts TO sluice_app
  USING (fleet_id = (SELECT sluice.fleet_id())) WITH CHECK (fleet_id = (SELECT sluice.fleet_id()));
CREATE POLICY fleet_select ON sluice.feed FOR SELECT TO sluice_app USING (fleet_id = (SELECT sluice.fleet_id()));
CREATE POLICY fleet_delete ON sluice.feed FOR DELETE TO sluice_app USING (fleet_id = (SELECT sluice.fleet_id()));

-- The change feed goes out across tenants, by a role that only reads.
CREATE POLICY feed ON sluice.feed FOR SELECT TO sluice_feed USING (true);
