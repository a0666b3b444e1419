-- Of two plans that a subscription has had, the later one says how much there is: gateways are told how often it has moved.
ALTER TABLE "sluice"."subscriptions" ADD COLUMN "plan_changes" INTEGER NOT NULL DEFAULT 0;

-- CreateIndex
CREATE UNIQUE INDEX "subscriptions_tenant_id_environment_id_id_key" ON "sluice"."subscriptions"("tenant_id", "environment_id", "id");

-- A hash is unique within its environment, which is where gateways look for it. Unique over all, an import would have told a
-- tenant which keys others have.
ALTER TABLE "sluice"."credentials" ADD COLUMN "environment_id" TEXT,
ADD COLUMN "scopes" TEXT[],
ADD COLUMN "is_try" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN "expires_at" TIMESTAMPTZ(3);

-- The owner of a table is under forced row-level security too.
ALTER TABLE sluice.credentials NO FORCE ROW LEVEL SECURITY;
ALTER TABLE sluice.subscriptions NO FORCE ROW LEVEL SECURITY;
UPDATE sluice.credentials credential SET environment_id = subscription.environment_id, scopes = '{}'
  FROM sluice.subscriptions subscription
  WHERE subscription.tenant_id = credential.tenant_id AND subscription.id = credential.subscription_id;
ALTER TABLE sluice.subscriptions FORCE ROW LEVEL SECURITY;
ALTER TABLE sluice.credentials FORCE ROW LEVEL SECURITY;

ALTER TABLE "sluice"."credentials" ALTER COLUMN "environment_id" SET NOT NULL;

-- DropIndex
DROP INDEX "sluice"."credentials_hash_key";

-- CreateIndex
CREATE UNIQUE INDEX "credentials_tenant_id_environment_id_hash_key" ON "sluice"."credentials"("tenant_id", "environment_id", "hash");

-- DropForeignKey
ALTER TABLE "sluice"."credentials" DROP CONSTRAINT "credentials_tenant_id_subscription_id_fkey";

-- AddForeignKey
ALTER TABLE "sluice"."credentials" ADD CONSTRAINT "credentials_tenant_id_environment_id_subscription_id_fkey" FOREIGN KEY ("tenant_id", "environment_id", "subscription_id") REFERENCES "sluice"."subscriptions"("tenant_id", "environment_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
