// Fixed windows and quotas: so many units in [start, end) of Redis's clock. A period never begins again. It is kept as
// `start end used look units charged counted chargedAt`; with `onOutage: local` so are the last 16 before it for ten
// minutes, so that what was admitted without Redis is judged in the period that it belongs to. What is charged to one that
// is `forgotten`, or older, counts as overshoot: how much of it was used is not known.
//
// Overshoot is what charges brought above the limit. It is counted once nobody may give units of that period back any
// more, three seconds after the last charge: a unit that another gateway held and did not spend is none.
export const luaPeriod = `
local judgedAfterMs, formerMs, mostFormer = 3000.0, 600000.0, 16

local function periodOf(value)
  if not value then return nil end
  local a, b, c, d, e, f, g, h = string.match(value, '^(%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%d+)$')
  return { start = number(a), ending = number(b), used = number(c), look = number(d), units = number(e), charged = number(f), counted = number(g), chargedAt = number(h) }
end
local function periodText(period)
  return table.concat({ text(period.start), text(period.ending), text(period.used), text(period.look), text(period.units), text(period.charged), text(period.counted), text(period.chargedAt) }, ' ')
end
local function newPeriod(start, ending, units)
  return { start = start, ending = ending, used = 0.0, look = 0.0, units = units, charged = 0.0, counted = 0.0, chargedAt = 0.0 }
end
local function formersOf(value)
  local formers = {}
  for one in string.gmatch(value or '', '[^;]+') do formers[#formers + 1] = periodOf(one) end
  return formers
end
local function savePeriods(key, current, formers, forgotten, version, units, who)
  local texts = {}
  for index, period in ipairs(formers) do
    local isYoung = now - period.ending < formerMs or age - period.chargedAt < formerMs
    if period.isOpen or (#formers - index < mostFormer and isYoung) then
      texts[#texts + 1] = periodText(period)
    else
      forgotten = math.max(forgotten, period.start)
    end
  end
  redis.call('HSET', key, 'current', periodText(current), 'former', table.concat(texts, ';'), 'forgotten', text(forgotten), 'version', text(version), 'units', text(units), 'holders', who)
  expire(key, math.max(0, current.ending - now) + formerMs)
end
-- The period that starts then, of those before the current one; it may be one that Redis never heard of.
local function formerAt(formers, forgotten, start, units, isMade)
  local place = 1
  while formers[place] and formers[place].start < start do place = place + 1 end
  local found = formers[place]
  if found and found.start == start then return found end
  if not isMade then return nil end
  local made = newPeriod(start, start, units)
  if start <= forgotten then made.used = units end
  table.insert(formers, place, made)
  return made
end

local function overshootOf(period)
  local open = math.max(0, math.min(period.charged, period.used - period.units)) - period.counted
  if open <= 0 then return 0.0, false end
  if age - period.chargedAt < judgedAfterMs then
    period.isOpen = true
    return 0.0, true
  end
  period.counted = period.counted + open
  return open, false
end

-- Of those that have asked for the limit in its period, the members: among them it is shared.
local function askersOf(value)
  local who, count = ' ' .. joinedAt .. ' ', 1.0
  for one in string.gmatch(value, '%d+') do
    if one ~= joinedAt and isMember[one] then who, count = who .. one .. ' ', count + 1 end
  end
  return who, count
end

local function lease(key, ask, isLocal)
  local hash = redis.call('HMGET', key, 'current', 'former', 'version', 'units', 'holders', 'forgotten')
  local current, formers, who, forgotten = periodOf(hash[1]), isLocal and formersOf(hash[2]) or {}, hash[5] or ' ', number(hash[6])
  local start, ending
  if current and now >= current.start and now < current.ending then
    start, ending = current.start, current.ending
  elseif now >= ask.p1 and now < ask.p2 then
    start, ending = ask.p1, ask.p2
  elseif now >= ask.p3 and now < ask.p4 then
    start, ending = ask.p3, ask.p4
  else
    return line(elsewhen, ask, 0, 0, 0, 0, 0, 1, 0, false, ask.units)
  end
  if current and current.start > start then
    return line(unknown, ask, 0, 0, current.ending - now, 0, 0, 1, 0, false, ask.units)
  end
  if ask.seen > 0 and ask.stamp == start and (not current or current.start ~= start or current.look < ask.seen) then
    isEvicted = true
    return line(waiting, ask, 0, 0, 0, 0, 0, 1, 0, false, ask.units)
  end
  local version, units = unitsOf(hash[3], hash[4], ask)
  if not current or current.start < start then
    if isLocal and current then formers[#formers + 1] = current end
    current, who = newPeriod(start, ending, units), ' '
  end
  local wasUsedUp = current.used >= current.units
  current.units = units
  local target = current
  if ask.stamp < start then target = formerAt(formers, forgotten, ask.stamp, units, ask.charged > 0) end
  if target and (ask.returned > 0 or ask.charged > 0) then
    target.used = math.max(0, target.used - ask.returned) + ask.charged
    if ask.charged > 0 then
      target.charged = target.charged + ask.charged
      target.chargedAt = age
    end
  end
  local isKnown = start >= lossMs or current.look >= lossN or start >= lossDepartureMs
  local others
  who, others = askersOf(who)
  local left, granted = 0.0, 0.0
  if isKnown then
    granted = leaseOf(math.max(0, units - current.used), units, others, ask)
    current.used = current.used + granted
    current.look = n
    left = units - current.used
    if wasUsedUp and left > 0 then freed(key) end
  end
  local overshoot, isSettling = overshootOf(current)
  for _, period in ipairs(formers) do
    local over, isOpen = overshootOf(period)
    overshoot, isSettling = overshoot + over, isSettling or isOpen
  end
  savePeriods(key, current, formers, forgotten, version, units, who)
  return line(isKnown and done or unknown, ask, granted, left, ending - now, ending - now, start, others, overshoot, isSettling, units)
end
function kinds.period(key, ask) return lease(key, ask, false) end
kinds['local'] = function(key, ask) return lease(key, ask, true) end

-- Takes in what a member last saw: the higher use counts.
local function mergeLook(key, base)
  local start, ending, used, units = number(ARGV[base]), number(ARGV[base + 1]), number(ARGV[base + 2]), number(ARGV[base + 4])
  local itsLook = number(ARGV[base + 3])
  local hash = redis.call('HMGET', key, 'current', 'former', 'version', 'units', 'holders', 'forgotten')
  local current, formers = periodOf(hash[1]), formersOf(hash[2])
  if not current or current.start < start then
    formers[#formers + 1] = current
    current = newPeriod(start, ending, units)
  end
  if current.start ~= start then return end
  current.used = math.max(current.used, used)
  current.look = math.max(current.look, itsLook)
  savePeriods(key, current, formers, number(hash[6]), number(hash[3]), hash[4] and number(hash[4]) or units, hash[5] or ' ')
end
`;
