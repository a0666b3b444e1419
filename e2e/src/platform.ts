// The platform as the smoke and the kill tests see it: URLs, and processes that can be killed.
import { join } from 'node:path';
import { startPlatform, temporaryFolder, type Platform } from '@sluice/local-stack';

export interface SmokePlatform {
  readonly controlUrl: string;
  readonly mailUrl: string;
  readonly clickHouseUrl: string;
  readonly redisLimitsUrl: string;
  readonly redisQueueUrl: string;
  readonly gateways: readonly { readonly port: number; readonly opsUrl: string }[];
  readonly demoUrls: readonly [string, string];
  readonly logWorkerPid: () => number;
  readonly local: Platform;
  readonly stop: () => Promise<void>;
}

/** Brings the platform up on free ports in a temporary folder, without the portal. */
export async function bootPlatform(onProgress: (line: string) => void, threads = 2): Promise<SmokePlatform> {
  const folder = await temporaryFolder();
  try {
    const local = await startPlatform({
      dir: join(folder.path, 'sluice'),
      ports: 'free',
      threads,
      web: false,
      isThrowaway: true,
      onProgress,
    });
    return {
      controlUrl: local.urls.control,
      mailUrl: local.urls.mailPage,
      clickHouseUrl: local.urls.clickhouse,
      redisLimitsUrl: local.urls.redisLimits,
      redisQueueUrl: local.urls.redisQueue,
      gateways: local.urls.gateways.map((url, index) => ({
        port: Number(new URL(url).port),
        opsUrl: local.urls.gatewayOps[index] ?? '',
      })),
      demoUrls: local.urls.demoUpstreams,
      logWorkerPid: () => pidOf(local, 'log-worker'),
      local,
      stop: async () => {
        await local.stop();
        await folder.remove();
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

function pidOf(local: Platform, name: string): number {
  const { pid } = local.process(name);
  if (pid === undefined) throw new Error(`${name} is not running`);
  return pid;
}
