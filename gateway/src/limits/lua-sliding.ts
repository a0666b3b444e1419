// Sliding windows: no interval as long as the window ever holds more than the units. A unit debited at t is spent within
// [t, t + life], so a debit counts for window + life; debits are kept in 60 buckets a window, and a bucket counts until
// its last moment has passed out of the window.
export const luaSliding = `
function kinds.sliding(key, ask)
  local hash = redis.call('HMGET', key, 'buckets', 'version', 'units')
  local windowMs, lifeMs = ask.p1, ask.p2
  local grainMs = math.max(1, math.ceil(windowMs / 60)) + 0.0
  local version, units = unitsOf(hash[2], hash[3], ask)
  local newest, oldest = floor(age / grainMs), floor((age - windowMs - lifeMs) / grainMs)
  local buckets, used, first, returned = {}, 0.0, nil, 0.0
  for stamp, count in string.gmatch(hash[1] or '', '(%d+) (%d+)') do
    local at, debited = number(stamp), number(count)
    if at == ask.stamp and ask.returned > 0 then
      returned = math.min(debited, ask.returned)
      debited = debited - returned
    end
    if at >= oldest and debited > 0 then
      buckets[#buckets + 1] = { at, debited }
      used = used + debited
      first = first or at
    end
  end
  local isKnown = lossAge == 0 or age >= lossAge + windowMs + lifeMs
  local left = isKnown and math.max(0, units - used) or 0.0
  local granted = isKnown and leaseOf(left, units, holders, ask) or 0.0
  if returned >= left and left > granted then freed(key) end
  local debit = granted + ask.charged
  if debit > 0 then
    local last = buckets[#buckets]
    if last and last[1] == newest then last[2] = last[2] + debit else buckets[#buckets + 1] = { newest, debit } end
  end
  for index, bucket in ipairs(buckets) do buckets[index] = text(bucket[1]) .. ' ' .. text(bucket[2]) end
  redis.call('HSET', key, 'buckets', table.concat(buckets, ' '), 'version', text(version), 'units', text(units))
  expire(key, windowMs + lifeMs + 60000)
  local resetIn = (isKnown and ((first or newest) + 1) * grainMs or lossAge) + windowMs + lifeMs - age
  return line(isKnown and done or unknown, ask, granted, left - granted, resetIn, lifeMs, newest, holders, ask.charged, false, units)
end
`;
