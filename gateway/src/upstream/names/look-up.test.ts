// How connections look names up: what tenants may have under way, and what they learn.
import type { LookupAddress } from 'node:dns';
import { expect, test } from 'vitest';
import type { Resolve } from '../allowed-address.js';
import { askSystem } from './ask-system.js';
import { lookUpBy } from './look-up.js';
import type { Resolved } from './resolve-name.js';

/** Names are answered when the test says so. */
class Names {
  readonly asked: string[] = [];
  readonly #waiting: ((resolved: Resolved | undefined) => void)[] = [];
  readonly resolve: Resolve = lookUpBy(async (hostname) => {
    this.asked.push(hostname);
    return new Promise((answer) => this.#waiting.push(answer));
  });

  async lookUp(tenantId: string, hostname: string, family: 0 | 4 | 6 = 0): Promise<LookupAddress[] | string> {
    return new Promise((done) =>
      this.resolve(hostname, { all: true, family, tenantId }, (error, found) => done(error?.code ?? found)),
    );
  }

  answer(...addresses: string[]): void {
    for (const answer of this.#waiting.splice(0)) answer({ addresses, ttlMs: 1000 });
  }
}

test('both families are told, or the one that is asked for', async () => {
  const names = new Names();
  const found = [0, 4, 6].map(async (family) => names.lookUp('ten_1', 'users.test', family as 0 | 4 | 6));
  names.answer('2001:db8::1', '10.0.0.1');
  const [six, four] = [
    { address: '2001:db8::1', family: 6 },
    { address: '10.0.0.1', family: 4 },
  ];
  expect(await Promise.all(found)).toEqual([[six, four], [four], [six]]);
});

test('a name without an address is not found', async () => {
  const names = new Names();
  const found = names.lookUp('ten_1', 'users.test');
  names.answer();
  expect(await found).toBe('ENOTFOUND');
});

test('connections that are opened at once ask for their name once, and later ones anew', async () => {
  const names = new Names();
  const found = [names.lookUp('ten_1', 'users.test'), names.lookUp('ten_1', 'users.test')];
  names.answer('10.0.0.1');
  await Promise.all(found);
  const later = names.lookUp('ten_1', 'users.test');
  names.answer('10.0.0.2');
  expect(await later).toEqual([{ address: '10.0.0.2', family: 4 }]);
  expect(names.asked).toEqual(['users.test', 'users.test']);
});

test('a tenant whose names are all silent takes no place of another tenant’s', async () => {
  const names = new Names();
  const silent = Array.from({ length: 300 }, async (_, n) => names.lookUp('ten_1', `name-${n}.test`));
  expect(names.asked.length).toBe(256);
  const other = names.lookUp('ten_2', 'users.test');
  names.answer('10.0.0.1');
  expect(await other).toEqual([{ address: '10.0.0.1', family: 4 }]);
  expect((await Promise.all(silent)).filter((one) => one === 'ENOTFOUND').length).toBe(44);
  const again = names.lookUp('ten_1', 'name-299.test');
  names.answer('10.0.0.1');
  expect(await again).toEqual([{ address: '10.0.0.1', family: 4 }]);
});

test('getaddrinfo is asked for one name at a time, so that tenants hold one of its threads at most', async () => {
  const [first, second] = await Promise.all([askSystem('localhost'), askSystem('localhost')]);
  expect([first.includes('127.0.0.1'), second]).toEqual([true, []]);
  expect(await askSystem('localhost')).toContain('127.0.0.1');
});
