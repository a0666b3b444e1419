import type { HostClaim } from '@sluice/contracts';
import { hostClaimProblems, hostClaimStates } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { givenHosts, nextStep, outcomeOf, tones } from './host-words';

const claimOf = (state: HostClaim['state'], problem: HostClaim['problem']): HostClaim => ({
  id: `hst_${'0'.repeat(32)}`,
  host: 'api.acme.com',
  state,
  isServed: state === 'proven' || state === 'failing',
  problem,
  record: { type: 'TXT', name: '_sluice-challenge.api.acme.com', value: 'sluice-challenge=x' },
  provenAt: null,
  checkedAt: null,
  nextCheckAt: null,
  lapsesAt: null,
  createdAt: '2026-01-01T00:00:00.000Z',
});

test('every claim that is not well says what to do, and one that is says nothing', () => {
  for (const state of hostClaimStates)
    for (const problem of [...hostClaimProblems, null]) {
      const isWell = state === 'proven' && problem === null;
      if (state === 'proven' && (problem === 'missing' || problem === 'different')) continue;
      expect(nextStep(claimOf(state, problem)) === null, `${state} ${problem}`).toBe(isWell);
    }
  expect(nextStep(claimOf('pending', 'held'))).toContain('another environment');
  expect(nextStep(claimOf('lapsed', 'different'))).toContain('another value');
  expect(nextStep(claimOf('pending', 'missing'))).toContain('No record of this name was found');
  expect(nextStep(claimOf('pending', null))).not.toContain('found');
  expect(Object.keys(tones).toSorted()).toEqual([...hostClaimStates].toSorted());
});

test('a host that is served is not called unproven when its name servers are silent', () => {
  expect(outcomeOf(claimOf('proven', 'unanswered'))).toBe(
    'api.acme.com could not be proven anew, and is served still.',
  );
  expect(outcomeOf(claimOf('proven', null))).toBe('api.acme.com is proven.');
  expect(outcomeOf(claimOf('pending', 'missing'))).toBe('api.acme.com is not proven yet.');
});

test('hosts that are given are told apart from those that are claimed', () => {
  const hosts = ['acme.localhost', 'api.acme.com'];
  expect(givenHosts({ hosts }, [{ host: 'api.acme.com' }, { host: 'other.acme.com' }])).toEqual(['acme.localhost']);
});
