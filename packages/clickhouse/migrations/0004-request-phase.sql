-- A request that lasts longer than 10 s leaves a `begin` then, and an `end` when it is over, under one id and time; every
-- other one a `whole`. A request that ended is one row that is not `begin`: whoever counts leaves `begin` out.
-- The index passes over the many granules without a stream when the few `end` rows of a range are looked for.
ALTER TABLE {{table:requests}}{{on_cluster}}
    ADD COLUMN IF NOT EXISTS phase Enum8('whole' = 0, 'begin' = 1, 'end' = 2) DEFAULT 'whole'
        COMMENT 'begin: lasts longer than 10 s, counted by its end alone' CODEC(ZSTD(1)),
    ADD INDEX IF NOT EXISTS phases phase TYPE minmax GRANULARITY 1;

-- cluster only
ALTER TABLE requests{{on_cluster}}
    ADD COLUMN IF NOT EXISTS phase Enum8('whole' = 0, 'begin' = 1, 'end' = 2) DEFAULT 'whole';

-- The roll-ups count as before, without `begin`. Changed in place: between dropping a view and making it again, rows of
-- a running log-worker would get past it.
ALTER TABLE requests_1m_view{{on_cluster}} MODIFY QUERY
SELECT
    tenant_id,
    environment_id,
    toStartOfMinute(toDateTime(time, 'UTC'), 'UTC') AS minute,
    api,
    route,
    arm,
    application_id,
    subscription_id,
    plan,
    count() AS requests,
    countIf(arm != '') AS accepted,
    countIf(arm = '' AND code = 'limit_exceeded') AS limited,
    countIf(arm = '' AND code != 'limit_exceeded') AS refused,
    countIf(status < 300) AS s2xx,
    countIf(status >= 300 AND status < 400) AS s3xx,
    countIf(status >= 400 AND status < 500 AND status != 429) AS s4xx,
    countIf(status = 429) AS s429,
    countIf(status >= 500) AS s5xx,
    sum(requests_raw.request_bytes) AS request_bytes,
    sum(requests_raw.response_bytes) AS response_bytes,
    max(time) AS newest
FROM {{table:requests}} AS requests_raw
WHERE phase != 'begin'
GROUP BY tenant_id, environment_id, minute, api, route, arm, application_id, subscription_id, plan;

ALTER TABLE latency_1m_view{{on_cluster}} MODIFY QUERY
SELECT
    tenant_id,
    environment_id,
    toStartOfMinute(toDateTime(time, 'UTC'), 'UTC') AS minute,
    api,
    route,
    arm,
    quantilesTDigestState(0.5, 0.95, 0.99)(requests_raw.duration_us) AS duration_us
FROM {{table:requests}} AS requests_raw
WHERE arm != '' AND phase != 'begin'
GROUP BY tenant_id, environment_id, minute, api, route, arm;
