import type { PolicyExample } from '../example.js';

export const examples: readonly PolicyExample[] = [
  {
    title: 'Writing needs a scope',
    text: 'Scopes come from tokens (`jwt`), from API keys that were given some, and from the settings of `basic` and `anonymous`.',
    route: {
      policies: [
        { any: [{ anonymous: { scopes: ['orders:read'] } }, { 'api-key': {} }] },
        { scopes: { all: ['orders:read'], any: ['orders:write', 'orders:admin'] } },
      ],
    },
    requests: [
      {
        says: 'A caller without it is refused, and the answer names the scopes.',
        expect: {
          outcome: 403,
          code: 'scope_missing',
          reasons: ['scopes_missing'],
          answerHeaders: {
            'www-authenticate': 'Bearer error="insufficient_scope", scope="orders:read orders:write orders:admin"',
          },
        },
      },
    ],
  },
  {
    title: 'Reading needs another one',
    route: { policies: [{ anonymous: { scopes: ['orders:read'] } }, { scopes: { all: ['orders:read'] } }] },
    requests: [{ says: 'A caller with it goes on.', expect: { outcome: 'forward', reasons: ['scopes_present'] } }],
  },
];
