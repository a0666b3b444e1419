// The hosts that a document's routes ask for by name, as requests name them: with the version of an API before them, where
// versions are told apart by host.
import type { Document } from '@sluice/contracts';
import { versioned } from './versioning.js';

/** Each once, wildcards among them; whether they are the environment's or not. */
export function namedHosts({ apis }: Document): string[] {
  const named = Object.values(apis).flatMap((api) =>
    api.routes.flatMap((route) => versioned(api, route, []).match.hosts ?? []),
  );
  return [...new Set(named)];
}
