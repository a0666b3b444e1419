// The script's first half: who takes part in a partition of the limits, and what happens when Redis lost something.
//
// A partition's marker (`sluice:limits:{l<partition>}`) names the Redis that serves (`run`), the epoch, and the members: the
// gateways that were let in, each with the number of its last operation and the roster version it has seen.
//
//   join    A gateway becomes a member, under a name that was never used before. It may be granted something only when
//           every other member has acknowledged a roster with it: so whoever survives a loss knows whom to wait for.
//   ask     One numbered operation: returns, charges and wants of many limits. Every ask is a heartbeat.
//   look    What a member last saw of its limits, after a loss.
//   leave   A member goes, with everything given back.
//
// A member silent for three seconds is fenced: removed, its later operations refused. Its units stay debited.
//
// Loss: the marker is gone, or another Redis serves than the marker says, or a member has seen more than is stored. Then
// a new epoch begins. Every answer is `rejoin` until all that are known to live have joined again, each with the roster it
// knew, the highest operation number it saw, and its looks; the silent are fenced, and what they knew counts as unknown.
// If nobody saw more than is stored, nothing was lost and all goes on. Otherwise a limit is known if its newest look came
// after the last departure of any member, or its period began after that; a limit that is not known grants nothing until
// its period has ended (`isKnown` in lua-period.ts).
//
// Time is Redis's own, in two counts. `now` says which period it is, and never runs backwards: when the clock steps back, it
// stands still until the clock has caught up. `age` says how long ago something was, and goes on from where the clock
// stepped to. Numbers are doubles: a small integer would wrap in the simulation's Lua, hence `number` and `floor`.
export const luaPartition = `
local fenceMs, settleMs, longestStepMs = 3000.0, 1000.0, 120000.0
local freedBuckets = 256

local function number(value) return (tonumber(value or 0) or 0) + 0.0 end
local function text(value) return string.format('%.0f', value) end
local function floor(value) return math.floor(value) + 0.0 end

local verb, holder, joinedAt, seq, epoch = ARGV[1], ARGV[2], ARGV[3], number(ARGV[4]), ARGV[5]
local seenRoster, seenN = number(ARGV[6]), number(ARGV[7])
local clock = redis.call('TIME')
local serverMs = number(clock[1]) * 1000 + floor(number(clock[2]) / 1000)
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')

local marker, members, gone = {}, {}, {}
local stored = redis.call('HGETALL', KEYS[1])
for index = 1, #stored, 2 do
  local field, value = stored[index], stored[index + 1]
  local kind, name = string.sub(field, 1, 2), string.sub(field, 3)
  if kind == 'm:' then
    local a, b, c, d, e, f = string.match(value, '^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+)$')
    members[name] = { joinedAt = a, last = number(b), acked = number(c), joinRoster = number(d), seq = number(e), reported = f == '1' }
  elseif kind == 'g:' then
    gone[name] = true
  else
    marker[field] = value
  end
end
local n, roster = number(marker.n), number(marker.roster)
local freedAt = {}
for bucket, atN, atAge in string.gmatch(marker.freed or '', '(%d+) (%d+) (%d+)') do freedAt[tonumber(bucket)] = { number(atN), number(atAge) } end
local now, age = math.max(serverMs, number(marker.now)), serverMs
if marker.age then age = number(marker.age) + math.max(0, serverMs - number(marker.serverMs)) end

local function beginEpoch()
  marker.epoch = run .. ':' .. holder .. ':' .. ARGV[4] .. ':' .. text(n) .. ':' .. text(now)
  marker.run, marker.state, marker.storedN, marker.reportedN = run, 'recovering', text(n), '0'
  gone = {}
  for _, member in pairs(members) do
    member.reported = false
    member.last = age
  end
end

if marker.run == nil then
  marker.openAt = text(age + settleMs)
  beginEpoch()
elseif marker.run ~= run then
  beginEpoch()
end
if now - serverMs > longestStepMs then
  -- A clock this far off cannot be waited for. What was counted by it is not to be trusted either.
  now = serverMs
  beginEpoch()
  marker.unknown = '1'
end

local function depart(name)
  if members[name] == nil then return end
  members[name] = nil
  gone[name] = true
  roster = roster + 1
  marker.departureN, marker.departureMs = text(n), text(now)
end

local function fenceSilent()
  for name, member in pairs(members) do
    if name ~= holder and age - member.last > fenceMs then
      if marker.state == 'recovering' then marker.unknown = '1' end
      depart(name)
    end
  end
end

local function open()
  if marker.state ~= 'recovering' or age < number(marker.openAt) then return end
  for _, member in pairs(members) do
    if not member.reported then return end
  end
  -- Beyond every number that somebody who was not heard may have seen.
  n = math.max(n, number(marker.reportedN)) + 1e9
  if marker.unknown == '1' then marker.departureN, marker.departureMs = text(n), text(now) end
  if marker.unknown == '1' or marker.isLossy == '1' then
    marker.lossN, marker.lossDepartureMs, marker.lossMs = marker.departureN or '0', marker.departureMs or '0', text(now)
    marker.lossAge = text(age)
    marker.losses = text(number(marker.losses) + 1)
  end
  marker.unknown, marker.isLossy, marker.state = '0', '0', 'open'
  gone = {}
end

-- Whether this member may be granted something: see \`join\` above.
local function isAdmitted(member)
  if marker.state ~= 'open' then return false end
  if member.joinRoster > 0 then
    for name, other in pairs(members) do
      if name ~= holder and other.acked < member.joinRoster then return false end
    end
    member.joinRoster = 0.0
  end
  return true
end

local function bootOf(name) return string.match(name, '^[^.]+') end

local function join()
  if members[holder] then return end
  -- Its own former names: what they knew it knows.
  for name in pairs(members) do
    if bootOf(name) == bootOf(holder) then
      members[name] = nil
      gone[name] = true
    end
  end
  local former, isFormerLost, itsN, itsDepartureN, itsDepartureMs, itsNow = ARGV[8], ARGV[9] == '1', number(ARGV[10]), number(ARGV[11]), number(ARGV[12]), number(ARGV[13])
  n = n + 1
  if former ~= '' then
    if isFormerLost then
      for name in pairs(members) do
        if bootOf(name) == former then depart(name) end
      end
    else
      members[former] = nil
      gone[former] = true
    end
  end
  if marker.state == 'recovering' then
    if isFormerLost then marker.unknown = '1' end
    if itsN > number(marker.storedN) then marker.isLossy = '1' end
    marker.reportedN = text(math.max(number(marker.reportedN), itsN))
    if itsDepartureN > number(marker.departureN) then marker.departureN = text(itsDepartureN) end
    if itsDepartureMs > number(marker.departureMs) then marker.departureMs = text(itsDepartureMs) end
    if itsNow > now + longestStepMs then marker.unknown = '1' else now = math.max(now, itsNow) end
    for name in string.gmatch(ARGV[14], '%S+') do
      if members[name] == nil and not gone[name] and bootOf(name) ~= bootOf(holder) then
        members[name] = { joinedAt = '-', last = age, acked = 0.0, joinRoster = 0.0, seq = 0.0, reported = false }
      end
    end
  else
    n = math.max(n, itsN)
  end
  roster = roster + 1
  members[holder] = { joinedAt = text(n), last = age, acked = 0.0, joinRoster = roster, seq = 0.0, reported = ARGV[15] == '0' }
end

local function save()
  -- Who has gone matters while others tell whom they knew. Names are never used again: kept on, they would fill the marker.
  if marker.state ~= 'recovering' then gone = {} end
  local freed = {}
  for bucket, at in pairs(freedAt) do
    -- Longer ago than anybody's last answer but of those that are fenced, and look at everything anew.
    if age - at[2] < 2 * fenceMs then freed[#freed + 1] = bucket .. ' ' .. text(at[1]) .. ' ' .. text(at[2]) end
  end
  marker.freed = table.concat(freed, ' ')
  local fields = { 'n', text(n), 'now', text(now), 'age', text(age), 'serverMs', text(serverMs), 'roster', text(roster) }
  for _, field in ipairs({ 'run', 'epoch', 'state', 'storedN', 'reportedN', 'openAt', 'unknown', 'isLossy', 'losses', 'departureN', 'departureMs', 'lossN', 'lossMs', 'lossAge', 'lossDepartureMs', 'freed' }) do
    if marker[field] then
      fields[#fields + 1] = field
      fields[#fields + 1] = marker[field]
    end
  end
  for name, member in pairs(members) do
    fields[#fields + 1] = 'm:' .. name
    fields[#fields + 1] = member.joinedAt .. ' ' .. text(member.last) .. ' ' .. text(member.acked) .. ' ' .. text(member.joinRoster) .. ' ' .. text(member.seq) .. ' ' .. (member.reported and '1' or '0')
  end
  for name in pairs(gone) do
    fields[#fields + 1] = 'g:' .. name
    fields[#fields + 1] = '1'
  end
  for index = 1, #stored, 2 do
    local kind, name = string.sub(stored[index], 1, 2), string.sub(stored[index], 3)
    if (kind == 'm:' and members[name] == nil) or (kind == 'g:' and not gone[name]) then redis.call('HDEL', KEYS[1], stored[index]) end
  end
  redis.call('HSET', KEYS[1], unpack(fields))
end

-- The roster itself only goes to who has another version of it.
local function reply(state, lines, atN, atNow)
  local names = {}
  if state == 'ok' and seenRoster ~= roster then
    for name in pairs(members) do names[#names + 1] = name end
    table.sort(names)
  end
  local freed = {}
  for bucket, at in pairs(freedAt) do
    if at[1] > seenN then freed[#freed + 1] = bucket end
  end
  table.sort(freed)
  local me, phase = members[holder], marker.state
  if phase == 'open' and me and me.joinRoster > 0 then phase = 'joining' end
  return { state, text(atN or n), text(atNow or now), marker.epoch, text(roster), table.concat(names, ' '), marker.departureN or '0', marker.departureMs or '0',
    me and me.joinedAt or '', phase, marker.losses or '0', table.concat(freed, ' '), lines or '' }
end
`;
