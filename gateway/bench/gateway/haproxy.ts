// HAProxy as a bare proxy: one thread, kept connections on both sides, no log.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@sluice/local-stack';
import { startPinned } from './cores.js';
import type { UpstreamServer } from './nginx.js';
import type { Contestant } from './workloads.js';

export async function startHaproxy(core: number, folder: string, upstream: UpstreamServer): Promise<Contestant> {
  const port = await freePort();
  const file = join(folder, 'haproxy.cfg');
  const lines = [
    'global',
    '  nbthread 1',
    '  maxconn 4096',
    'defaults',
    '  mode http',
    '  http-reuse always',
    '  timeout client 1h',
    '  timeout server 1h',
    '  timeout connect 5s',
    '  timeout http-keep-alive 1h',
    'frontend in',
    `  bind 127.0.0.1:${port}`,
    '  default_backend up',
    'backend up',
    `  server one 127.0.0.1:${upstream.ports[0]} pool-max-conn 128`,
    '',
  ];
  await writeFile(file, lines.join('\n'));
  const process = await startPinned(core, {
    name: 'HAProxy',
    command: 'haproxy',
    args: ['-db', '-f', file],
    readyUrl: `http://127.0.0.1:${port}/`,
  });
  return { name: 'HAProxy', port, process };
}
