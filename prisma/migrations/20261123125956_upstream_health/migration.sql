-- CreateTable
CREATE TABLE "sluice"."upstream_health" (
    "tenant_id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "fleet_id" TEXT NOT NULL,
    "gateway_id" TEXT NOT NULL,
    "upstreams" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "upstream_health_pkey" PRIMARY KEY ("tenant_id","environment_id","fleet_id","gateway_id")
);

-- AddForeignKey
ALTER TABLE "sluice"."upstream_health" ADD CONSTRAINT "upstream_health_tenant_id_environment_id_fkey" FOREIGN KEY ("tenant_id", "environment_id") REFERENCES "sluice"."environments"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Written by the fleet's gateways, read by the tenant.
GRANT SELECT, INSERT, UPDATE, DELETE ON sluice.upstream_health TO sluice_app;
ALTER TABLE sluice.upstream_health ENABLE ROW LEVEL SECURITY;
ALTER TABLE sluice.upstream_health FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sluice.upstream_health FOR SELECT TO sluice_app USING (tenant_id = (SELECT sluice.tenant_id()));
CREATE POLICY fleet ON sluice.upstream_health TO sluice_app
  USING (fleet_id = (SELECT sluice.fleet_id())) WITH CHECK (fleet_id = (SELECT sluice.fleet_id()));
