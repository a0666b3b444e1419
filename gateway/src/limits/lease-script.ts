// The one script that debits and credits limits in Redis, composed of its halves. It runs the same on Redis's Lua 5.1 and
// on 5.3. Calls it makes: TIME, INFO server, HGETALL, HMGET, HSET, HDEL, GET, SET with PX, PEXPIREAT.
//
// Each call is about one partition, whose limits, marker and replies share a hash tag. KEYS: the marker, the holder's kept
// reply, then one key a limit. How arguments and replies are written: lease-wire.ts.
import { createHash } from 'node:crypto';
import { luaLimits } from './lua-limits.js';
import { luaPartition } from './lua-partition.js';

export const leaseScript = `
local unpack = unpack or table.unpack
${luaPartition}
${luaLimits}`;

export const leaseScriptSha = createHash('sha1').update(leaseScript).digest('hex');
