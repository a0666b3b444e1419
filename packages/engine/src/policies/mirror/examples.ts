import type { PolicyExample } from '../example.js';

export const examples: readonly PolicyExample[] = [
  {
    title: 'Try a new version on real requests',
    text: 'Copies carry `x-sluice-mirror: 1`. Their answers are read and dropped; when the other upstream is slow, down, or has 64 copies under way, requests go on without copies.',
    route: { policies: [{ mirror: { upstream: 'shadow' } }] },
    requests: [
      { says: 'The request goes on as it would have.', expect: { outcome: 'forward', reasons: ['mirrored'] } },
    ],
  },
];
