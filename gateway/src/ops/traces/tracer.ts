// Traces as one thread makes them. The thread without a tracer does nothing at all; one whose trace is not sampled only says
// so to the upstream, so that everybody behind decides alike.
import type { Sampler } from './sampler.js';
import { samplerOf } from './sampler.js';
import type { SamplerName } from './sampler.js';
import type { LinesShared } from '../lines.js';
import { LineWriter } from '../lines.js';
import type { Exchange } from '../../wire/exchange.js';
import { RequestTrace } from './request-trace.js';
import { newSpanId, newTraceId, readTraceparent } from './trace-context.js';

/** What a thread is started with. */
export interface TracesShared {
  readonly lines: LinesShared;
  readonly sampler: SamplerName;
  readonly ratio: number;
}

const longestTraceState = 512;

export class Tracer {
  readonly #writer: LineWriter;
  readonly #sampler: Sampler;

  constructor({ lines, sampler, ratio }: TracesShared) {
    this.#writer = new LineWriter(lines);
    this.#sampler = samplerOf(sampler, ratio);
  }

  begin(exchange: Exchange): RequestTrace {
    const parent = readTraceparent(exchange.header('traceparent'));
    const traceId = parent?.traceId ?? newTraceId();
    const state = parent === undefined ? '' : (exchange.header('tracestate') ?? '');
    return new RequestTrace(exchange, {
      parent,
      context: { traceId, spanId: newSpanId(), isSampled: this.#sampler(traceId, parent) },
      traceState: state.length > longestTraceState ? '' : state,
      write: (span) => this.#writer.write(`${span}\n`),
    });
  }

  async flush(): Promise<void> {
    await this.#writer.flush();
  }
}
