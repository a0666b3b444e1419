// Upstreams over undici.
import type { UpstreamSpec } from '@sluice/contracts';
import type { IsAllowed } from './allowed-address.js';
import { Call } from './call.js';
import { Mirrors } from './mirrors.js';
import { Pools } from './pools.js';
import type { PoolBounds } from './pools.js';
import { createTargetSet } from './target-set.js';
import type { TargetSet } from './target-set.js';
import type { UpstreamReceiver, UpstreamRequest, Upstreams } from './upstream.js';

export function createUpstreams(isAllowed: IsAllowed, bounds?: PoolBounds): Upstreams {
  const pools = new Pools(isAllowed, bounds);
  // By the document's own object: a new revision starts a new round.
  const states = new WeakMap<UpstreamSpec, TargetSet>();
  const send = (request: UpstreamRequest, receiver: UpstreamReceiver): Call => {
    let state = states.get(request.spec);
    if (state === undefined) {
      state = createTargetSet(request.spec);
      states.set(request.spec, state);
    }
    return new Call(pools, state, request, receiver);
  };
  const mirrors = new Mirrors(send);
  return {
    send,
    mirror: (request) => mirrors.mirror(request),
    close: async () => pools.close(),
  };
}
