import type { PolicyExample } from '../example.js';

export const examples: readonly PolicyExample[] = [
  {
    title: 'A route that must be quick',
    text: 'A try that has no answer after 500 ms is given up; with the policy `retries` another may follow, all of them within 2 s.',
    route: { policies: [{ timeouts: { perTryMs: 500, totalMs: 2000 } }, { retries: {} }] },
    requests: [{ says: 'The request goes on, and its time runs.', expect: { outcome: 'forward' } }],
  },
];
