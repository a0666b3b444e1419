import type { PolicyExample } from '../example.js';

const refused = { refusal: () => ({ state: 'exhausted', resetMs: 1500 }) as const };

export const examples: readonly PolicyExample[] = [
  {
    title: 'By address: `ratelimit` of Traefik, `limit_req` of NGINX',
    text: "Traefik's `average=100, burst=50` is `rate: 100/second, burst: 50`. NGINX lets one request in beside its burst: `rate=10r/s burst=20 nodelay` is `rate: 10/second, burst: 21`; two locations that use one zone name the same `zone`.",
    route: {
      policies: [{ 'rate-limit': { zone: 'api', limits: [{ rate: '10/second', burst: 21, scope: 'ip' }] } }],
    },
    requests: [
      {
        says: 'While there is room the request goes on.',
        expect: { outcome: 'forward', reasons: ['limit_passed'] },
      },
      {
        says: 'When it is used up the answer says how long to wait.',
        facts: refused,
        expect: {
          outcome: 429,
          code: 'limit_exceeded',
          reasons: ['limit_used_up'],
          answerHeaders: { 'retry-after': '2' },
        },
      },
    ],
  },
  {
    title: 'By who calls, and of the whole API',
    text: "Kong's `rate-limiting` with `minute: 100` is `window: 100/minute`; it counts by credential, and by address where there is none. The second limit holds for all callers of the API together.",
    route: {
      policies: [
        { any: [{ 'api-key': {} }, { anonymous: {} }] },
        {
          'rate-limit': {
            limits: [
              { window: '100/minute', scope: 'credential' },
              { concurrency: 50, scope: 'api' },
            ],
          },
        },
      ],
    },
    requests: [
      {
        says: 'Both must have room.',
        expect: { outcome: 'forward', reasons: ['limit_passed', 'limit_passed'] },
      },
    ],
  },
  {
    title: 'A rehearsal',
    text: 'With `dryRun` nothing is refused; the reasons say what would have been.',
    route: { policies: [{ 'rate-limit': { limits: [{ window: '5/minute', scope: 'route', dryRun: true }] } }] },
    requests: [
      {
        says: 'A request beyond the limit goes on, and it is said.',
        facts: refused,
        expect: { outcome: 'forward', reasons: ['limit_would_refuse'] },
      },
    ],
  },
];
