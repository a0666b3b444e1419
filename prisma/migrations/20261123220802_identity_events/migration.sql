-- CreateTable
CREATE TABLE "auth"."identity_event" (
    "id" TEXT NOT NULL,
    "identity_id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "after_tenant_id" TEXT NOT NULL,
    "waits_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "identity_event_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "identity_event_waits_since_idx" ON "auth"."identity_event"("waits_since");

-- From here on written by hand.
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.identity_event TO sluice_auth;
