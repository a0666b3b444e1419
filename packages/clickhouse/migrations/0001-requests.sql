-- One row a request. The columns are those of contracts/record.ts, then what names the segment that brought the row.
-- Ordered so that a tenant's requests of a time, and one request by its id (a UUIDv7 carries its time), are one short read.
-- A day is a partition: a segment lies in one UTC day, so its insert is one atomic part, and expiry drops whole parts.
CREATE TABLE IF NOT EXISTS {{table:requests}}{{on_cluster}}
(
    seq               UInt64                 COMMENT 'of the boot, from 1, without gaps' CODEC(Delta(8), ZSTD(1)),
    id                UUID                   COMMENT 'of the request id; a UUIDv7' CODEC(ZSTD(1)),
    time              DateTime64(3, 'UTC')   COMMENT 'start of the request' CODEC(Delta(8), ZSTD(1)),
    tenant_id         LowCardinality(String),
    environment_id    LowCardinality(String),
    gateway_id        LowCardinality(String),
    boot_id           LowCardinality(String) COMMENT 'one run of a gateway process',
    revision          UInt64                 CODEC(T64, ZSTD(1)),
    api               LowCardinality(String),
    route             LowCardinality(String),
    arm               LowCardinality(String) COMMENT 'empty: the request was not sent on',
    arm_reason        LowCardinality(String) COMMENT 'how the arm was chosen',
    weight_version    UInt64                 CODEC(T64, ZSTD(1)),
    application_id    LowCardinality(String),
    subscription_id   LowCardinality(String),
    credential_id     LowCardinality(String),
    plan              LowCardinality(String),
    method            LowCardinality(String),
    host              LowCardinality(String),
    path              String                 COMMENT 'canonical, without the query' CODEC(ZSTD(1)),
    status            UInt16                 COMMENT 'as sent to the client; 499: the client went before' CODEC(T64, ZSTD(1)),
    code              LowCardinality(String) COMMENT 'of the problem, or empty',
    upstream          LowCardinality(String),
    target            LowCardinality(String) COMMENT 'origin of the target that answered, or empty',
    attempts          UInt16                 CODEC(T64, ZSTD(1)),
    duration_us       UInt64                 COMMENT 'first byte in to last byte out, microseconds' CODEC(T64, ZSTD(1)),
    upstream_us       UInt64                 COMMENT 'sent upstream to first byte of its answer, microseconds' CODEC(T64, ZSTD(1)),
    request_bytes     UInt64                 COMMENT 'of the body, from the client' CODEC(T64, ZSTD(1)),
    response_bytes    UInt64                 COMMENT 'of the body, to the client' CODEC(T64, ZSTD(1)),
    limit_name        LowCardinality(String) COMMENT 'the tightest limit, or empty',
    limit_left        Int64                  COMMENT 'units the gateway believed were left of it; -1: no limit applied' CODEC(T64, ZSTD(1)),
    client_address    String                 CODEC(ZSTD(1)),
    client_request_id String                 COMMENT 'X-Request-Id of the client, 128 bytes at most' CODEC(ZSTD(1)),
    reasons           String                 COMMENT 'the decision in full, JSON' CODEC(ZSTD(1)),
    segment_index     UInt32                 COMMENT 'of the segment in its boot' CODEC(T64, ZSTD(1)),
    segment_hash      LowCardinality(String) COMMENT 'the last part of the segment id',
    inserted_at       DateTime64(3, 'UTC')   DEFAULT now64(3, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = {{engine:MergeTree}}
PARTITION BY toDate(time)
ORDER BY (tenant_id, time, id)
TTL toDateTime(time) + INTERVAL 30 DAY DELETE
SETTINGS ttl_only_drop_parts = 1, {{deduplication_window}};

-- cluster only
CREATE TABLE IF NOT EXISTS requests{{on_cluster}} AS {{table:requests}}
ENGINE = Distributed('{{cluster}}', currentDatabase(), '{{table:requests}}', cityHash64(boot_id));
