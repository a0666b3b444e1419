import type { PolicyExample } from '../example.js';

export const examples: readonly PolicyExample[] = [
  {
    title: 'The id that the client chose',
    route: { policies: [{ 'request-id': { header: 'x-correlation-id' } }] },
    requests: [
      {
        says: 'A client’s id goes on, and comes back.',
        send: { headers: { 'x-correlation-id': 'order-7' } },
        expect: {
          outcome: 'forward',
          upstreamHeaders: { 'x-correlation-id': 'order-7' },
          answerHeaders: { 'x-correlation-id': 'order-7' },
        },
      },
    ],
  },
  {
    title: 'An id that nobody chooses',
    route: { policies: [{ 'request-id': { client: 'replace' } }] },
    requests: [
      {
        says: 'The gateway’s id stands in the place of the client’s.',
        send: { headers: { 'x-request-id': 'mine' } },
        expect: { outcome: 'forward', upstreamHeaders: { 'x-request-id': 'req_0198c0de' } },
      },
    ],
  },
];
