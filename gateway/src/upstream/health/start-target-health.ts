// The health of targets as the gateway's main thread starts it, and what is counted of it.
import type { Logger, Registry } from '@sluice/runtime';
import type { GatewayConfig } from '../../config.js';
import { systemClock } from '../../limits/clock.js';
import { addressRule } from '../allowed-address.js';
import { certificateFolder } from '../certificate-folder.js';
import { checkTarget } from './check-target.js';
import { createHealthMetrics } from './health-metrics.js';
import { lookUpBy } from '../names/look-up.js';
import { createResolveName } from '../names/resolve-name.js';
import { TargetHealth } from './target-health.js';

export function startTargetHealth({ upstream }: GatewayConfig, logger: Logger, metrics: Registry): TargetHealth {
  const counts = createHealthMetrics(metrics);
  const resolveName = createResolveName(upstream.dnsServers);
  const lookUp = lookUpBy(resolveName);
  const health = new TargetHealth({
    clock: systemClock,
    resolve: resolveName,
    isAllowed: addressRule(upstream.allow),
    check: async (target) => checkTarget(target, lookUp),
    certificateOf: certificateFolder(upstream.certificatesDir),
    logger,
    onChecked: counts.checked,
    onEjected: counts.ejected,
  });
  counts.observe(health);
  return health;
}
