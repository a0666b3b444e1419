import type { EnvironmentHealth } from '@sluice/contracts';
import { StatusBadge } from '@/features/ui/status-badge';
import { toldOf, upstreamState } from './health';

/** How an upstream is, in a word. Without `health`, nobody could be asked. */
export function UpstreamState({ health, name }: { health: EnvironmentHealth | undefined; name: string }) {
  const state = health === undefined ? undefined : upstreamState(toldOf(health, name));
  return <StatusBadge tone={state?.tone ?? 'neutral'}>{state?.word ?? 'not known'}</StatusBadge>;
}
