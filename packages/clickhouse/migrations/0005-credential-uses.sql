-- When each credential was last used, for as long as there are credentials: one row each, whatever the requests. A maximum
-- stays what it is however often a segment is inserted again. Raw rows are ordered by time and expire; to find the newest
-- of one credential there would read all of a tenant's.
CREATE TABLE IF NOT EXISTS {{table:credential_uses}}{{on_cluster}}
(
    tenant_id      LowCardinality(String),
    environment_id LowCardinality(String),
    credential_id  String,
    newest         SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'start of the newest request, whatever came of it'
)
ENGINE = {{engine:AggregatingMergeTree}}
ORDER BY (tenant_id, environment_id, credential_id)
SETTINGS {{deduplication_window}};

-- Try credentials live for minutes, and nobody asks when one was used.
CREATE MATERIALIZED VIEW IF NOT EXISTS credential_uses_view{{on_cluster}} TO {{table:credential_uses}} AS
SELECT tenant_id, environment_id, credential_id, max(time) AS newest
FROM {{table:requests}} AS requests_raw
WHERE credential_id != '' AND NOT startsWith(credential_id, 'try_')
GROUP BY tenant_id, environment_id, credential_id;

-- cluster only
CREATE TABLE IF NOT EXISTS credential_uses{{on_cluster}} AS {{table:credential_uses}}
ENGINE = Distributed('{{cluster}}', currentDatabase(), '{{table:credential_uses}}', cityHash64(credential_id));

-- Of the requests before, on all servers of a cluster. Once more is the same: it is a maximum.
INSERT INTO credential_uses
SELECT tenant_id, environment_id, credential_id, max(time) AS newest
FROM requests
WHERE credential_id != '' AND NOT startsWith(credential_id, 'try_')
GROUP BY tenant_id, environment_id, credential_id;
