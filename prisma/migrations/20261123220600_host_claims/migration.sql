-- CreateEnum
CREATE TYPE "sluice"."host_claim_state" AS ENUM ('pending', 'proven', 'failing', 'lapsed');

-- CreateIndex
CREATE UNIQUE INDEX "environments_tenant_id_id_fleet_id_key" ON "sluice"."environments"("tenant_id", "id", "fleet_id");

-- CreateTable
CREATE TABLE "sluice"."host_claims" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "fleet_id" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "held_host" TEXT,
    "challenge" TEXT NOT NULL,
    "state" "sluice"."host_claim_state" NOT NULL,
    "problem" TEXT,
    "misses" INTEGER NOT NULL DEFAULT 0,
    "proven_at" TIMESTAMPTZ(3),
    "failing_since" TIMESTAMPTZ(3),
    "checked_at" TIMESTAMPTZ(3),
    "next_check_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "host_claims_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "host_claims_tenant_id_id_key" ON "sluice"."host_claims"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "host_claims_tenant_id_environment_id_host_key" ON "sluice"."host_claims"("tenant_id", "environment_id", "host");

-- CreateIndex
CREATE UNIQUE INDEX "host_claims_fleet_id_held_host_key" ON "sluice"."host_claims"("fleet_id", "held_host");

-- CreateIndex
CREATE INDEX "host_claims_tenant_id_environment_id_fleet_id_idx" ON "sluice"."host_claims"("tenant_id", "environment_id", "fleet_id");

-- CreateIndex
CREATE INDEX "host_claims_fleet_id_next_check_at_idx" ON "sluice"."host_claims"("fleet_id", "next_check_at");

-- AddForeignKey
ALTER TABLE "sluice"."host_claims" ADD CONSTRAINT "host_claims_tenant_id_environment_id_fleet_id_fkey" FOREIGN KEY ("tenant_id", "environment_id", "fleet_id") REFERENCES "sluice"."environments"("tenant_id", "id", "fleet_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- From here on written by hand. A host is held by whoever has proven it, and by nobody else: the unique index above then lets a
-- fleet have one holder of it, whatever code writes here.
ALTER TABLE sluice.host_claims ADD CONSTRAINT host_claims_held
  CHECK (held_host IS NOT DISTINCT FROM CASE WHEN state IN ('proven', 'failing') THEN host END);

SELECT audit.watch('sluice.host_claims');

GRANT SELECT, INSERT, UPDATE, DELETE ON sluice.host_claims TO sluice_app;
ALTER TABLE sluice.host_claims ENABLE ROW LEVEL SECURITY;
ALTER TABLE sluice.host_claims FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sluice.host_claims TO sluice_app
  USING (tenant_id = (SELECT sluice.tenant_id())) WITH CHECK (tenant_id = (SELECT sluice.tenant_id()));

-- Upkeep of a fleet looks at the claims of all of its tenants in turn, and notes that it did. What becomes of one is written as
-- its tenant.
CREATE POLICY fleet_select ON sluice.host_claims FOR SELECT TO sluice_app USING (fleet_id = (SELECT sluice.fleet_id()));
CREATE POLICY fleet_update ON sluice.host_claims FOR UPDATE TO sluice_app
  USING (fleet_id = (SELECT sluice.fleet_id())) WITH CHECK (fleet_id = (SELECT sluice.fleet_id()));
