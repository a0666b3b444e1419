-- CreateTable
CREATE TABLE "sluice"."platform_creations" (
    "id" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "platform_creations_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "platform_creations_created_at_idx" ON "sluice"."platform_creations"("created_at");

-- From here on written by hand. What they are of belongs to no tenant.
GRANT SELECT, INSERT, DELETE ON sluice.platform_creations TO sluice_app;
