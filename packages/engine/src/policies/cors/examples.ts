import type { PolicyExample } from '../example.js';

const preflight = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' };

export const examples: readonly PolicyExample[] = [
  {
    title: 'The pages of one site and all below it',
    text: 'The tenant’s own portal needs no policy: its pages may always call.',
    route: {
      match: { path: { prefix: '/orders' }, methods: ['GET', 'POST'] },
      policies: [
        { cors: { origins: ['https://acme.test', 'https://*.acme.test'], credentials: true, exposeHeaders: ['etag'] } },
        { 'api-key': {} },
      ],
    },
    requests: [
      {
        says: 'A preflight is answered without a key.',
        send: { method: 'OPTIONS', headers: { origin: 'https://shop.acme.test', ...preflight } },
        expect: {
          outcome: 204,
          reasons: ['origin_allowed', 'preflight_answered'],
          answerHeaders: {
            'access-control-allow-origin': 'https://shop.acme.test',
            'access-control-allow-credentials': 'true',
            'access-control-allow-methods': 'GET, POST, HEAD',
            'access-control-allow-headers': 'content-type',
            'access-control-max-age': '600',
          },
        },
      },
      {
        says: 'A refusal can be read by the page, too.',
        send: { headers: { origin: 'https://acme.test' } },
        expect: {
          outcome: 401,
          code: 'credential_missing',
          answerHeaders: { 'access-control-allow-origin': 'https://acme.test', vary: 'Origin' },
        },
      },
      {
        says: 'The preflight of another site gets an answer that allows nothing.',
        send: { method: 'OPTIONS', headers: { origin: 'https://evil.test', ...preflight } },
        expect: {
          outcome: 204,
          reasons: ['origin_refused', 'preflight_answered'],
          answerHeaders: { 'access-control-allow-origin': null, 'access-control-allow-methods': null },
        },
      },
    ],
  },
  {
    title: 'An API for every page',
    text: '`*` cannot be had together with credentials.',
    route: { policies: [{ cors: { origins: ['*'] } }] },
    requests: [
      {
        says: 'Any page may read the answer.',
        send: { headers: { origin: 'https://anywhere.test' } },
        expect: {
          outcome: 'forward',
          answerHeaders: { 'access-control-allow-origin': '*', 'access-control-allow-credentials': null },
        },
      },
    ],
  },
];
