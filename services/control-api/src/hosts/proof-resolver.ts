// Looks for TXT records. That there is none is an answer; a server that fails, refuses or is silent is none, and the two are never
// taken for each other: the first can end a claim.
import { Resolver } from 'node:dns/promises';

export type Answer =
  | { readonly isAnswered: true; readonly values: readonly string[] }
  /** `reason`: the resolver's code, for the log. */
  | { readonly isAnswered: false; readonly reason: string };

export interface ProofResolver {
  /** The values of all TXT records of a name. Never rejects. */
  txt(name: string): Promise<Answer>;
}

const tryMs = 2_000;
const tries = 2;
/** For all tries at all servers. */
const deadlineMs = 8_000;

/** RFC 2308: the name, or the type at that name, does not exist. */
const nothingThere = new Set(['ENODATA', 'ENOTFOUND']);

/** @param servers addresses, perhaps with ports; the system's when there is none. */
export function dnsResolver(servers: readonly string[]): ProofResolver {
  return {
    async txt(name) {
      // One for each look: cancelling ends all that a resolver is asked.
      const resolver = new Resolver({ timeout: tryMs, tries, maxTimeout: tryMs });
      if (servers.length > 0) resolver.setServers(servers);
      const timer = setTimeout(() => resolver.cancel(), deadlineMs);
      try {
        const records = await resolver.resolveTxt(name);
        return { isAnswered: true, values: records.map((strings) => strings.join('')) };
      } catch (error) {
        const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
        return nothingThere.has(reason) ? { isAnswered: true, values: [] } : { isAnswered: false, reason };
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
