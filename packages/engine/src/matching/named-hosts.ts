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

// RFC 2606: nobody has it.
const standIn = 'sluice.invalid';

/**
 * The hosts by which a document is judged as if all that it asks for were its environment's own: for who does not know the
 * environment's, or asks about something else. A stand-in is among them, for routes that name none.
 */
export function assumedHosts(document: Document): string[] {
  const ofVersions = Object.values(document.apis).flatMap(({ version, versioning }) =>
    versioning?.by === 'host' ? [`${version.toLowerCase()}.${standIn}`] : [],
  );
  return [...new Set([...namedHosts(document), standIn, ...ofVersions])];
}
