// A closed loop: wrk with one thread, as many requests as its connections get answered. What is not a 2xx, and what is
// broken, stops the measurement: a contestant that refuses is fast.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { aroundCore } from './cores.js';
import { host } from '../../test/feed-server.js';
import { keyOf, type Size, type Workload } from './workloads.js';

const run = promisify(execFile);

export interface Load {
  readonly port: number;
  readonly isTls?: boolean;
  readonly workload: Workload;
  /** `/bare`, or one of `/full-n` for each request, in an order that no cache foresees. */
  readonly route: 'bare' | 'full';
  readonly size: Size;
  readonly seconds: number;
  readonly connections: number;
  readonly folder: string;
}

export interface Answered {
  readonly requests: number;
  readonly seconds: number;
}

export async function answerAll(load: Load): Promise<Answered> {
  const { port, isTls = false, seconds, connections, folder } = load;
  const script = join(folder, `wrk-${port}-${process.pid}.lua`);
  await writeFile(script, scriptOf(load));
  const { stdout } = await run('taskset', [
    '--cpu-list',
    String(aroundCore),
    'wrk',
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '--timeout',
    '10s',
    '-s',
    script,
    isTls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
  ]);
  const found = /^RESULT (\d+) (\d+) (\d+) (\d+)$/m.exec(stdout);
  const [requests = 0, us = 0, refused = 0, broken = 0] = (found?.slice(1) ?? []).map(Number);
  if (requests === 0 || refused + broken > 0)
    throw new Error(`wrk: ${requests} answers, ${refused} of them refusals, ${broken} broken connections:\n${stdout}`);
  return { requests, seconds: us / 1e6 };
}

// Steps that share no divisor with what they step through visit all of it.
const stride = 7919;
// LuaJIT hashes a few bytes of a long string only: many more that differ in a digit would take wrk minutes to make.
const mostRequests = 10_000;

function scriptOf({ workload, route, size }: Load): string {
  const path =
    route === 'bare' ? `"/bare/${workload.ending}"` : `"/full-" .. (n % ${size.routes}) .. "/${workload.ending}"`;
  const combinations = Math.min(mostRequests, Math.max(size.routes, size.credentials));
  return `
local body = ${workload.bodyBytes === 0 ? 'nil' : `string.rep("x", ${workload.bodyBytes})`}
local requests = {}
local at = 0
function init(args)
  for n = 0, ${combinations - 1} do
    local key = string.format("${keyOf(0).replace('00000000', '%08d')}", (n * ${stride}) % ${size.credentials})
    local headers = { Host = "${host}", ["X-Api-Key"] = key, ["Accept"] = "application/json", ["User-Agent"] = "bench" }
    requests[n] = wrk.format("${workload.method}", ${path}, headers, body)
  end
end
function request()
  at = (at + ${stride}) % ${combinations}
  return requests[at]
end
function done(summary)
  local errors = summary.errors
  local broken = errors.connect + errors.read + errors.write + errors.timeout
  print(string.format("RESULT %d %d %d %d", summary.requests, summary.duration, errors.status, broken))
end
`;
}
