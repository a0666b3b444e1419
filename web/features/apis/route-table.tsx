import type { ArmTraffic, Route } from '@sluice/contracts';
import Link from 'next/link';
import { routes as to } from '@/features/navigation/routes';
import { CopyButton } from '@/features/ui/copy-button';
import { DataTable } from '@/features/ui/data-table';
import { bpsToPercent, count, percent } from '@/features/ui/numbers';
import { StatusBadge } from '@/features/ui/status-badge';
import { ofRoute } from './of-route';

interface RouteTableProps {
  tenant: string;
  api: string;
  routes: readonly Route[];
  arms: ArmTraffic['arms'];
  publicUrl: string | null;
}

/** The routes of an API with their traffic of the last 24 hours. */
export function RouteTable({ tenant, api, routes, arms, publicUrl }: RouteTableProps) {
  const sum = (route: Route, part: 'requests' | 's5xx') =>
    ofRoute(arms, api, route.name).reduce((total, arm) => total + arm[part], 0);
  return (
    <DataTable
      caption="Routes, with the traffic of the last 24 hours"
      rows={routes}
      rowKey={(route) => route.id}
      columns={[
        {
          title: 'Name',
          cell: (route) => (
            <Link href={to.route(tenant, api, route.name)} className="link break-all">
              {route.name}
            </Link>
          ),
        },
        {
          title: 'Match',
          cell: (route) => (
            <span className="flex flex-wrap items-center gap-1">
              <span className="text-12 text-text-2">{(route.match.methods ?? ['any method']).join(' ')}</span>
              <code className="break-all">{pathInWords(route)}</code>
              {publicUrl !== null && route.match.hosts === undefined && (
                <CopyButton text={publicUrl + pathOf(route)} name={`the public URL of ${route.name}`} />
              )}
            </span>
          ),
        },
        {
          title: 'Key',
          isSecondary: true,
          cell: (route) =>
            route.policies.some((policy) => 'api-key' in policy) ? (
              'API key'
            ) : (
              <StatusBadge tone="warn">open</StatusBadge>
            ),
        },
        { title: 'Split', cell: (route) => splitInWords(route), isSecondary: true },
        { title: 'Requests, 24 h', cell: (route) => count(sum(route, 'requests')), isNumber: true },
        { title: '5xx %', cell: (route) => percent(sum(route, 's5xx'), sum(route, 'requests')), isNumber: true },
      ]}
    />
  );
}

function pathOf({ match }: Route): string {
  return 'exact' in match.path ? match.path.exact : match.path.prefix;
}

function pathInWords(route: Route): string {
  const host = route.match.hosts?.join(' ') ?? '';
  const path = 'exact' in route.match.path ? route.match.path.exact : `${route.match.path.prefix.replace(/\/$/, '')}/*`;
  return host + path;
}

function splitInWords({ split }: Route): string {
  const [only, ...others] = split.arms;
  if (others.length === 0) return only?.upstream ?? '';
  return split.arms.map((arm) => `${arm.name} ${bpsToPercent(arm.weight)} %`).join(' / ');
}
