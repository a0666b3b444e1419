// What `npm start` ends with: where everything is, how to sign in, and a command that was tried before it is shown.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { DemoFile } from '../demo/demo-file.js';
import type { Platform } from './platform.js';

const run = promisify(execFile);

export const describePlatform = async (platform: Platform, seconds: number, hasWeb: boolean): Promise<string> => {
  const { urls, demo, ports } = platform;
  const rows: [string, string][] = [];
  if (hasWeb) rows.push(['Portal', urls.portal]);
  if (demo) rows.push(['  sign in as', `${demo.email}   password ${demo.password}`]);
  if (demo && hasWeb) rows.push(['Developer portal', `http://${demo.tenant}.localhost:${ports.portal}`]);
  rows.push(['Control API', `${urls.control}/v1/openapi.json`]);
  rows.push(['Gateways', urls.gateways.join('   ')]);
  if (platform.mail) rows.push(['Mails', urls.mailPage]);
  if (platform.processes.has('demo-traffic')) {
    rows.push(['Demo traffic', `curl ${urls.traffic}   switch: curl -X POST ${urls.traffic}/off   (or /on)`]);
  }
  rows.push(['Health, metrics', [urls.controlOps, ...urls.gatewayOps, urls.logWorkerOps].map(opsOf).join('   ')]);
  rows.push(['Data, logs', `${platform.dir}/`]);
  const width = Math.max(...rows.map(([name]) => name.length)) + 3;
  const lines = [
    `\nSluice is up (${seconds.toFixed(1)} s).\n`,
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}${value}`),
  ];
  if (demo) lines.push(`\n  Try it:\n\n    ${await tryCommand(demo, urls.gateways[0])}`);
  lines.push('\nCtrl-C stops everything.\n');
  return lines.join('\n');
};

const opsOf = (url: string): string => `:${new URL(url).port}`;

/** curl resolves *.localhost by itself since 7.77; for an older one, or none, the address and a Host header. */
const tryCommand = async (demo: DemoFile, gatewayUrl: string): Promise<string> => {
  const key = ['-H', `${demo.keyHeader}: ${demo.key}`];
  const byName = [...key, `http://${demo.host}${demo.basePath}/orders`];
  const byAddress = [...key, '-H', `host: ${demo.host}`, `${gatewayUrl}${demo.basePath}/orders`];
  for (const args of [byName, byAddress]) {
    if ((await statusOf(args)) === '200') return inShell(args);
  }
  return inShell(byAddress);
};

const statusOf = async (args: readonly string[]): Promise<string> => {
  try {
    const { stdout } = await run('curl', ['-s', '-o', '/dev/null', '-w', '%{http_code}', '--max-time', '5', ...args]);
    return stdout;
  } catch {
    return '';
  }
};

const inShell = (args: readonly string[]): string =>
  ['curl -i', ...args.map((arg) => (/^[\w:/.-]+$/.test(arg) ? arg : `'${arg}'`))].join(' ');
