import { expect, test } from 'vitest';
import { cellsOf, recordColumns, recordToRow, recordVersion, rowToRecord, type RequestRecord } from './record.js';

const record: RequestRecord = {
  seq: 1,
  id: '018f4c6e-7b1a-7c3d-9e2f-0123456789ab',
  time: 1_700_000_000_000,
  tenant_id: 'ten_x',
  environment_id: 'env_x',
  gateway_id: 'gw-1',
  boot_id: 'boot_x',
  revision: 3,
  api: 'orders',
  route: 'orders',
  arm: 'stable',
  arm_reason: 'split',
  weight_version: 0,
  application_id: 'app_x',
  subscription_id: 'sub_x',
  credential_id: 'key_x',
  plan: 'free',
  method: 'GET',
  host: 'a.test',
  path: '/orders',
  status: 200,
  code: '',
  upstream: 'orders',
  target: 'http://127.0.0.1:1',
  attempts: 1,
  duration_us: 900,
  upstream_us: 700,
  request_bytes: 0,
  response_bytes: 12,
  limit_name: '',
  limit_left: -1,
  client_address: '127.0.0.1',
  client_request_id: '',
  reasons: '[]',
  phase: 'end',
};

test('a record survives the way to a row and back', () => {
  expect(rowToRecord(JSON.parse(JSON.stringify(recordToRow(record)))).data).toEqual(record);
});

test('seq is the first column: the appending thread writes it before what the worker has written', () => {
  expect(recordColumns[0]).toBe('seq');
});

test('a row of the version before has a cell less, and is the whole record of its request', () => {
  const row = recordToRow(record);
  expect([row.length, cellsOf(recordVersion), cellsOf(1)]).toEqual([35, 35, 34]);
  expect(rowToRecord(row.slice(0, cellsOf(1))).data).toEqual({ ...record, phase: 'whole' });
});

test.each([[[]], [[1, 2, 3]], ['text'], [null], [{}]])('a row that is no record is refused: %j', (row) => {
  expect(rowToRecord(row).success).toBe(false);
});
