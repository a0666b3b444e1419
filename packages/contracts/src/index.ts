// The vocabulary that Sluice's processes share: schemas and types, no behaviour beyond reading and naming.
export * from './ids.js';
export * from './names.js';
export * from './problems.js';
export * from './canonical-json.js';
export * from './limit.js';
export * from './upstream-spec.js';
export * from './document.js';
export * from './feed.js';
export * from './record.js';
export * from './segment-queue.js';
export * from './api/pages.js';
export * from './api/tenants.js';
export * from './api/configuration.js';
export * from './api/upstream-health.js';
export * from './api/consumers.js';
export * from './api/analytics.js';
export * from './api/explain.js';
