// Concurrency: slots, leased with a deadline and renewed by their holder. Here time does free them: a holder that could
// not renew has ended the requests in them before (`Hold.onLost`), by a clock that is ahead of this one.
//
// A holder says how many slots it holds (`p1`). Where Redis knows of none (it was emptied, or lags) it is believed: it
// says so only before their deadline. After a loss no slot is given out until those of every silent holder have ended.
// A member's slots go by its boot (the name up to the dot), so that they outlive its rejoining.
//
// With `onOutage: local` a holder that is cut off ends no request. So what time has freed may still be in use
// (`x:<holder>`, until it is heard again): slots lent out of it are counted as overshoot, each once (`lent`).
export const luaSlots = `
local slotLifeMs, longestCutMs = 3000.0, 600000.0

function kinds.slots(key, ask, isOpen)
  local owner = 'h:' .. bootOf(holder)
  local hash, others, mine, cutOff = redis.call('HGETALL', key), 0.0, nil, 0.0
  local version, units
  local terms = {}
  for index = 1, #hash, 2 do
    local field, value = hash[index], hash[index + 1]
    if string.sub(field, 1, 2) == 'h:' then
      local count, diesAt = string.match(value, '^(%d+) (%d+)$')
      if number(diesAt) <= age then
        redis.call('HDEL', key, field)
        if ask.p2 == 1 and field ~= owner then
          redis.call('HSET', key, 'x:' .. string.sub(field, 3), count .. ' ' .. text(age))
          cutOff = cutOff + number(count)
        end
      elseif field == owner then
        mine = number(count)
      else
        others = others + number(count)
      end
    elseif string.sub(field, 1, 2) == 'x:' then
      local count, sinceAge = string.match(value, '^(%d+) (%d+)$')
      if 'h:' .. string.sub(field, 3) == owner or age - number(sinceAge) > longestCutMs then
        redis.call('HDEL', key, field)
      else
        cutOff = cutOff + number(count)
      end
    else
      terms[field] = value
    end
  end
  version, units = unitsOf(terms.version, terms.units, ask)
  local isSettled = isOpen and (lossAge == 0 or age >= lossAge + slotLifeMs)
  -- \`p2\`: held by a limit with onOutage local, which ends no request because Redis was away.
  local isBelieved = not isSettled or ask.p2 == 1
  local held = isBelieved and ask.p1 or math.min(mine or 0.0, ask.p1)
  local left = units - others - held
  local granted = 0.0
  local isRefused = ask.p1 > 0 and not mine and not isBelieved
  if isSettled and not isRefused then
    local share = math.max(1, floor(left / (2 * holders)))
    granted = math.max(0, math.min(left, math.max(ask.need, math.min(ask.want, share))))
  end
  held = held + granted
  local lent = math.max(0, math.min(cutOff, others + held + cutOff - units))
  local overshoot = math.max(0, lent - number(terms.lent))
  local fields = { 'version', text(version), 'units', text(units), 'lent', text(lent) }
  if held > 0 then
    fields[#fields + 1] = owner
    fields[#fields + 1] = text(held) .. ' ' .. text(age + slotLifeMs)
  elseif mine then
    redis.call('HDEL', key, owner)
  end
  redis.call('HSET', key, unpack(fields))
  expire(key, 60000)
  return line(isRefused and unknown or (isSettled and done or waiting), ask, granted, left - granted, 1000, slotLifeMs, held, holders, ask.charged + overshoot, false, units)
end
`;
