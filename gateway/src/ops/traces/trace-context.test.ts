import { expect, test } from 'vitest';
import { samplerOf } from './sampler.js';
import { newSpanId, newTraceId, readTraceparent, traceparent } from './trace-context.js';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

test('a well-formed traceparent is continued, and written again as it was', () => {
  const text = `00-${traceId}-${spanId}-01`;
  const context = readTraceparent(text);
  expect(context).toEqual({ traceId, spanId, isSampled: true });
  expect(context && traceparent(context)).toBe(text);
  expect(readTraceparent(`00-${traceId}-${spanId}-02`)?.isSampled).toBe(false);
  expect(readTraceparent(`01-${traceId}-${spanId}-01-more`)?.traceId).toBe(traceId);
});

test.each([
  ['none', undefined],
  ['empty', ''],
  ['two of them', `00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`],
  ['version ff', `ff-${traceId}-${spanId}-01`],
  ['more than version 00 has', `00-${traceId}-${spanId}-01-more`],
  ['capitals', `00-${traceId.toUpperCase()}-${spanId}-01`],
  ['a trace id of zeros', `00-${'0'.repeat(32)}-${spanId}-01`],
  ['a span id of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
  ['too short', `00-${traceId.slice(1)}-${spanId}-01`],
  ['flags that are none', `00-${traceId}-${spanId}-1`],
  ['endless', `01-${traceId}-${spanId}-01-${'a'.repeat(1000)}`],
])('a new trace begins where traceparent is not well formed: %s', (_, text) => {
  expect(readTraceparent(text)).toBeUndefined();
});

test('ids are well formed, and no two are alike', () => {
  const ids = Array.from({ length: 2000 }, () => [newTraceId(), newSpanId()]).flat();
  expect(new Set(ids).size).toBe(4000);
  for (const id of ids) expect(id).toMatch(/^(?:[0-9a-f]{32}|[0-9a-f]{16})$/);
});

test('a caller’s flag decides with parentbased_ alone', () => {
  const parent = { traceId, spanId };
  const yes = { ...parent, isSampled: true };
  const no = { ...parent, isSampled: false };
  const ask = (name: Parameters<typeof samplerOf>[0]) =>
    [yes, no, undefined].map((one) => samplerOf(name, 0)(traceId, one));
  expect(ask('always_on')).toEqual([true, true, true]);
  expect(ask('always_off')).toEqual([false, false, false]);
  expect(ask('traceidratio')).toEqual([false, false, false]);
  expect(ask('parentbased_always_on')).toEqual([true, false, true]);
  expect(ask('parentbased_always_off')).toEqual([true, false, false]);
  expect(ask('parentbased_traceidratio')).toEqual([true, false, false]);
});

test('a higher ratio records what a lower one did, and about its share', () => {
  const ids = Array.from({ length: 5000 }, () => newTraceId());
  const few = ids.filter((id) => samplerOf('traceidratio', 0.1)(id, undefined));
  const many = new Set(ids.filter((id) => samplerOf('traceidratio', 0.5)(id, undefined)));
  expect(few.every((id) => many.has(id))).toBe(true);
  expect(Math.abs(few.length - 500)).toBeLessThan(150);
  expect(ids.every((id) => samplerOf('traceidratio', 1)(id, undefined))).toBe(true);
});
