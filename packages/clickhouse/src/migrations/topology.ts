// Where the schema runs: on one server, or on a replicated and sharded cluster. One setting decides; the SQL files are
// the same, with what differs in double braces:
//   {{table:requests}}       the table that stores rows: `requests`, in a cluster `requests_local` below a Distributed `requests`
//   {{engine:MergeTree}}     in a cluster its Replicated form
//   {{on_cluster}}           nothing, or ON CLUSTER
//   {{deduplication_window}} how many inserts a table remembers by their token
// A statement headed by `-- cluster only` is left out on one server.
export type Topology = { readonly kind: 'single' } | { readonly kind: 'cluster'; readonly cluster: string };

// Inserts, each one segment. Reached again only by a segment that was retried after so many others.
export const deduplicationWindow = 20_000;

/** @param cluster the name of the cluster in ClickHouse's configuration; empty or undefined: one server. */
export function topologyOf(cluster: string | undefined): Topology {
  return cluster === undefined || cluster === '' ? { kind: 'single' } : { kind: 'cluster', cluster };
}

/** The statements of a migration file, ready to run one by one. Throws on an unknown placeholder. */
export function renderMigration(text: string, topology: Topology): string[] {
  return text
    .split(/;[ \t]*(?:\r?\n|$)/)
    .filter((statement) => topology.kind === 'cluster' || !/^-- cluster only$/m.test(statement))
    .map((statement) => renderStatement(statement, topology))
    .filter((statement) => statement !== '');
}

function renderStatement(statement: string, topology: Topology): string {
  return statement
    .replaceAll(/^\s*--.*$/gm, '')
    .replaceAll(/\{\{(\w+)(?::(\w+))?\}\}/g, (placeholder, name: string, value = '') => {
      const filled = fill(name, String(value), topology);
      if (filled === undefined) throw new Error(`${placeholder} is no placeholder of a migration`);
      return filled;
    })
    .trim();
}

function fill(name: string, value: string, topology: Topology): string | undefined {
  const isCluster = topology.kind === 'cluster';
  const replicatedWindow = `replicated_deduplication_window = ${deduplicationWindow}, replicated_deduplication_window_seconds = 604800`;
  switch (name) {
    case 'table':
      return isCluster ? `${value}_local` : value;
    case 'engine':
      return isCluster ? `Replicated${value}` : value;
    case 'on_cluster':
      return isCluster ? ` ON CLUSTER '${topology.cluster}'` : '';
    case 'cluster':
      return isCluster ? topology.cluster : '';
    case 'deduplication_window':
      return isCluster ? replicatedWindow : `non_replicated_deduplication_window = ${deduplicationWindow}`;
    default:
      return undefined;
  }
}
