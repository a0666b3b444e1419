// Host names as patterns: exact, or `*.example.test` for any name below it, however deep. The longest pattern that covers
// a name is its own.

/** What is kept under the host, or under the nearest pattern above it. */
export function findByHost<Value>(byHost: ReadonlyMap<string, Value>, host: string): Value | undefined {
  const exact = byHost.get(host);
  if (exact !== undefined) return exact;
  for (let dot = host.indexOf('.', 1); dot !== -1; dot = host.indexOf('.', dot + 1)) {
    const found = byHost.get(`*${host.slice(dot)}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** True when each name that the second pattern covers is covered by the first. */
export function coversHost(pattern: string, other: string): boolean {
  return pattern === other || (pattern.startsWith('*.') && other.endsWith(pattern.slice(1)));
}

/** How exactly a route's hosts name one: 0 when it names none, and so takes all. Undefined: it is not served there. */
export function hostRank(patterns: readonly string[] | undefined, host: string): number | undefined {
  if (patterns === undefined) return 0;
  const lengths = patterns.filter((pattern) => coversHost(pattern, host)).map(lengthOf);
  return lengths.length === 0 ? undefined : Math.max(...lengths);
}

// RFC 1035 ends host names at 253 characters, so an exact name is above every wildcard.
function lengthOf(pattern: string): number {
  return pattern.startsWith('*.') ? pattern.length : 1000;
}
