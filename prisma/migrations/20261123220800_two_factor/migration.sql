-- AlterTable
ALTER TABLE "auth"."identity" ADD COLUMN     "two_factor_enabled" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "auth"."two_factor" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "backup_codes" TEXT NOT NULL,
    "verified" BOOLEAN NOT NULL DEFAULT false,
    "failed_verification_count" INTEGER NOT NULL DEFAULT 0,
    "locked_until" TIMESTAMPTZ(3),

    CONSTRAINT "two_factor_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "two_factor_user_id_key" ON "auth"."two_factor"("user_id");

-- AddForeignKey
ALTER TABLE "auth"."two_factor" ADD CONSTRAINT "two_factor_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth"."identity"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- From here on written by hand.
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.two_factor TO sluice_auth;

-- Sessions that exist go on: from now on their tokens are looked for by their hash.
UPDATE auth.session SET token = encode(sha256(convert_to(token, 'UTF8')), 'hex');
