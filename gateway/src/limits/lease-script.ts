// The one script that debits and credits limits in Redis, and how its arguments and replies are written.
//
// One hash a limit, `sluice:limit:{<subscription>}/<limit>`, holds its newest period only: a unit given back into an
// ended period has nowhere to go, and a period never begins again (a Redis whose clock stepped back stays in the
// newest one it has seen). Time is Redis's own; periods are aligned to the Unix epoch.
//
// Each call is one numbered operation of one holder: units given back, units wanted, both or neither. The hash keeps
// every holder's last number and outcome, so an operation that arrives twice is answered as before and changes nothing,
// and one that arrives after its successor is ignored. Numbers grow over all limits of a holder.
//
// A lease is at most half a holder's part of what is left, and at most 1/150 of the limit over all holders: the next one
// is fetched when the last is half spent, so that all of them together hold one part in a hundred at most.
//
// A hash that was lost (FLUSHALL, eviction) or that fell back behind what a holder has seen (failover to a replica that
// lagged) is recognised by its epoch and version; then used = max(stored, what this holder saw, the sum of what the
// holders heard of so far were granted). What remains open: what other holders were granted after this holder last
// looked is not known until they ask too, grants do not wait for that, and a hash lost with every gateway that knew it
// is taken for a new period. Waiting for the other holders, and rebuilding from records, would close this.
import { createHash } from 'node:crypto';

export const leaseScript = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local holder = ARGV[1]
local seq = tonumber(ARGV[2])
local replies = {}
for index, key in ipairs(KEYS) do
  local base = 2 + (index - 1) * 11
  local windowMs = tonumber(ARGV[base + 1])
  local units = tonumber(ARGV[base + 2])
  local want = tonumber(ARGV[base + 3])
  local need = tonumber(ARGV[base + 4])
  local seenPeriod = tonumber(ARGV[base + 5])
  local returned = tonumber(ARGV[base + 6])
  local charged = tonumber(ARGV[base + 7])
  local seenEpoch = ARGV[base + 8]
  local seenVersion = tonumber(ARGV[base + 9])
  local seenUsed = tonumber(ARGV[base + 10])
  local seenMine = tonumber(ARGV[base + 11])

  local stored = redis.call('HMGET', key, 'period', 'used', 'epoch', 'version', 'holders', 'h:' .. holder, 'granted')
  local period = math.floor(now / windowMs)
  local storedPeriod = tonumber(stored[1])
  local used, epoch, version, holders, granted, mine, lastSeq, lastGrant = 0, '', 0, 0, 0, 0, -1, 0
  local isKnown = false
  if storedPeriod and storedPeriod >= period then
    period = storedPeriod
    used, epoch, version, holders = tonumber(stored[2]), stored[3], tonumber(stored[4]), tonumber(stored[5])
    granted = tonumber(stored[7])
    if stored[6] then
      local a, b, c = string.match(stored[6], '^(%d+) (%d+) (%d+)$')
      lastSeq, lastGrant, mine = tonumber(a), tonumber(b), tonumber(c)
      isKnown = true
    end
  elseif storedPeriod then
    redis.call('DEL', key)
  end
  if seenPeriod == period and seenEpoch ~= '' and (epoch == '' or epoch ~= seenEpoch or version < seenVersion) then
    granted = granted + math.max(0, seenMine - mine)
    mine = math.max(mine, seenMine)
    used = math.max(used, seenUsed, granted)
    if version < seenVersion then
      epoch = ''
      version = seenVersion
    end
  end
  if epoch == '' then epoch = ARGV[1] .. ':' .. ARGV[2] .. ':' .. now end
  if not isKnown then holders = holders + 1 end

  local grant = 0
  if lastSeq == seq then
    grant = lastGrant
  elseif lastSeq > seq then
    grant = -1
  else
    if seenPeriod == period then
      local back = math.min(returned, mine, used)
      used = used - back
      mine = mine - back
      used = used + charged
      granted = granted - back + charged
    end
    local left = math.max(0, units - used)
    local share = math.max(1, math.min(math.floor(left / (2 * holders)), math.floor(units / (150 * holders))))
    grant = math.min(left, math.max(need, math.min(want, share)))
    used = used + grant
    mine = mine + grant
    granted = granted + grant
    version = version + 1
    redis.call('HSET', key, 'period', string.format('%.0f', period), 'used', string.format('%.0f', used), 'epoch', epoch,
      'version', string.format('%.0f', version), 'holders', holders,
      'granted', string.format('%.0f', granted),
      'h:' .. holder, string.format('%.0f %.0f %.0f', seq, grant, mine))
    redis.call('PEXPIREAT', key, string.format('%.0f', (period + 1) * windowMs + 60000))
  end
  replies[index] = { string.format('%.0f', period), string.format('%.0f', now), grant, used, epoch, version, holders, mine }
end
return replies
`;

export const leaseScriptSha = createHash('sha1').update(leaseScript).digest('hex');

export const limitKey = (key: string): string => {
  const slash = key.lastIndexOf('/');
  return slash < 0 ? `sluice:limit:{${key}}` : `sluice:limit:{${key.slice(0, slash)}}${key.slice(slash)}`;
};

/** What is asked of one limit in one operation. */
export interface LeaseAsk {
  readonly key: string;
  readonly windowMs: number;
  readonly units: number;
  /** Units for a lease; Redis gives less where less is left or others hold some. */
  readonly want: number;
  /** Units that requests wait for now: given in full while any are left, because they are spent at once. */
  readonly need: number;
  /** The period that `returned`, `charged` and what was seen belong to; -1: none known. */
  readonly period: number;
  readonly returned: number;
  /** Units admitted without Redis, while it could not be asked. */
  readonly charged: number;
  readonly seenEpoch: string;
  readonly seenVersion: number;
  readonly seenUsed: number;
  /** Granted to this holder in the period, less what it gave back. */
  readonly seenMine: number;
}

export interface LeaseReply {
  readonly period: number;
  readonly redisMs: number;
  /** -1: a later operation of this holder has already been done; this one never will be. */
  readonly granted: number;
  readonly used: number;
  readonly epoch: string;
  readonly version: number;
  readonly holders: number;
  readonly mine: number;
}

export const leaseArguments = (holder: string, seq: number, asks: readonly LeaseAsk[]): (string | number)[] => [
  holder,
  seq,
  ...asks.flatMap((ask) => [
    ask.windowMs,
    ask.units,
    ask.want,
    ask.need,
    ask.period,
    ask.returned,
    ask.charged,
    ask.seenEpoch,
    ask.seenVersion,
    ask.seenUsed,
    ask.seenMine,
  ]),
];

/** Redis's reply as values. A reply of another shape is a bug or another script, and throws. */
export const leaseReplies = (reply: unknown, count: number): LeaseReply[] => {
  if (!Array.isArray(reply) || reply.length !== count) throw new Error('the lease script answered in an unknown shape');
  return reply.map((one: unknown) => {
    if (!Array.isArray(one) || one.length !== 8) throw new Error('the lease script answered in an unknown shape');
    const [period, redisMs, granted, used, epoch, version, holders, mine] = one as unknown[];
    return {
      period: Number(period),
      redisMs: Number(redisMs),
      granted: Number(granted),
      used: Number(used),
      epoch: String(epoch),
      version: Number(version),
      holders: Number(holders),
      mine: Number(mine),
    };
  });
};
