import { expect, test } from 'vitest';
import { idSchema, newId, timeOfId, uuidOf } from './ids.js';

test('ids of one kind sort by the time they were made', () => {
  const random = new Uint8Array(10).fill(255);
  const earlier = newId('request', 1_700_000_000_000, random);
  const later = newId('request', 1_700_000_000_001, new Uint8Array(10));
  expect([later, earlier].toSorted()).toEqual([earlier, later]);
});

test('an id carries its time and is a UUIDv7 of the RFC variant', () => {
  const id = newId('tenant', 1_700_000_000_123);
  expect(timeOfId(id)).toBe(1_700_000_000_123);
  expect(uuidOf(id)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('an id of one kind is refused where another kind is asked for', () => {
  expect(idSchema('tenant').safeParse(newId('tenant')).success).toBe(true);
  expect(idSchema('tenant').safeParse(newId('api')).success).toBe(false);
});

test('no two of ten thousand ids of one millisecond are the same', () => {
  expect(new Set(Array.from({ length: 10_000 }, () => newId('request', 1_700_000_000_000))).size).toBe(10_000);
});
