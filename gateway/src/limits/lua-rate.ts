// Rates: the generic cell rate algorithm. `full` is the time at which the bucket will be full again (the theoretical
// arrival time); a unit costs `spacing` milliseconds of it.
//
// A unit debited at t is spent at some moment of [t, t + life]. So that every interval of length T holds at most
// burst + T / spacing spends, debits follow a smaller burst: burst - life / spacing, with the spacing stretched where the
// burst is too small for that. With a burst of 1, spends as far apart as `spacing` need debits `spacing + life` apart.
// The life depends on the limit alone, never on who asks: a bound between leases of different lives would not hold.
//
// Units come back only while nobody was granted anything since: else the bucket might have been full meanwhile, and what
// would have run over must not be given again.
export const luaRate = `
local function shapeOf(units, periodMs, burst)
  local spacing = periodMs / units
  local life
  if burst <= 1 then
    life = math.max(10, math.min(50, floor(spacing / 16)))
    return spacing + life, 1.0, life
  end
  life = math.max(10, math.min(200, floor((burst - 1) * spacing / 4)))
  local stretched = math.max(spacing, life / (burst - 1))
  return stretched, burst - life / stretched, life
end

function kinds.rate(key, ask)
  local hash = redis.call('HMGET', key, 'full', 'last', 'version', 'units', 'periodMs', 'burst')
  local full, last = number(hash[1]), hash[2]
  local version, units, periodMs, burst = ask.version, ask.units, ask.p1, ask.p2
  if hash[3] and number(hash[3]) > version then
    version, units, periodMs, burst = number(hash[3]), number(hash[4]), number(hash[5]), number(hash[6])
  end
  local spacing, depth, life = shapeOf(units, periodMs, burst)
  if hash[3] and (number(hash[4]) ~= units or number(hash[5]) ~= periodMs or number(hash[6]) ~= burst) then
    -- Other terms: what was spent stays spent. Leases under the former terms live for 200 ms at most.
    local former = shapeOf(number(hash[4]), number(hash[5]), number(hash[6]))
    full, last = age + math.max(0, full - age) / former * spacing + 200, nil
  end
  if ask.returned > 0 and last and number(last) == ask.stamp then full = full - ask.returned * spacing end
  -- After a loss the bucket is taken for empty.
  if lossAge > 0 then full = math.max(full, lossAge + depth * spacing) end
  full = math.max(full, age) + ask.charged * spacing
  local left = math.max(0, floor((age - full) / spacing + depth))
  local share = math.max(1, floor(left / (2 * holders)))
  local granted = math.max(0, math.min(left, math.max(ask.need, math.min(ask.want, share))))
  full = full + granted * spacing
  if granted > 0 then last = text(n) end
  redis.call('HSET', key, 'full', string.format('%.3f', math.ceil(full * 1000) / 1000), 'last', last or '0', 'version', text(version), 'units', text(units), 'periodMs', text(periodMs), 'burst', text(burst))
  expire(key, full - age + 60000)
  left = left - granted
  local resetIn = math.ceil(full - age + (math.max(1, ask.need - granted) - depth) * spacing)
  return line(done, ask, granted, left, resetIn, life, number(last), holders, ask.charged, false, units)
end
`;
