import type { PolicyExample } from '../example.js';

export const examples: readonly PolicyExample[] = [
  {
    title: 'A small JSON API',
    text: 'A body without a length is counted while it flows; when it grows too large, the upstream’s connection is broken off.',
    route: { policies: [{ 'body-limit': { maxBytes: 65_536 } }] },
    requests: [
      {
        says: 'A body that says how large it is is refused before a byte of it is read.',
        send: { method: 'POST', headers: { 'content-length': '65537' } },
        expect: { outcome: 413, code: 'too_large', reasons: ['body_too_large'] },
      },
      {
        says: 'One of just that size goes on.',
        send: { method: 'POST', headers: { 'content-length': '65536' } },
        expect: { outcome: 'forward' },
      },
    ],
  },
];
