-- What dashboards read: a minute's counts by everything that a chart can be filtered by. Sums are exact, so that a tile
-- equals the sum of its chart. accepted + limited + refused = requests, as contracts/api/analytics.ts has it.
-- The deduplication window stands here too: a repeated insert then repairs a roll-up that a crash left behind, once.
CREATE TABLE IF NOT EXISTS {{table:requests_1m}}{{on_cluster}}
(
    tenant_id       LowCardinality(String),
    environment_id  LowCardinality(String),
    minute          DateTime('UTC')                              CODEC(Delta(4), ZSTD(1)),
    api             LowCardinality(String),
    route           LowCardinality(String),
    arm             LowCardinality(String)                       COMMENT 'empty: the requests were not sent on',
    application_id  LowCardinality(String),
    subscription_id LowCardinality(String),
    plan            LowCardinality(String),
    requests        SimpleAggregateFunction(sum, UInt64)         CODEC(T64, ZSTD(1)),
    accepted        SimpleAggregateFunction(sum, UInt64)         COMMENT 'passed every check and have an arm' CODEC(T64, ZSTD(1)),
    limited         SimpleAggregateFunction(sum, UInt64)         COMMENT 'refused by a limit' CODEC(T64, ZSTD(1)),
    refused         SimpleAggregateFunction(sum, UInt64)         COMMENT 'refused by the gateway otherwise' CODEC(T64, ZSTD(1)),
    s2xx            SimpleAggregateFunction(sum, UInt64)         COMMENT 'status below 300' CODEC(T64, ZSTD(1)),
    s3xx            SimpleAggregateFunction(sum, UInt64)         CODEC(T64, ZSTD(1)),
    s4xx            SimpleAggregateFunction(sum, UInt64)         COMMENT 'without 429' CODEC(T64, ZSTD(1)),
    s429            SimpleAggregateFunction(sum, UInt64)         CODEC(T64, ZSTD(1)),
    s5xx            SimpleAggregateFunction(sum, UInt64)         COMMENT 'status 500 and above' CODEC(T64, ZSTD(1)),
    request_bytes   SimpleAggregateFunction(sum, UInt64)         COMMENT 'of bodies' CODEC(T64, ZSTD(1)),
    response_bytes  SimpleAggregateFunction(sum, UInt64)         COMMENT 'of bodies' CODEC(T64, ZSTD(1)),
    newest          SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'start of the newest request'
)
ENGINE = {{engine:AggregatingMergeTree}}
PARTITION BY toYYYYMM(minute)
ORDER BY (tenant_id, environment_id, minute, api, route, arm, application_id, subscription_id, plan)
TTL minute + INTERVAL 13 MONTH DELETE
SETTINGS ttl_only_drop_parts = 1, {{deduplication_window}};

CREATE MATERIALIZED VIEW IF NOT EXISTS requests_1m_view{{on_cluster}} TO {{table:requests_1m}} AS
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
GROUP BY tenant_id, environment_id, minute, api, route, arm, application_id, subscription_id, plan;

-- Latency of the requests that were sent on: a refusal takes no time, and would make a slow API look fast. Quantile
-- states are large (a kilobyte or so), so they are kept per route and arm alone.
CREATE TABLE IF NOT EXISTS {{table:latency_1m}}{{on_cluster}}
(
    tenant_id      LowCardinality(String),
    environment_id LowCardinality(String),
    minute         DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    api            LowCardinality(String),
    route          LowCardinality(String),
    arm            LowCardinality(String),
    duration_us    AggregateFunction(quantilesTDigest(0.5, 0.95, 0.99), UInt64) COMMENT 'first byte in to last byte out, microseconds'
)
ENGINE = {{engine:AggregatingMergeTree}}
PARTITION BY toYYYYMM(minute)
ORDER BY (tenant_id, environment_id, minute, api, route, arm)
TTL minute + INTERVAL 13 MONTH DELETE
SETTINGS ttl_only_drop_parts = 1, {{deduplication_window}};

CREATE MATERIALIZED VIEW IF NOT EXISTS latency_1m_view{{on_cluster}} TO {{table:latency_1m}} AS
SELECT
    tenant_id,
    environment_id,
    toStartOfMinute(toDateTime(time, 'UTC'), 'UTC') AS minute,
    api,
    route,
    arm,
    quantilesTDigestState(0.5, 0.95, 0.99)(requests_raw.duration_us) AS duration_us
FROM {{table:requests}} AS requests_raw
WHERE arm != ''
GROUP BY tenant_id, environment_id, minute, api, route, arm;

-- cluster only
CREATE TABLE IF NOT EXISTS requests_1m{{on_cluster}} AS {{table:requests_1m}}
ENGINE = Distributed('{{cluster}}', currentDatabase(), '{{table:requests_1m}}', rand());

-- cluster only
CREATE TABLE IF NOT EXISTS latency_1m{{on_cluster}} AS {{table:latency_1m}}
ENGINE = Distributed('{{cluster}}', currentDatabase(), '{{table:latency_1m}}', rand());
