import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Outcome } from './outbox.js';
import { Outbox } from './outbox.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('while the control plane is away it is tried once a second, however much has been added', async () => {
  let outcome: Outcome = 'later';
  const sent: (readonly string[])[] = [];
  const outbox = new Outbox<{ readonly environmentId: string }>({
    mostAtOnce: 100,
    send: async (items) => {
      sent.push(items.map(({ environmentId }) => environmentId));
      return Promise.resolve(outcome);
    },
    onDropped: () => undefined,
  });
  for (let index = 0; index < 50; index += 1) {
    outbox.add([{ environmentId: `env_${index % 10}` }]);
    await vi.advanceTimersByTimeAsync(10);
  }
  sent.length = 0;
  await vi.advanceTimersByTimeAsync(5000);
  expect(sent.length).toBe(5);
  outcome = 'taken';
  await vi.advanceTimersByTimeAsync(5000);
  expect(sent.slice(5)).toEqual([Array.from({ length: 10 }, (_, index) => `env_${index}`)]);
  outbox.stop();
});
