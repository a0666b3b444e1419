import { limitSchema } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { compileLimits } from './compile-limits.js';

test.each([
  ['less in the long run', { rate: '10/day' }, { rate: '9/second' }],
  ['as much, but less at once', { rate: '10/second', burst: 1 }, { rate: '10/second', burst: 5 }],
  ['one that refuses, whatever the other says', { rate: '10/second' }, { rate: '1/second', dryRun: true }],
  ['one that refuses in an outage', { rate: '10/second' }, { rate: '10/second', onOutage: 'local' }],
  ['a rate, of a rate and requests at a time', { rate: '10/second' }, { concurrency: 1 }],
])('of two limits of one name the tighter one stays, in either order: %s', (_, tight, loose) => {
  const [one, other] = [tight, loose].map((limit) => limitSchema.parse({ name: 'same', ...limit }));
  if (one === undefined || other === undefined) throw new Error('there are two');
  const [expected] = compileLimits([one], () => undefined);
  const repeated: number[] = [];
  expect(compileLimits([one, other], (index) => repeated.push(index))).toEqual([expected]);
  expect(compileLimits([other, one], (index) => repeated.push(index))).toEqual([expected]);
  expect(repeated).toEqual([1, 1]);
});
