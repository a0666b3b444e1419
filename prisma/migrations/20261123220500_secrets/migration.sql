-- CreateTable
CREATE TABLE "sluice"."secrets" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "sealed" BYTEA NOT NULL,
    "key_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "secrets_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "secrets_key_id_id_idx" ON "sluice"."secrets"("key_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "secrets_tenant_id_id_key" ON "sluice"."secrets"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "secrets_tenant_id_environment_id_name_key" ON "sluice"."secrets"("tenant_id", "environment_id", "name");

-- AddForeignKey
ALTER TABLE "sluice"."secrets" ADD CONSTRAINT "secrets_tenant_id_environment_id_fkey" FOREIGN KEY ("tenant_id", "environment_id") REFERENCES "sluice"."environments"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- From here on written by hand. What is sealed never reaches the audit log: the watch leaves out every bytea.
GRANT SELECT, INSERT, UPDATE, DELETE ON sluice.secrets TO sluice_app;
ALTER TABLE sluice.secrets ENABLE ROW LEVEL SECURITY;
ALTER TABLE sluice.secrets FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sluice.secrets TO sluice_app
  USING (tenant_id = (SELECT sluice.tenant_id())) WITH CHECK (tenant_id = (SELECT sluice.tenant_id()));
SELECT audit.watch('sluice.secrets');

-- They go out with the change feed, across tenants, sealed as they are: what opens them is not in this database.
GRANT SELECT ON sluice.secrets TO sluice_feed;
CREATE POLICY feed ON sluice.secrets FOR SELECT TO sluice_feed USING (true);
