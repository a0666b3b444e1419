-- AlterTable
ALTER TABLE "sluice"."fleets" ADD COLUMN     "mark" UUID NOT NULL DEFAULT gen_random_uuid(),
ADD COLUMN     "previous_mark" UUID NOT NULL DEFAULT gen_random_uuid();

-- AlterTable
ALTER TABLE "sluice"."feed" ADD COLUMN     "mark" UUID,
ADD COLUMN     "previous" UUID;

-- AlterTable
ALTER TABLE "sluice"."gateways" ADD COLUMN     "activity" TEXT NOT NULL DEFAULT 'serving',
ADD COLUMN     "drain_asked_at" TIMESTAMPTZ(3),
ADD COLUMN     "public_key" JSONB,
ADD COLUMN     "registered_at" TIMESTAMPTZ(3),
ADD COLUMN     "registered_by" TEXT,
ADD COLUMN     "revoked_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "sluice"."registration_tokens" (
    "id" TEXT NOT NULL,
    "fleet_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "most_uses" INTEGER NOT NULL,
    "uses" INTEGER NOT NULL DEFAULT 0,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "registration_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "registration_tokens_hash_key" ON "sluice"."registration_tokens"("hash");

-- CreateIndex
CREATE INDEX "registration_tokens_fleet_id_id_idx" ON "sluice"."registration_tokens"("fleet_id", "id");

-- AddForeignKey
ALTER TABLE "sluice"."registration_tokens" ADD CONSTRAINT "registration_tokens_fleet_id_fkey" FOREIGN KEY ("fleet_id") REFERENCES "sluice"."fleets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- From here on written by hand. They let gateways in, and belong to no tenant.
GRANT SELECT, INSERT, UPDATE, DELETE ON sluice.registration_tokens TO sluice_app;
