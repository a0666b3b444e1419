-- CreateIndex
CREATE INDEX "fleets_token_hash_idx" ON "sluice"."fleets"("token_hash");

-- CreateIndex
CREATE INDEX "fleets_created_at_idx" ON "sluice"."fleets"("created_at");

-- CreateIndex
CREATE INDEX "verification_expires_at_idx" ON "auth"."verification"("expires_at");
