import { expect, test } from 'vitest';
import { countReceipts } from './receipts';
import { refusalsBelow } from './refusals';

const refusal = { object: 'apis/users/routes/list', code: 'upstream_missing', detail: 'no upstream users' };
const at = '2026-01-01T00:00:00Z';
const receipts = [
  { gatewayId: 'gw_1', state: 'applied' as const, refusals: [refusal], at },
  { gatewayId: 'gw_2', state: 'applied' as const, refusals: [refusal], at },
  { gatewayId: 'gw_3', state: 'applied' as const, refusals: [], at },
];

test('a refused object is shown once, with every gateway that refused it', () => {
  expect(refusalsBelow({ receipts }, 'apis/users')).toEqual([{ ...refusal, gateways: ['gw_1', 'gw_2'] }]);
  expect(refusalsBelow({ receipts }, 'apis/user')).toEqual([]);
});

test('a gateway that refused a part does not count as one that has it all', () => {
  expect(countReceipts({ receipts, awaited: [] })).toEqual({ applied: 1, refused: 2, of: 3 });
});

test('a gateway that has not answered is not made up for by another that has gone', () => {
  expect(countReceipts({ receipts, awaited: ['gw_4'] }).of).toBe(4);
});
