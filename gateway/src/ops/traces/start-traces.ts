// Traces as the main thread runs them: the threads' spans to a collector.
import { readCounter } from '@sluice/runtime';
import type { Logger, Registry } from '@sluice/runtime';
import type { GatewayConfig } from '../../config.js';
import { LineReader } from '../lines.js';
import { OtlpExporter } from './otlp-exporter.js';
import { attributesOf } from './span-text.js';
import type { TracesShared } from './tracer.js';

export interface Traces {
  /** What one thread writes to. */
  open(): TracesShared;
  /** After the threads have handed over all they had. */
  stop(): Promise<void>;
}

/** Undefined: there is no collector, and nothing is traced. */
export function startTraces(
  { traces, gatewayId }: GatewayConfig,
  version: string,
  logger: Logger,
  metrics: Registry,
): Traces | undefined {
  const { endpoint, headers, timeoutMs, scheduleMs, mostQueued, service, sampler, ratio } = traces;
  if (endpoint === undefined) return undefined;
  const resource = {
    attributes: attributesOf({
      'service.name': service,
      'service.instance.id': gatewayId,
      'service.version': version,
    }),
  };
  const scope = JSON.stringify({ name: 'sluice-gateway', version });
  const exporter = new OtlpExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers,
    timeoutMs,
    scheduleMs,
    mostQueued,
    envelope: [
      `{"resourceSpans":[{"resource":${JSON.stringify(resource)},"scopeSpans":[{"scope":${scope},"spans":[`,
      ']}]}]}',
    ],
    onFault: (why) => logger.warn({ why }, 'spans cannot be exported; they are dropped and counted'),
  });
  const reader = new LineReader((text) => exporter.add(text.trimEnd().split('\n')));
  readCounter(metrics, 'sluice_trace_spans_exported_total', 'Spans that the collector has taken', (metric) =>
    metric.inc(exporter.exported),
  );
  readCounter(
    metrics,
    'sluice_trace_spans_dropped_total',
    'Spans that were dropped, because the collector did not take them, or not fast enough',
    (metric) => metric.inc(exporter.dropped + reader.dropped),
  );
  return { open: () => ({ lines: reader.open(), sampler, ratio }), stop: async () => exporter.stop() };
}
