-- CreateTable
CREATE TABLE "sluice"."service_accounts" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" "sluice"."member_role" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "service_accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sluice"."service_tokens" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "service_account_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "scope" JSONB NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "service_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth"."personal_token" (
    "id" TEXT NOT NULL,
    "identity_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "scope" JSONB NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "personal_token_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "service_accounts_tenant_id_id_key" ON "sluice"."service_accounts"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "service_accounts_tenant_id_name_key" ON "sluice"."service_accounts"("tenant_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "service_tokens_hash_key" ON "sluice"."service_tokens"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "service_tokens_tenant_id_id_key" ON "sluice"."service_tokens"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "service_tokens_tenant_id_service_account_id_name_key" ON "sluice"."service_tokens"("tenant_id", "service_account_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "personal_token_hash_key" ON "auth"."personal_token"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "personal_token_identity_id_name_key" ON "auth"."personal_token"("identity_id", "name");

-- AddForeignKey
ALTER TABLE "sluice"."service_accounts" ADD CONSTRAINT "service_accounts_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "sluice"."tenants"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sluice"."service_tokens" ADD CONSTRAINT "service_tokens_tenant_id_service_account_id_fkey" FOREIGN KEY ("tenant_id", "service_account_id") REFERENCES "sluice"."service_accounts"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auth"."personal_token" ADD CONSTRAINT "personal_token_identity_id_fkey" FOREIGN KEY ("identity_id") REFERENCES "auth"."identity"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- From here on written by hand. A tenant's owner is a person.
ALTER TABLE sluice.service_accounts ADD CONSTRAINT service_accounts_no_owner CHECK (role <> 'owner');

GRANT SELECT, INSERT, UPDATE, DELETE ON sluice.service_accounts, sluice.service_tokens TO sluice_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.personal_token TO sluice_auth;

DO $$
DECLARE
  table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['service_accounts', 'service_tokens'] LOOP
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

-- A request that carries a token finds the one row that is this token's, and by it the tenant.
CREATE FUNCTION sluice.token_hash() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.token_hash', true), '') $$;
CREATE POLICY presented ON sluice.service_tokens FOR SELECT TO sluice_app USING (hash = (SELECT sluice.token_hash()));
