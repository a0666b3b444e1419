// What the main thread and the gateway's threads say to each other about targets.
import type { Answered, Ejected } from '../ejecting.js';
import type { PlacedUpstream } from '../live-target-set.js';

export type ToThread =
  /** All upstreams of an environment; none: it is gone. */
  | { readonly type: 'environment'; readonly environmentId: string; readonly upstreams: readonly PlacedUpstream[] }
  | { readonly type: 'upstream'; readonly environmentId: string; readonly upstream: PlacedUpstream };

export type FromThread = Ejected | Answered;
