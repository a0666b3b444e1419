import type { PolicyExample } from '../example.js';

const hash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g';
const sent = (text: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(text).toString('base64')}`,
});

export const examples: readonly PolicyExample[] = [
  {
    title: 'A password for a person',
    text: 'The configuration holds hashes alone; `npm run -s hash-password` in this repository reads a password and prints one, and so does `argon2 <salt> -id -k 19456 -t 2 -p 1 -e`. Checking one costs work on purpose, and is charged to the tenant.',
    route: {
      policies: [{ basic: { users: [{ name: 'alice', password: hash, groups: ['staff'] }], realm: 'Orders' } }],
    },
    requests: [
      {
        says: 'The right password goes on; the upstream does not see it.',
        send: { headers: sent('alice:right') },
        facts: { password: () => 'right' },
        expect: { outcome: 'forward', reasons: ['password_accepted'], upstreamHeaders: { authorization: null } },
      },
      {
        says: 'A wrong one is refused.',
        send: { headers: sent('alice:wrong') },
        facts: { password: () => 'wrong' },
        expect: { outcome: 401, code: 'credential_invalid', reasons: ['password_wrong'] },
      },
      {
        says: 'Without one the answer names the way, and a browser asks its user.',
        expect: {
          outcome: 401,
          code: 'credential_missing',
          answerHeaders: { 'www-authenticate': 'Basic realm="Orders", charset="UTF-8"' },
        },
      },
    ],
  },
];
