// One more control-api on the servers of a control plane, or the same one anew: in two seconds, where a control plane takes eight.
import { fileURLToPath } from 'node:url';
import { freePort, startProcess, type RunningProcess } from '@sluice/local-stack';
import type { ControlPlane } from './control-plane.js';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface AnotherProcess {
  readonly url: string;
  readonly opsUrl: string;
  readonly process: RunningProcess;
}

/** @param env what is other than in the first: with its ports it takes the place of one that has ended */
export async function startAnother(
  plane: Pick<ControlPlane, 'env'>,
  env: Readonly<Record<string, string>> = {},
): Promise<AnotherProcess> {
  const ports = { PORT: String(await freePort()), OPS_PORT: String(await freePort()) };
  const own = { ...plane.env, ...ports, ...env };
  const opsUrl = `http://127.0.0.1:${own.OPS_PORT}`;
  const running = await startProcess({
    name: 'control-api-2',
    command: process.execPath,
    args: [main],
    env: own,
    readyUrl: `${opsUrl}/readyz`,
    readyTimeoutMs: 60_000,
  });
  return { url: `http://127.0.0.1:${own.PORT}`, opsUrl, process: running };
}
