-- Tags of APIs and plans; those of upstreams and routes are in their specs. Null is none: an empty list is never written.
ALTER TABLE "sluice"."apis" ADD COLUMN "tags" JSONB;
ALTER TABLE "sluice"."plans" ADD COLUMN "tags" JSONB;
