// The script's second half: what an operation does to each limit, by kind, and the verbs.
//
// Every limit is one hash. An ask brings back units (into the period or bucket that they came from), charges units that
// were admitted without Redis, and wants units. `need` is what requests wait for and is given in full while any is left;
// `want` is for a lease, which is at most half a holder's part of what is left and 1/150 of the limit over all holders.
// The answer, one line an ask: state, granted, left, in how long it resets, in how long the units die, the stamp that they carry back,
// holders, newly counted overshoot, whether more is to be counted, units of the limit, and the number of this look.
import { luaRate } from './lua-rate.js';
import { luaPeriod } from './lua-period.js';
import { luaSliding } from './lua-sliding.js';
import { luaSlots } from './lua-slots.js';

export const luaLimits = `
-- What is left may be below zero: the limit was lowered, or charges came late.
-- unknown: nothing is granted until the period ends. elsewhen: the periods asked for are not those of Redis's clock.
local done, unknown, elsewhen, waiting = '0', '1', '2', '3'
local lossMs, lossAge, lossN, lossDepartureMs = 0.0, 0.0, 0.0, 0.0
local holders, isEvicted, isMember = 0.0, false, {}

local function line(state, ask, granted, left, resetIn, diesIn, stamp, others, overshoot, isSettling, units)
  return table.concat({ state, text(granted), text(left), text(math.max(0, resetIn)), text(diesIn), text(stamp), text(others), text(overshoot), isSettling and '1' or '0', text(units), text(n) }, ' ')
end

local function expire(key, inMs) redis.call('PEXPIREAT', key, text(serverMs + inMs)) end

local function leaseOf(left, units, others, ask)
  local share = math.max(1, math.min(floor(left / (2 * others)), floor(units / (150 * others))))
  return math.max(0, math.min(left, math.max(ask.need, math.min(ask.want, share))))
end

-- The newest revision says how many units there are.
local function unitsOf(storedVersion, storedUnits, ask)
  if storedVersion and number(storedVersion) > ask.version then return number(storedVersion), number(storedUnits) end
  return ask.version, ask.units
end

-- Units of a limit that had none are there again: whoever took it for used up hears of it with the next answer.
local function freed(key)
  local bucket = 0
  for at = string.find(key, '}:', 1, true) + 2, #key do bucket = (bucket * 31 + string.byte(key, at)) % freedBuckets end
  freedAt[bucket] = { n, age }
end

local kinds = {}
${luaPeriod}
${luaRate}
${luaSliding}
${luaSlots}

local width = 13
local function askAt(base)
  return {
    kind = ARGV[base], units = number(ARGV[base + 1]), version = number(ARGV[base + 2]), want = number(ARGV[base + 3]),
    need = number(ARGV[base + 4]), returned = number(ARGV[base + 5]), charged = number(ARGV[base + 6]), stamp = number(ARGV[base + 7]),
    seen = number(ARGV[base + 8]), p1 = number(ARGV[base + 9]), p2 = number(ARGV[base + 10]), p3 = number(ARGV[base + 11]), p4 = number(ARGV[base + 12]),
  }
end

local function askAll(member)
  holders = 0.0
  for _, one in pairs(members) do
    holders = holders + 1
    isMember[one.joinedAt] = true
  end
  local isOpen = isAdmitted(member)
  lossMs, lossAge, lossN, lossDepartureMs = number(marker.lossMs), number(marker.lossAge), number(marker.lossN), number(marker.lossDepartureMs)
  local lines = {}
  for index = 3, #KEYS do
    local ask = askAt(8 + (index - 3) * width)
    -- Slots that a member holds are renewed even while nothing is granted: the requests in them go on.
    if isOpen or ask.kind == 'slots' then
      lines[#lines + 1] = kinds[ask.kind](KEYS[index], ask, isOpen)
    else
      lines[#lines + 1] = line(waiting, ask, 0, 0, 0, 0, 0, 1, 0, false, ask.units)
    end
  end
  if isEvicted then
    marker.isLossy = '1'
    beginEpoch()
  end
  return table.concat(lines, '\\n')
end

-- The answer to this operation, if it was done and was its member's last.
local function answerKept()
  local keptSeq, atN, atNow, lines = string.match(redis.call('GET', KEYS[2]) or '', '^(%d+) (%d+) (%d+)\\n(.*)$')
  if keptSeq == text(seq) then return lines, number(atN), number(atNow) end
end

local member = members[holder]
if verb == 'join' then
  if member and marker.state == 'recovering' and not member.reported then
    -- It did not hear that it had joined, and an epoch has begun since: what it knows is told with a new join only.
    save()
    return reply('rejoin')
  end
  join()
  fenceSilent()
  open()
  save()
  return reply('ok')
elseif verb == 'leave' then
  n = n + 1
  depart(holder)
  save()
  return reply('left')
elseif epoch ~= marker.epoch or member == nil or member.joinedAt ~= joinedAt then
  -- Nothing happens, but that a new epoch may have begun. Whether its last operation was done it hears all the same.
  if marker.state == 'recovering' then
    fenceSilent()
    open()
  end
  save()
  if verb == 'ask' then return reply('rejoin', answerKept()) end
  return reply('rejoin')
elseif verb == 'look' then
  member.last = age
  for index = 3, #KEYS do mergeLook(KEYS[index], 9 + (index - 3) * 5) end
  if ARGV[8] == '1' then member.reported = true end
  fenceSilent()
  open()
  save()
  return reply('ok')
end

if seq <= member.seq then
  if seq < member.seq then return reply('stale') end
  return reply('ok', answerKept())
end
if marker.state == 'open' and seenN > n then
  marker.isLossy = '1'
  beginEpoch()
  save()
  return reply('rejoin')
end
n = n + 1
member.seq, member.last = seq, age
member.acked = math.max(member.acked, seenRoster)
fenceSilent()
open()
local lines = askAll(member)
save()
if #KEYS > 2 then redis.call('SET', KEYS[2], text(seq) .. ' ' .. text(n) .. ' ' .. text(now) .. '\\n' .. lines, 'PX', '600000') end
local answer = reply('ok', lines)
-- The answer is one of the epoch that it was asked in, even if that has just ended.
answer[4] = epoch
return answer
`;
