// Requests as Prometheus metrics, twice: of the gateway as a whole, exact and of few series; and by environment, for as many
// environments as have a name (see named-environments.ts). What the threads have counted is read once for each scrape.
import { problemCodes } from '@sluice/contracts';
import { Gauge, readCounter } from '@sluice/runtime';
import type { Counter, Registry } from '@sluice/runtime';
import type { CountersShared, Traffic } from './counters.js';
import { column, readTraffic, statusClasses } from './counters.js';
import { DurationHistogram } from './duration-histogram.js';
import type { EnvironmentName } from './named-environments.js';
import { NamedEnvironments } from './named-environments.js';
import type { EnvironmentNames } from './environment-names.js';

type Labels = Readonly<Record<string, string>>;
type Rows = () => Iterable<readonly [Labels, Float64Array]>;

export interface TrafficMetrics {
  stop(): void;
}

/** Scrapes come minutes apart or seconds apart: who is busy is found out in a time of its own. */
const rankingMs = 60_000;
// The collectors of one scrape run in one turn.
const sameScrape = (forget: () => void): void => void setImmediate(forget);

/** @param most environments with time series of their own. */
export function registerTrafficMetrics(
  registry: Registry,
  counters: CountersShared,
  names: EnvironmentNames,
  most: number,
): TrafficMetrics {
  const named = new NamedEnvironments(most);
  const isKnown = (id: string): boolean => names.get(id) !== undefined;
  let traffic: Traffic | undefined;
  const read = (): Traffic => {
    if (traffic === undefined) {
      traffic = readTraffic(counters);
      named.look(traffic, isKnown);
      sameScrape(() => (traffic = undefined));
    }
    return traffic;
  };
  registerRows(registry, 'sluice', () => [[{}, read().total]]);
  registerRows(registry, 'sluice_environment', () => byEnvironment(read(), named, names));
  readCounter(
    registry,
    'sluice_malformed_requests_total',
    'Requests refused by the wire itself, by what was wrong with their head',
    (metric) => {
      for (const [cause, count] of read().refusals) metric.inc({ cause }, count);
    },
    ['cause'],
  );
  void new Gauge({
    name: 'sluice_environment_revision',
    help: 'Revision that is in force, of the environments that are told apart',
    labelNames: ['tenant', 'environment'],
    registers: [registry],
    collect() {
      this.reset();
      read();
      for (const [id] of named.series()) {
        const name = names.get(id);
        if (name !== undefined) this.set(labelsOf(name), name.revision);
      }
    },
  });
  const ranking = setInterval(() => {
    read();
    named.rank(isKnown);
  }, rankingMs).unref();
  return { stop: () => clearInterval(ranking) };
}

/** With an empty `environment`: of all that have no name (`other`), and of hosts that are nobody's (`none`). */
function* byEnvironment(
  { nobody }: Traffic,
  named: NamedEnvironments,
  names: EnvironmentNames,
): Generator<readonly [Labels, Float64Array]> {
  for (const [id, row] of named.series()) {
    const name = names.get(id);
    if (name !== undefined) yield [labelsOf(name), row];
  }
  yield [{ tenant: 'other', environment: '' }, named.others];
  yield [{ tenant: 'none', environment: '' }, nobody];
}

function labelsOf({ tenant, environment }: EnvironmentName): { tenant: string; environment: string } {
  return { tenant, environment };
}

function registerRows(registry: Registry, prefix: string, rows: Rows): void {
  const registers = [registry];
  const own = prefix === 'sluice' ? [] : ['tenant', 'environment'];
  const counter = (
    name: string,
    help: string,
    labelNames: string[],
    fill: (metric: Counter, labels: Labels, row: Float64Array) => void,
  ): void => {
    const fillRows = (metric: Counter): void => {
      for (const [labels, row] of rows()) fill(metric, labels, row);
    };
    readCounter(registry, `${prefix}_${name}`, help, fillRows, [...labelNames, ...own]);
  };
  counter(
    'requests_total',
    'Requests answered, by class of status; 499: the client had gone',
    ['status'],
    (metric, labels, row) => {
      statusClasses.forEach((status, index) => metric.inc({ status, ...labels }, row[column.status + index] ?? 0));
    },
  );
  counter(
    'problems_total',
    'Requests that the gateway itself answered with a problem, by its code',
    ['code'],
    (metric, labels, row) => {
      problemCodes.forEach((code, index) => {
        const count = row[column.problem + index] ?? 0;
        if (count > 0) metric.inc({ code, ...labels }, count);
      });
    },
  );
  counter('body_bytes_total', 'Body bytes, from clients and to clients', ['direction'], (metric, labels, row) => {
    metric.inc({ direction: 'received', ...labels }, row[column.receivedBytes] ?? 0);
    metric.inc({ direction: 'sent', ...labels }, row[column.sentBytes] ?? 0);
  });
  void new DurationHistogram({
    name: `${prefix}_request_duration_seconds`,
    help: 'Requests by duration, from the head of the request to the last byte of the answer',
    registers,
    rows,
  });
  void new Gauge({
    name: `${prefix}_requests_in_flight`,
    help: 'Requests being served',
    labelNames: own,
    registers,
    collect() {
      this.reset();
      for (const [labels, row] of rows()) this.set(labels, row[column.inFlight] ?? 0);
    },
  });
}
