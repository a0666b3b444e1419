import type { PolicyExample } from '../example.js';
import { exampleKey } from '../example.js';

export const examples: readonly PolicyExample[] = [
  {
    title: 'A key in a header',
    text: 'The key names a subscription; its plan says which APIs it opens, and its limits apply. The upstream never sees the key.',
    route: { policies: [{ 'api-key': { header: 'apikey' } }] },
    requests: [
      {
        says: 'A good key goes on, without the header.',
        send: { headers: { apikey: exampleKey } },
        expect: { outcome: 'forward', reasons: ['key_accepted'], upstreamHeaders: { apikey: null } },
      },
      {
        says: 'Without a key the request is refused, and the answer says where to put one.',
        expect: {
          outcome: 401,
          code: 'credential_missing',
          reasons: ['key_missing'],
          answerHeaders: { 'www-authenticate': 'ApiKey header="apikey"' },
        },
      },
      {
        says: 'A key that nobody has issued here is refused.',
        send: { headers: { apikey: 'slc_unknown' } },
        expect: { outcome: 401, code: 'credential_invalid', reasons: ['key_unknown'] },
      },
    ],
  },
];
