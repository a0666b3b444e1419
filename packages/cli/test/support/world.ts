// A control plane with a tenant in it, and a token of its owner.
import { DnsServer, temporaryFolder, type TemporaryFolder } from '@sluice/local-stack';
import { startControlPlane, type ControlPlane } from '../../../../services/control-api/test/support/control-plane.js';
import { furnishTenant, type FurnishedTenant } from '../../../../services/control-api/test/support/furnished-tenant.js';
import { sluice, type Ran, type RunOptions } from './sluice.js';

export interface World {
  readonly plane: ControlPlane;
  readonly tenant: FurnishedTenant;
  /** Asked for proofs of hosts. */
  readonly dns: DnsServer;
  readonly folder: TemporaryFolder;
  readonly token: string;
  /** The variables that sign in. */
  readonly env: Readonly<Record<string, string>>;
  /** Signed in by the environment, in the folder. */
  run(args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** The one value that --json prints, of a command that succeeds. */
  json<T>(args: readonly string[], options?: RunOptions): Promise<T>;
  stop(): Promise<void>;
}

export async function startWorld({ withClickHouse = false } = {}): Promise<World> {
  const dns = await DnsServer.start();
  const plane = await startControlPlane({ withClickHouse, env: { HOST_PROOF_DNS: dns.address } });
  const folder = await temporaryFolder();
  try {
    const tenant = await furnishTenant(plane, 'acme');
    const { token } = await tenant.owner.ask<{ token: string }>('POST', '/v1/me/tokens', { name: 'cli' });
    const env = { SLUICE_URL: plane.url, SLUICE_TOKEN: token, HOME: folder.path };
    const run: World['run'] = async (args, options = {}) =>
      sluice(args, { cwd: folder.path, ...options, env: { ...env, ...options.env } });
    return {
      plane,
      tenant,
      dns,
      folder,
      token,
      env,
      run,
      json: async <T>(args: readonly string[], options?: RunOptions) => {
        const { code, stdout, stderr } = await run([...args, '--json'], options);
        if (code !== 0) throw new Error(`sluice ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
        return JSON.parse(stdout) as T;
      },
      async stop() {
        await plane.stop();
        await dns.stop();
        await folder.remove();
      },
    };
  } catch (error) {
    await plane.stop();
    await dns.stop();
    await folder.remove();
    throw error;
  }
}
