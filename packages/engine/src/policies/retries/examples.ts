import type { PolicyExample } from '../example.js';

export const examples: readonly PolicyExample[] = [
  {
    title: 'Reads, and writes that are safe to repeat',
    text: 'Without this policy a request is sent again only when its connection never opened. Repetitions have a budget for each upstream, a fifth of the requests under way and three a second beside, so that they never become the load that keeps an upstream down.',
    route: { policies: [{ retries: { methods: ['GET', 'HEAD', 'PUT'], statuses: [503], maxBufferBytes: 16_384 } }] },
    requests: [{ says: 'The request goes on.', send: { method: 'PUT' }, expect: { outcome: 'forward' } }],
  },
];
