import type { PolicyExample } from '../example.js';

const hash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g';
const users = [
  { name: 'alice', password: hash, groups: ['staff'] },
  { name: 'bob', password: hash, groups: ['staff', 'trainees'] },
];
const sent = (user: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${user}:right`).toString('base64')}`,
});

export const examples: readonly PolicyExample[] = [
  {
    title: 'Staff, and no trainees',
    text: 'Groups come from tokens (`jwt`), from a service (`forward-auth`), and from the settings of `basic` and `anonymous`.',
    route: { policies: [{ basic: { users } }, { acl: { allow: ['staff'], deny: ['trainees'] } }] },
    requests: [
      {
        says: 'Somebody of an allowed group goes on.',
        send: { headers: sent('alice') },
        facts: { password: () => 'right' },
        expect: { outcome: 'forward', reasons: ['group_allowed'] },
      },
      {
        says: 'Somebody who is in a denied one as well does not.',
        send: { headers: sent('bob') },
        facts: { password: () => 'right' },
        expect: { outcome: 403, code: 'group_denied', reasons: ['group_denied'] },
      },
    ],
  },
];
