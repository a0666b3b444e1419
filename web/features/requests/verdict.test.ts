import type { RequestEntry } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { verdictOf } from './verdict';

const socket: RequestEntry = {
  id: 'req_018f4c6e7b1a7c3d9e2f0123456789ab',
  time: '2026-11-23T12:00:00.000Z',
  revision: 1,
  api: 'chat',
  route: 'socket',
  arm: 'stable',
  armReason: '',
  weightVersion: 0,
  plan: '',
  method: 'GET',
  host: 'api.acme.test',
  path: '/chat',
  status: 101,
  code: '',
  upstream: 'chat-v1',
  target: 'http://chat:1',
  attempts: 1,
  applicationId: '',
  subscriptionId: '',
  credentialId: '',
  gatewayId: 'gw-1',
  durationMs: 10_004,
  upstreamMs: 3,
  requestBytes: 0,
  responseBytes: 5,
  limitName: '',
  limitLeft: null,
  reasons: [],
  phase: 'whole',
};

test('a request under way is said to be so, with its answer where it has begun', () => {
  const begun = { ...socket, phase: 'begin' as const };
  expect([verdictOf(begun), verdictOf({ ...begun, status: 0 })]).toEqual([
    'Under way: chat-v1 answered 101 (arm stable), and has not ended.',
    'Under way: no answer had begun when this was recorded.',
  ]);
});

test('one that has ended is told as it ended, however long it lasted', () => {
  for (const phase of ['whole', 'end'] as const) {
    expect(verdictOf({ ...socket, phase })).toBe('chat-v1 answered 101 (arm stable).');
    expect(verdictOf({ ...socket, phase, status: 499 })).toBe('The caller went away before the answer.');
  }
});

test('where the gateway closed the connection it says so, and nobody says that the caller went', () => {
  const sentence = 'The gateway closed the connection before the end: nothing had come either way for too long.';
  const cut = { ...socket, reasons: [{ code: 'connection_cut', because: 'idle', sentence }] };
  expect([verdictOf(cut), verdictOf({ ...cut, status: 499 })]).toEqual([
    `chat-v1 answered 101 (arm stable). ${sentence}`,
    sentence,
  ]);
});
