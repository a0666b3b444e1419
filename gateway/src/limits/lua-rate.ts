// Rates: the generic cell rate algorithm. A unit costs `spacing` milliseconds of `full`, the time at which the bucket will
// be full again (the theoretical arrival time).
//
// A unit debited at t is spent at some moment of [t, t + life]. Spends in an interval of length T come from debits f to l
// with t_f + life >= begin and t_l <= begin + T. So that they are never more than burst + T / spacing, for all f and l:
//   debits f to l <= burst + max(0, t_l - t_f - life) / spacing
// Debits younger than their life are kept one by one, in eighths of it: together they are at most the burst. Older ones
// are in `full`, as if spent at the end of their life. So a burst is given whole, and under demand nothing is lost, but
// for a burst of 1: spends as far apart as `spacing` need debits `spacing + life` apart.
//
// Units come back while they are young, or while nobody was granted anything since: else the bucket might have been full
// meanwhile, and what would have run over must not be given again.
export const luaRate = `
local longestLifeMs = 200.0

local function lifeOf(spacing, burst)
  if burst <= 1 then return math.max(10, math.min(50, floor(spacing / 16))) end
  return math.max(10, math.min(longestLifeMs, floor((burst - 1) * spacing / 4)))
end

-- Takes what was debited until then, with its life, out of the young ones.
local function grownUp(full, young, spacing, life, untilAge)
  local rest, sum = {}, 0.0
  for _, debit in ipairs(young) do
    if debit[1] + life <= untilAge then
      full = math.max(full, debit[1] + life) + debit[2] * spacing
    else
      rest[#rest + 1] = debit
      sum = sum + debit[2]
    end
  end
  return full, rest, sum
end

function kinds.rate(key, ask)
  local hash = redis.call('HMGET', key, 'full', 'young', 'last', 'version', 'units', 'periodMs', 'burst')
  local full, young, last, version, units, periodMs, burst = number(hash[1]), {}, hash[3], ask.version, ask.units, ask.p1, ask.p2
  for at, count in string.gmatch(hash[2] or '', '(%d+) (%d+)') do young[#young + 1] = { number(at), number(count) } end
  if hash[4] and number(hash[4]) > version then
    version, units, periodMs, burst = number(hash[4]), number(hash[5]), number(hash[6]), number(hash[7])
  end
  local spacing = periodMs / units
  local life = lifeOf(spacing, burst)
  local grain = math.max(1, floor(life / 8))
  if hash[4] and (number(hash[5]) ~= units or number(hash[6]) ~= periodMs or number(hash[7]) ~= burst) then
    -- Other terms: what was spent stays spent.
    local former = number(hash[6]) / number(hash[5])
    full = grownUp(full, young, former, longestLifeMs, math.huge)
    full, young, last = age + math.max(0, full - age) / former * spacing, {}, nil
  end
  local returned = 0.0
  if ask.returned > 0 and last and number(last) == ask.stamp then
    returned = ask.returned
    local newest = young[#young]
    if newest and newest[2] >= ask.returned then newest[2] = newest[2] - ask.returned else full = full - ask.returned * spacing end
  end
  -- After a loss the bucket is taken for empty.
  if lossAge > 0 then full = math.max(full, lossAge + longestLifeMs + burst * spacing) end
  if ask.charged > 0 then full = math.max(full, age) + ask.charged * spacing end
  local sum
  full, young, sum = grownUp(full, young, spacing, life, age)
  local left = math.max(0, math.min(burst, floor((age - full) / spacing + burst)) - sum)
  local share = math.max(1, floor(left / (2 * holders)))
  local granted = math.max(0, math.min(left, math.max(ask.need, math.min(ask.want, share))))
  if returned >= left and left > granted then freed(key) end
  if granted > 0 then
    local at, newest = math.ceil(age / grain) * grain, young[#young]
    if newest and newest[1] >= at then newest[2] = newest[2] + granted else young[#young + 1] = { at, granted } end
    last = text(n)
  end
  local texts = {}
  for index, debit in ipairs(young) do texts[index] = text(debit[1]) .. ' ' .. text(debit[2]) end
  redis.call('HSET', key, 'full', string.format('%.3f', math.ceil(full * 1000) / 1000), 'young', table.concat(texts, ' '), 'last', last or '0', 'version', text(version), 'units', text(units), 'periodMs', text(periodMs), 'burst', text(burst))
  local fullAt = grownUp(full, young, spacing, life, math.huge)
  expire(key, math.max(0, fullAt - age) + 60000)
  return line(done, ask, granted, left - granted, math.ceil(fullAt - age + (1 - burst) * spacing), life, number(last), holders, ask.charged, false, units)
end
`;
