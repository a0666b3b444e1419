// NGINX in three parts: the upstream of all contestants, the bare proxy that the figures are compared with, and the proxy
// that does in Lua about what a gateway does for a request. Tuned for what is measured: connections are kept on both
// sides, one worker, no error log, no temporary files between upstream and client.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, type RunningProcess } from '@sluice/local-stack';
import { startPinned } from './cores.js';
import { smallBody, type Contestant } from './workloads.js';

export interface UpstreamServer {
  /** The same server twice, so that a split has two upstreams. */
  readonly ports: readonly [number, number];
  readonly process: RunningProcess;
}

export async function startUpstream(core: number, folder: string): Promise<UpstreamServer> {
  const ports = [await freePort(), await freePort()] as const;
  const files = join(folder, 'files');
  await mkdir(files, { recursive: true });
  await writeFile(join(files, '64k'), Buffer.alloc(64 * 1024, 'x'));
  await writeFile(join(files, '1m'), Buffer.alloc(1024 * 1024, 'x'));
  const process = await startNginx(core, folder, 'upstream', ports[0], [
    'access_log off;',
    'server {',
    ...ports.map((port) => `listen 127.0.0.1:${port} backlog=1024;`),
    'open_file_cache max=16; open_file_cache_valid 1h;',
    `location ~ /(64k|1m)$ { alias ${files}/$1; default_type application/octet-stream; }`,
    `location / { default_type application/json; return 200 '${smallBody}'; }`,
    '}',
  ]);
  return { ports, process };
}

const proxying = [
  'proxy_http_version 1.1;',
  'proxy_set_header Connection "";',
  'proxy_max_temp_file_size 0;',
  'client_body_buffer_size 16k;',
  // With the default of 4 KB a body of 1 MB costs NGINX more than twice as much, and small answers cost the same.
  'proxy_buffers 8 64k;',
  'proxy_busy_buffers_size 128k;',
];
const toUpstream = (port: number): string =>
  `upstream up { server 127.0.0.1:${port}; keepalive 128; keepalive_requests 1000000000; keepalive_timeout 1h; }`;

export async function startBareNginx(core: number, folder: string, upstream: UpstreamServer): Promise<Contestant> {
  const port = await freePort();
  const process = await startNginx(core, folder, 'bare', port, [
    toUpstream(upstream.ports[0]),
    'access_log off;',
    `server { listen 127.0.0.1:${port} backlog=1024; ${proxying.join(' ')} location / { proxy_pass http://up; } }`,
  ]);
  return { name: 'NGINX bare', port, process };
}

/** Key lookup, a counter in shared memory with an expiry, a JSON line for each request, written in batches. */
export async function startLuaNginx(
  core: number,
  folder: string,
  upstream: UpstreamServer,
  keys: readonly string[],
): Promise<Contestant> {
  const port = await freePort();
  const keyFile = join(folder, 'keys.txt');
  await writeFile(keyFile, keys.map((key, index) => `${key} consumer_${index}\n`).join(''));
  const process = await startNginx(
    core,
    folder,
    'lua',
    port,
    [
      toUpstream(upstream.ports[0]),
      'lua_shared_dict keys 16m; lua_shared_dict counts 16m;',
      `init_by_lua_block { for line in io.lines("${keyFile}") do ngx.shared.keys:set(line:match("(%S+) (%S+)")) end }`,
      'log_format json escape=json \'{"time":"$msec","id":"$request_id","consumer":"$consumer","method":"$request_method",\'',
      '\'"host":"$host","path":"$uri","status":$status,"seconds":$request_time,"upstream":"$upstream_addr",\'',
      '\'"upstream_seconds":"$upstream_header_time","received":$request_length,"sent":$bytes_sent,"client":"$remote_addr"}\';',
      `access_log ${join(folder, 'access.log')} json buffer=64k flush=1s;`,
      `server { listen 127.0.0.1:${port} backlog=1024; ${proxying.join(' ')}`,
      'location = /ready { return 200; }',
      'location / {',
      'set $consumer "";',
      'access_by_lua_block {',
      '  local key = ngx.var.http_x_api_key',
      '  local consumer = key and ngx.shared.keys:get(key)',
      '  if not consumer then return ngx.exit(401) end',
      '  ngx.var.consumer = consumer',
      '  local now = ngx.now()',
      '  local count = ngx.shared.counts:incr(consumer .. ":" .. (now - now % 60), 1, 0, 120)',
      '  if count > 1000000000 then return ngx.exit(429) end',
      '}',
      'proxy_pass http://up; } }',
    ],
    [
      'load_module /usr/lib/nginx/modules/ndk_http_module.so;',
      'load_module /usr/lib/nginx/modules/ngx_http_lua_module.so;',
    ],
  );
  return { name: 'NGINX + Lua', port, process };
}

async function startNginx(
  core: number,
  folder: string,
  name: string,
  port: number,
  http: readonly string[],
  modules: readonly string[] = [],
): Promise<RunningProcess> {
  const file = join(folder, `${name}.conf`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  await writeFile(
    file,
    [
      ...modules,
      // Root's worker would become another user, who may not read the temporary folder.
      ...(process.getuid?.() === 0 ? ['user root;'] : []),
      'daemon off; worker_processes 1; error_log stderr crit;',
      `pid ${join(folder, `${name}.pid`)};`,
      'events { worker_connections 4096; }',
      'http {',
      ...temporary.map((one) => `${one}_temp_path ${join(folder, `${name}-${one}`)};`),
      'sendfile on; tcp_nopush on; tcp_nodelay on;',
      'keepalive_requests 1000000000; keepalive_timeout 1h; client_max_body_size 2m;',
      ...http,
      '}',
      '',
    ].join('\n'),
  );
  return startPinned(core, {
    name: `NGINX (${name})`,
    command: 'nginx',
    args: ['-c', file, '-p', folder, '-e', 'stderr'],
    readyUrl: `http://127.0.0.1:${port}/ready`,
  });
}
