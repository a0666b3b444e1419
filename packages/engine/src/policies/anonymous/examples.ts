import type { PolicyExample } from '../example.js';
import { exampleKey } from '../example.js';

export const examples: readonly PolicyExample[] = [
  {
    title: 'A key is welcome, and not needed',
    text: 'Callers with a key have the limits of their plan. Give the others limits of their own with `rate-limit`, by address. Where the API asks for a key on all routes, `anonymous` alone opens one of them.',
    route: { policies: [{ any: [{ 'api-key': {} }, { anonymous: { subject: 'guest' } }] }] },
    requests: [
      {
        says: 'Without a key the caller goes on as guest.',
        expect: { outcome: 'forward', reasons: ['key_missing', 'anonymous_accepted'] },
      },
      {
        says: 'With a key the caller is the one whose key it is.',
        send: { headers: { 'x-api-key': exampleKey } },
        expect: { outcome: 'forward', reasons: ['key_accepted'] },
      },
      {
        says: 'A wrong key is refused: whoever sends one means to be somebody.',
        send: { headers: { 'x-api-key': 'slc_unknown' } },
        expect: { outcome: 401, code: 'credential_invalid', reasons: ['key_unknown'] },
      },
    ],
  },
];
