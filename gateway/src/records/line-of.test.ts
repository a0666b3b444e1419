import { recordToRow } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { lineOf } from './line-of.js';
import { sampleRecord } from './try-spool.js';

test('a line holds every column of the contract, in its order', () => {
  const record = sampleRecord({ path: '/a"b', reasons: '[{"code":"x"}]' });
  const row: unknown = JSON.parse(`[7,${lineOf(record, 'gw-1', 'boot_1')}`);
  expect(row).toEqual(recordToRow({ ...record, seq: 7, gateway_id: 'gw-1', boot_id: 'boot_1' }));
});

test('each column has a place of its own', () => {
  const names = Object.keys(sampleRecord());
  const record = Object.fromEntries(names.map((name) => [name, name])) as unknown as ReturnType<typeof sampleRecord>;
  const row: unknown = JSON.parse(`["seq",${lineOf(record, 'gateway_id', 'boot_id')}`);
  expect(row).toEqual(recordToRow({ ...record, seq: 'seq' as never, gateway_id: 'gateway_id', boot_id: 'boot_id' }));
});
