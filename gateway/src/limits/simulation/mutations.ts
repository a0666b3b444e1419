// The script, broken on purpose: tests that stay green with one of these would prove nothing. `forget-departures` and
// `grant-before-known` need a moment that chance hardly ever meets: membership.test.ts makes it.
export interface Mutation {
  readonly what: string;
  readonly by: string;
}

export const mutations: Readonly<Record<string, Mutation | undefined>> = {
  'grant-one-more': {
    what: 'current.used = current.used + granted',
    by: 'current.used = current.used + math.max(0, granted - 1)',
  },
  'ignore-numbers': { what: 'if seq <= member.seq then', by: 'if false then' },
  'forget-loss': { what: `if marker.unknown == '1' or marker.isLossy == '1' then`, by: 'if false then' },
  'forget-looks': { what: 'current.used = math.max(current.used, used)', by: '' },
  'forget-departures': { what: 'marker.departureN, marker.departureMs = text(n), text(now)', by: '' },
  'grant-before-known': { what: 'other.acked < member.joinRoster', by: 'false' },
  'never-fence': { what: 'age - member.last > fenceMs', by: 'false' },
  'follow-the-clock-back': {
    what: 'local now, age = math.max(serverMs, number(marker.now)), serverMs',
    by: 'local now, age = serverMs, serverMs',
  },
  'oldest-units-count': { what: 'number(storedVersion) > ask.version', by: 'number(storedVersion) < ask.version' },
  'slots-end-early': { what: 'number(diesAt) <= age', by: 'number(diesAt) - 2000 <= age' },
  'lend-uncounted': { what: 'math.max(0, lent - number(terms.lent))', by: '0' },
  'sliding-forgets-life': {
    what: 'floor((age - windowMs - lifeMs) / grainMs)',
    by: 'floor((age - windowMs) / grainMs)',
  },
  'rate-forgets-life': { what: 'math.max(full, debit[1] + life)', by: 'math.max(full, debit[1] - life)' },
};

/** The source with the mutation's change. Throws when the script has no such place any more. */
export const mutated = (source: string, name: string): string => {
  const mutation = mutations[name];
  if (mutation === undefined)
    throw new Error(`No such mutation: ${name}. There are: ${Object.keys(mutations).join(', ')}.`);
  if (!source.includes(mutation.what))
    throw new Error(`The script has no ${mutation.what}: mend the mutation ${name}.`);
  return source.replace(mutation.what, mutation.by);
};
