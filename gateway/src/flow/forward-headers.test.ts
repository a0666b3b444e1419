import { expect, test } from 'vitest';
import { clientHeaders, isLooping, upstreamHeaders } from './forward-headers.js';

const noEdits = { rename: [], remove: [], set: [], add: [] };
const to = {
  clientAddress: '2001:db8::7',
  authority: 'api.acme.test:8080',
  protocol: 'https',
  requestId: 'req_1',
  hasBody: false,
  edits: { ...noEdits, remove: ['x-api-key'] },
} as const;

test('a request goes on with the gateway’s account of the client, and without what ends here', () => {
  expect(
    upstreamHeaders(
      [
        'Host',
        'a',
        'Accept',
        '*/*',
        'X-Api-Key',
        'secret',
        'Connection',
        'x-one , Keep-Alive',
        'X-One',
        '1',
        'X_User',
        'root',
        'X-Forwarded-For',
        '1.1.1.1',
        'Content-Length',
        '0',
        'Via',
        '1.0 fred',
      ],
      to,
    ),
  ).toEqual([
    'Accept',
    '*/*',
    'x-forwarded-for',
    '2001:db8::7',
    'x-forwarded-host',
    'api.acme.test:8080',
    'x-forwarded-proto',
    'https',
    'forwarded',
    'for="[2001:db8::7]";host="api.acme.test:8080";proto=https',
    'via',
    '1.0 fred, 1.1 sluice',
    'x-sluice-request-id',
    'req_1',
  ]);
});

test.each(['X-Real-IP', 'X-Client-IP', 'X-Cluster-Client-IP', 'CF-Connecting-IP', 'X-Original-URL', 'X-Rewrite-URL'])(
  'a client cannot tell an upstream by %s who it is or what it asks for',
  (name) => {
    expect(upstreamHeaders([name, '/admin'], to)).not.toContain('/admin');
  },
);

test('a header of the gateway replaces the upstream’s; Vary is added', () => {
  expect(
    clientHeaders(
      ['Vary', 'Accept', 'Access-Control-Allow-Origin', '*', 'RateLimit', 'forged', 'X-Sluice-Arm', 'forged'],
      noEdits,
      [
        ['access-control-allow-origin', 'https://p.test'],
        ['vary', 'Origin'],
      ],
    ),
  ).toEqual(['Vary', 'Accept', 'access-control-allow-origin', 'https://p.test', 'vary', 'Origin']);
});

test('a request that has passed through eight gateways is going round in circles', () => {
  const hops = (count: number): string => Array.from({ length: count }, () => '1.1 sluice').join(', ');
  expect([undefined, 'x', hops(7), hops(8)].map(isLooping)).toEqual([false, false, false, true]);
});

const edits = {
  rename: [
    ['x-old', 'x-new'],
    ['x-left', 'x-right'],
    ['x-right', 'x-left'],
  ],
  remove: ['x-gone'],
  set: [['x-user', 'ada']],
  add: [['x-tag', 'two']],
} as const;

test('headers are renamed, removed, set and added, and what a client sent by a name that is set never arrives', () => {
  const sent = [
    'X-Old',
    '1',
    'X-New',
    '2',
    'X-Left',
    'l',
    'X-Right',
    'r',
    'X-Gone',
    '3',
    'X-User',
    'eve',
    'x-user',
    'mallory',
  ];
  expect(upstreamHeaders([...sent, 'X-Tag', 'one'], { ...to, edits }).slice(0, 12)).toEqual([
    'x-new',
    '1',
    'x-right',
    'l',
    'x-left',
    'r',
    'X-Tag',
    'one',
    'x-user',
    'ada',
    'x-tag',
    'two',
  ]);
});

test('an answer’s headers are edited, except what the gateway itself says', () => {
  const ours = [['access-control-allow-origin', 'https://p.test']] as const;
  const own = {
    ...edits,
    set: [
      ['access-control-allow-origin', '*'],
      ['x-frame-options', 'DENY'],
    ],
  } as const;
  expect(clientHeaders(['X-Gone', '1', 'X-Old', '2', 'X-Frame-Options', 'ALLOW'], own, ours)).toEqual([
    'x-new',
    '2',
    'x-frame-options',
    'DENY',
    'x-tag',
    'two',
    'access-control-allow-origin',
    'https://p.test',
  ]);
});
