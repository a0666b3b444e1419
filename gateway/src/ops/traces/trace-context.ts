// W3C Trace Context (Recommendation, level 1): which trace a request belongs to, and whether it is recorded.
import { randomFillSync } from 'node:crypto';

export interface TraceContext {
  /** 32 hex digits. */
  readonly traceId: string;
  /** Of the span that sent it; 16 hex digits. */
  readonly spanId: string;
  readonly isSampled: boolean;
}

// A later version may go on after the flags; `ff` is none (section 3.2.2).
const pattern =
  /^(?!ff)(?<version>[0-9a-f]{2})-(?<traceId>[0-9a-f]{32})-(?<spanId>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?<rest>-.*)?$/;
const noTrace = '0'.repeat(32);
const noSpan = '0'.repeat(16);
const longest = 512;

/** Undefined: it is not well formed, and a new trace begins (section 3.2.2.4). */
export function readTraceparent(value: string | undefined): TraceContext | undefined {
  if (value === undefined || value.length > longest) return undefined;
  const { version, traceId = noTrace, spanId = noSpan, flags = '00', rest } = pattern.exec(value)?.groups ?? {};
  if (traceId === noTrace || spanId === noSpan || (version === '00' && rest !== undefined)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function traceparent({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}

// Drawn in advance: a call into the system for each id costs more than the id.
const pool = Buffer.alloc(4096);
let drawn = pool.length;

export function newTraceId(): string {
  return hex(16);
}

export function newSpanId(): string {
  return hex(8);
}

function hex(bytes: number): string {
  if (drawn + bytes > pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  drawn += bytes;
  return pool.toString('hex', drawn - bytes, drawn);
}
