import type { FastifyReply, FastifyRequest } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../identity/session.js';
import { Refusal } from './refusal.js';
import { RequestBounds } from './request-bounds.js';

const person = (identityId: string): Caller => ({ identityId, email: `${identityId}@acme.test`, name: identityId });
const scope = { tenant: null, tenantId: null, actions: null, environments: null, environmentIds: null };
const tokenOf = (caller: Caller, id: string, kind: 'personal' | 'service'): Caller => ({
  ...caller,
  token: { kind, id, name: id, hint: id, scope, expiresAt: new Date(0) },
});
const account = (id: string): Caller => ({
  ...tokenOf(person('sac_1'), id, 'service'),
  serviceAccount: { tenantId: 'ten_1', tenantSlug: 'acme', role: 'developer', isSuspended: false, purgeAt: null },
});

let bounds: RequestBounds;
let nowMs: number;
beforeEach(() => {
  nowMs = 1_000;
  bounds = new RequestBounds({ readsPerMinute: 60, changesPerMinute: 6 }, () => nowMs);
});

interface Asked {
  readonly caller?: Caller;
  readonly method?: string;
  readonly ip?: string;
  readonly bodyBytes?: number;
  readonly units?: number;
}

/** `taken`, or for how many seconds to wait; with what the answer says is left. */
function ask({ caller, method = 'POST', ip = '192.0.2.1', bodyBytes, units }: Asked): [string, string | undefined] {
  const headers: Record<string, string> = {};
  const reply = { headers: (more: Record<string, string>) => Object.assign(headers, more) };
  const req = { method, ip, ...(bodyBytes === undefined ? {} : { bodyBytes }) };
  const left = (): string | undefined => headers['ratelimit'];
  try {
    bounds.take(req as FastifyRequest, reply as unknown as FastifyReply, caller, units);
    return ['taken', left()];
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'too_many_requests') throw error;
    return [error.headers?.['retry-after'] ?? '', left()];
  }
}

function spend(asked: Asked, times: number): void {
  for (let count = 0; count < times; count += 1) expect(ask(asked)[0]).toBe('taken');
}

describe('a caller', () => {
  it('has a minute of changes at once, then one whenever one is there again', () => {
    const ada = person('ada');
    expect(ask({ caller: ada })).toEqual(['taken', '"changes";r=5;t=10']);
    spend({ caller: ada }, 5);
    expect(ask({ caller: ada })).toEqual(['10', '"changes";r=0;t=60']);
    nowMs += 9_999;
    expect(ask({ caller: ada })).toEqual(['1', '"changes";r=0;t=51']);
    nowMs += 1;
    expect(ask({ caller: ada })).toEqual(['taken', '"changes";r=0;t=60']);
    nowMs += 3_600_000;
    spend({ caller: ada }, 6);
    expect(ask({ caller: ada })[0]).toBe('10');
  });

  it('reads on when its changes are used up, and the other way round', () => {
    const ada = person('ada');
    spend({ caller: ada }, 6);
    expect(ask({ caller: ada, method: 'GET' })).toEqual(['taken', '"reads";r=59;t=1']);
    spend({ caller: ada, method: 'HEAD' }, 59);
    expect(ask({ caller: ada, method: 'GET' })[0]).toBe('1');
  });

  it('takes nothing from another, wherever both come from', () => {
    spend({ caller: person('ada') }, 6);
    expect(ask({ caller: person('bob') })[1]).toContain('r=5');
    spend({ ip: '192.0.2.1' }, 6);
    expect(ask({ caller: person('bob') })[1]).toContain('r=4');
    expect(ask({ ip: '192.0.2.2' })[1]).toContain('r=5');
  });

  it('has one bound for all tokens, beside that of the person, and a service account has one', () => {
    const ada = person('ada');
    spend({ caller: tokenOf(ada, 'one', 'personal') }, 6);
    expect(ask({ caller: tokenOf(ada, 'two', 'personal') })[0]).toBe('10');
    expect(ask({ caller: ada })[0]).toBe('taken');
    spend({ caller: account('three') }, 6);
    expect(ask({ caller: account('four') })[0]).toBe('10');
  });
});

it.each([
  ['2001:db8:1:2::1', '2001:db8:1:2:ffff::5'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
])('nobody is counted by an address of their own choosing: %s and %s are one client', (one, other) => {
  spend({ ip: one }, 6);
  expect(ask({ ip: other })[0]).toBe('10');
  expect(ask({ ip: '2001:db8:1:3::1' })[0]).toBe('taken');
});

it('a body costs a unit more for each 32 KiB, and what costs more than there is takes all of it', () => {
  const ada = person('ada');
  expect(ask({ caller: ada, bodyBytes: 32 * 1024 - 1 })[1]).toContain('r=5');
  expect(ask({ caller: ada, bodyBytes: 32 * 1024 })[1]).toContain('r=3');
  expect(ask({ caller: ada, units: 2 })[1]).toContain('r=1');
  expect(ask({ caller: ada, bodyBytes: 4 * 1024 * 1024 })[0]).toBe('50');
  expect(ask({ caller: person('bob'), bodyBytes: 4 * 1024 * 1024 })).toEqual(['taken', '"changes";r=0;t=60']);
});

it('0 is no bound', () => {
  bounds = new RequestBounds({ readsPerMinute: 60, changesPerMinute: 0 }, () => nowMs);
  for (let count = 0; count < 1_000; count += 1) expect(ask({ caller: person('ada') })).toEqual(['taken', undefined]);
});

it('of callers without end those that came last are remembered', () => {
  spend({ caller: person('ada') }, 6);
  spend({ caller: person('bob') }, 6);
  for (let count = 0; count < 19_998; count += 1) ask({ caller: person(`many-${count}`) });
  expect(ask({ caller: person('ada') })[0]).toBe('10');
  ask({ caller: person('one more') });
  expect(ask({ caller: person('ada') })[0]).toBe('10');
  expect(ask({ caller: person('bob') })[0]).toBe('taken');
});
