// How operations and replies of the lease script are written: the one place that knows the order of its arguments.

/** What is asked of one limit in one operation. */
export interface LeaseAsk {
  readonly key: string;
  /** `local`: a period whose charges without Redis are judged. */
  readonly kind: 'period' | 'local' | 'rate' | 'sliding' | 'slots';
  readonly units: number;
  readonly version: number;
  /** Units for a lease; Redis gives less where less is left or others hold some. */
  readonly want: number;
  /** Units that requests wait for now: given in full while any are left, because they are spent at once. */
  readonly need: number;
  readonly returned: number;
  /** Units admitted without Redis, while it could not be asked. */
  readonly charged: number;
  /** Where `returned` and `charged` belong: a period's start, a bucket, a grant. */
  readonly stamp: number;
  /** The last look at the period `stamp`; 0: none. */
  readonly seen: number;
  /** By kind: two periods [start, end, start, end]; period and burst; window and life; slots held, and 1 for `local`. */
  readonly terms: readonly [number, number, number, number];
}

export interface LeaseResult {
  readonly state: 'done' | 'unknown' | 'elsewhen' | 'waiting';
  readonly granted: number;
  readonly left: number;
  /** From Redis's clock at the reply: until the limit has units again, and until what is held of it ends. */
  readonly resetInMs: number;
  readonly diesInMs: number;
  readonly stamp: number;
  readonly holders: number;
  readonly overshoot: number;
  readonly isSettling: boolean;
  readonly units: number;
  readonly look: number;
}

export interface LeaseReply {
  readonly state: 'ok' | 'rejoin' | 'stale' | 'left';
  /** The partition's operation number. */
  readonly n: number;
  readonly redisMs: number;
  readonly epoch: string;
  readonly rosterVersion: number;
  /** Names parted by spaces; empty when the version asked with is this one. */
  readonly roster: string;
  readonly departureN: number;
  readonly departureMs: number;
  readonly joinedAt: string;
  readonly isOpen: boolean;
  /** Times that something was lost. */
  readonly losses: number;
  /** Of the limits that had no units left: the buckets (`bucketOf`) of those that got some since `seenN`. */
  readonly freed: readonly number[];
  readonly results: readonly LeaseResult[];
}

export interface MemberHeader {
  readonly holder: string;
  readonly joinedAt: string;
  readonly seq: number;
  readonly epoch: string;
  readonly rosterVersion: number;
  readonly seenN: number;
}

/** What a member brings from before: of itself, or of the process that ran in its place. */
export interface History {
  readonly former: string;
  /** The former ended without leaving: what it knew is lost. `former` is its boot then. */
  readonly isFormerLost: boolean;
  readonly n: number;
  readonly departureN: number;
  readonly departureMs: number;
  readonly redisMs: number;
  readonly roster: string;
}

/** What is known of a period's use. */
export interface Look {
  readonly key: string;
  readonly start: number;
  readonly end: number;
  readonly used: number;
  readonly look: number;
  readonly units: number;
}

export interface LeaseCall {
  readonly keys: readonly string[];
  readonly args: readonly (string | number)[];
}

const header = (verb: string, member: MemberHeader): (string | number)[] => [
  verb,
  member.holder,
  member.joinedAt,
  member.seq,
  member.epoch,
  member.rosterVersion,
  member.seenN,
];

const keysOf = (partition: number, holder: string, limits: readonly { readonly key: string }[]): string[] => [
  `sluice:limits:{l${partition}}`,
  `sluice:limits:{l${partition}}:${holder}`,
  ...limits.map(({ key }) => limitKey(partition, key)),
];

export const limitKey = (partition: number, key: string): string => `sluice:limit:{l${partition}}:${key}`;

/** In which of 256 buckets a limit is told to be freed: the same as `freed` of the script. */
export const bucketOf = (key: string): number => {
  let bucket = 0;
  for (const byte of Buffer.from(key)) bucket = (bucket * 31 + byte) % 256;
  return bucket;
};

export const joinCall = (partition: number, member: MemberHeader, history: History, hasLooks: boolean): LeaseCall => ({
  keys: keysOf(partition, member.holder, []),
  args: [
    ...header('join', member),
    history.former,
    history.isFormerLost ? 1 : 0,
    history.n,
    history.departureN,
    history.departureMs,
    history.redisMs,
    history.roster,
    hasLooks ? 1 : 0,
  ],
});

export const lookCall = (
  partition: number,
  member: MemberHeader,
  looks: readonly Look[],
  isLast: boolean,
): LeaseCall => ({
  keys: keysOf(partition, member.holder, looks),
  args: [
    ...header('look', member),
    isLast ? 1 : 0,
    ...looks.flatMap(({ start, end, used, look, units }) => [start, end, used, look, units]),
  ],
});

export const askCall = (partition: number, member: MemberHeader, asks: readonly LeaseAsk[]): LeaseCall => ({
  keys: keysOf(partition, member.holder, asks),
  args: [
    ...header('ask', member),
    ...asks.flatMap((ask) => [
      ask.kind,
      ask.units,
      ask.version,
      ask.want,
      ask.need,
      ask.returned,
      ask.charged,
      ask.stamp,
      ask.seen,
      ...ask.terms,
    ]),
  ],
});

export const leaveCall = (partition: number, member: MemberHeader): LeaseCall => ({
  keys: keysOf(partition, member.holder, []),
  args: header('leave', member),
});

const states = ['done', 'unknown', 'elsewhen', 'waiting'] as const;

/** Redis's reply as values. A reply of another shape is a bug or another script, and throws. */
export const leaseReply = (reply: unknown): LeaseReply => {
  if (!Array.isArray(reply) || reply.length !== 13) throw new Error('the lease script answered in an unknown shape');
  const [state, n, redisMs, epoch, rosterVersion, roster, departureN, departureMs, joinedAt, phase, losses, ...rest] = (
    reply as unknown[]
  ).map(String) as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    ...string[],
  ];
  const [freed = '', lines = ''] = rest;
  return {
    state: state as LeaseReply['state'],
    n: Number(n),
    redisMs: Number(redisMs),
    epoch,
    rosterVersion: Number(rosterVersion),
    roster,
    departureN: Number(departureN),
    departureMs: Number(departureMs),
    joinedAt,
    isOpen: phase === 'open',
    losses: Number(losses),
    freed: freed === '' ? [] : freed.split(' ').map(Number),
    results: lines === '' ? [] : lines.split('\n').map(resultOf),
  };
};

const resultOf = (line: string): LeaseResult => {
  const [state = 3, granted = 0, left = 0, resetInMs = 0, diesInMs = 0, stamp = 0, holders = 1, ...rest] = line
    .split(' ')
    .map(Number);
  const [overshoot = 0, settling = 0, units = 0, look = 0] = rest;
  return {
    state: states[state] ?? 'waiting',
    granted,
    left,
    resetInMs,
    diesInMs,
    stamp,
    holders: Math.max(1, holders),
    overshoot,
    isSettling: settling === 1,
    units,
    look,
  };
};
