-- CreateTable
CREATE TABLE "sluice"."platform_plans" (
    "name" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "bounds" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "platform_plans_pkey" PRIMARY KEY ("name")
);

-- The plan of tenants that have no other, generous: it is there to stop a mistake or an abuse, not to sell anything.
INSERT INTO sluice.platform_plans (name, title, bounds) VALUES
  ('standard', 'Standard', '{"environments": 50, "members": 1000, "routes": 20000, "credentials": 500000}');

-- AlterTable
ALTER TABLE "sluice"."tenants" ADD COLUMN     "platform_plan" TEXT NOT NULL DEFAULT 'standard',
ADD COLUMN     "suspended_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "tenants_platform_plan_idx" ON "sluice"."tenants"("platform_plan");

-- AddForeignKey
ALTER TABLE "sluice"."tenants" ADD CONSTRAINT "tenants_platform_plan_fkey" FOREIGN KEY ("platform_plan") REFERENCES "sluice"."platform_plans"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- From here on written by hand. Plans are the platform's, not a tenant's: a tenant reads its own when it makes something.
GRANT SELECT, INSERT, UPDATE ON sluice.platform_plans TO sluice_app;

-- The operator finds the tenants of all; what is in one is still seen only as that tenant.
CREATE FUNCTION sluice.is_operator() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT coalesce(current_setting('app.operator', true) = 'yes', false) $$;
CREATE POLICY operator ON sluice.tenants FOR SELECT TO sluice_app USING ((SELECT sluice.is_operator()));
