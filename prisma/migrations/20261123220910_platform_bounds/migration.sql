-- AlterTable
ALTER TABLE "sluice"."platform_plans" ADD COLUMN     "untold_since" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "platform_plans_untold_since_idx" ON "sluice"."platform_plans"("untold_since");
