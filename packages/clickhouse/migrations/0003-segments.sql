-- The ledger: a row says that a segment's rows are in `requests`, all of them, once. Repeated rows of one segment are one.
CREATE TABLE IF NOT EXISTS {{table:segments}}{{on_cluster}}
(
    boot_id        String,
    segment_index  UInt32,
    sha256         FixedString(64)      COMMENT 'of the uncompressed rows, hex',
    segment_id     String,
    gateway_id     LowCardinality(String),
    record_version UInt16,
    day            Date                 COMMENT 'UTC day of every row',
    first_seq      UInt64,
    rows           UInt32               COMMENT 'in the segment',
    poison_rows    UInt32               COMMENT 'of these, in dead_letters instead of requests',
    is_close       Bool                 COMMENT 'the last segment of its boot',
    inserted_at    DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {{engine:ReplacingMergeTree}}
ORDER BY (boot_id, segment_index, sha256)
SETTINGS {{deduplication_window}};

-- What could not be inserted, whole, with the reason: nothing that a gateway recorded is thrown away.
CREATE TABLE IF NOT EXISTS {{table:dead_letters}}{{on_cluster}}
(
    segment_id  String,
    position    UInt32                 COMMENT 'of the row in its segment, from 0; 4294967295: the segment as a whole',
    gateway_id  LowCardinality(String),
    boot_id     String,
    reason      LowCardinality(String) COMMENT 'a code',
    detail      String                 COMMENT 'which field, and what was wrong with it' CODEC(ZSTD(1)),
    content     String                 COMMENT 'the row as it came; of a whole segment: its job, JSON' CODEC(ZSTD(1)),
    inserted_at DateTime64(3, 'UTC')   DEFAULT now64(3, 'UTC')
)
ENGINE = {{engine:ReplacingMergeTree}}
ORDER BY (segment_id, position, reason)
TTL toDateTime(inserted_at) + INTERVAL 90 DAY DELETE
SETTINGS {{deduplication_window}};

-- cluster only
CREATE TABLE IF NOT EXISTS segments{{on_cluster}} AS {{table:segments}}
ENGINE = Distributed('{{cluster}}', currentDatabase(), '{{table:segments}}', cityHash64(boot_id));

-- cluster only
CREATE TABLE IF NOT EXISTS dead_letters{{on_cluster}} AS {{table:dead_letters}}
ENGINE = Distributed('{{cluster}}', currentDatabase(), '{{table:dead_letters}}', cityHash64(boot_id));
