import type { PolicyExample } from '../example.js';
import { exampleKey } from '../example.js';

export const examples: readonly PolicyExample[] = [
  {
    title: 'Ten wrong keys in ten minutes',
    text: 'A request without a credential does not count; a wrong one does, whichever way to authenticate refused it.',
    route: {
      policies: [{ 'api-key': {} }, { 'failed-authentication': { limits: [{ window: '10/10m', sliding: true }] } }],
    },
    requests: [
      {
        says: 'A wrong key is refused, and counts.',
        send: { headers: { 'x-api-key': 'slc_unknown' } },
        expect: { outcome: 401, code: 'credential_invalid', reasons: ['limit_passed', 'key_unknown'] },
      },
      {
        says: 'Once the failures are used up, not even a good key is looked at.',
        send: { headers: { 'x-api-key': exampleKey } },
        facts: { refusal: () => ({ state: 'exhausted', resetMs: 60_000 }) },
        expect: { outcome: 429, code: 'limit_exceeded', reasons: ['limit_used_up'] },
      },
    ],
  },
];
