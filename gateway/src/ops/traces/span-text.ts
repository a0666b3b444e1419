// A span as OTLP's JSON has it (opentelemetry-proto 1.x, JSON mapping: ids in hex, 64-bit numbers as text).
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty: it begins the trace. */
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly name: string;
  readonly kind: 'server' | 'client';
  /** Of `performance.now()`. */
  readonly startMs: number;
  readonly endMs: number;
  /** What is empty is left out. */
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly isError: boolean;
}

const kinds = { server: 2, client: 3 } as const;
const statusOfError = 2;

export function spanText(span: Span): string {
  const { traceId, spanId, parentSpanId, traceState, name, kind, startMs, endMs, attributes, isError } = span;
  return JSON.stringify({
    traceId,
    spanId,
    ...(parentSpanId === '' ? {} : { parentSpanId }),
    ...(traceState === '' ? {} : { traceState }),
    name,
    kind: kinds[kind],
    startTimeUnixNano: unixNano(startMs),
    endTimeUnixNano: unixNano(endMs),
    attributes: attributesOf(attributes),
    status: isError ? { code: statusOfError } : {},
  });
}

export function attributesOf(attributes: Readonly<Record<string, string | number>>): object[] {
  return Object.entries(attributes)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
    }));
}

// As far as a double goes: to the microsecond.
function unixNano(ms: number): string {
  const unixMs = performance.timeOrigin + ms;
  const whole = Math.floor(unixMs);
  return `${whole}${String(Math.floor((unixMs - whole) * 1000)).padStart(3, '0')}000`;
}
