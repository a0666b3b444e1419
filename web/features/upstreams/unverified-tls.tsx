import type { UpstreamSpec } from '@sluice/contracts';
import { StatusBadge } from '@/features/ui/status-badge';

/** Stands wherever an upstream is shown whose certificates are not checked: nobody should find out late. */
export function UnverifiedTls({ upstream: { tls } }: { upstream: Pick<UpstreamSpec, 'tls'> }) {
  return tls?.insecure === true ? <StatusBadge tone="bad">TLS not verified</StatusBadge> : null;
}
