import type { ArmTraffic, Policy, Route } from '@sluice/contracts';
import Link from 'next/link';
import { routes as to } from '@/features/navigation/routes';
import { CopyButton } from '@/features/ui/copy-button';
import { DataTable } from '@/features/ui/data-table';
import { bpsToPercent, count, percent } from '@/features/ui/numbers';
import { StatusBadge } from '@/features/ui/status-badge';
import { pathInWords, pathOf } from './match-draft';
import { ofRoute } from './of-route';

interface RouteTableProps {
  tenant: string;
  api: string;
  /** What holds for every route. */
  apiPolicies: readonly Policy[];
  routes: readonly Route[];
  arms: ArmTraffic['arms'];
  publicUrl: string | null;
}

/** The routes of an API with their traffic of the last 24 hours. */
export function RouteTable({ tenant, api, apiPolicies, routes, arms, publicUrl }: RouteTableProps) {
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
              <code className="break-all">{matchInWords(route)}</code>
              {publicUrl !== null && route.match.hosts === undefined && (
                <CopyUrl url={urlOf(publicUrl, route)} name={`the public URL of ${route.name}`} />
              )}
            </span>
          ),
        },
        {
          title: 'Policies',
          isSecondary: true,
          cell: (route) => <Policies names={policyNames([...apiPolicies, ...route.policies])} />,
        },
        {
          title: 'Goes to',
          cell: (route) => <span className="wrap-anywhere">{endingInWords(route)}</span>,
          isSecondary: true,
        },
        { title: 'Requests, 24 h', cell: (route) => count(sum(route, 'requests')), isNumber: true },
        { title: '5xx %', cell: (route) => percent(sum(route, 's5xx'), sum(route, 'requests')), isNumber: true },
      ]}
    />
  );
}

function CopyUrl({ url, name }: { url: string | undefined; name: string }) {
  return url === undefined ? null : <CopyButton text={url} name={name} />;
}

/** The public URL of a path that is one: a template or an expression has none to copy. */
function urlOf(publicUrl: string, { match }: Route): string | undefined {
  const { kind, text } = pathOf(match.path);
  return kind === 'template' || kind === 'regex' ? undefined : publicUrl + text;
}

function matchInWords({ match }: Route): string {
  return (match.hosts?.join(' ') ?? '') + pathInWords(match.path);
}

function endingInWords({ split, redirect, answer }: Route): string {
  if (redirect !== undefined) return `${redirect.status} to ${redirect.to}`;
  if (answer !== undefined) return `answers ${answer.status}`;
  const [only, ...others] = split?.arms ?? [];
  if (others.length === 0) return only?.upstream ?? '';
  return [only, ...others].map((arm) => arm && `${arm.name} ${bpsToPercent(arm.weight)} %`).join(' / ');
}

/** The names, and a mark where none of them asks who calls. */
function Policies({ names }: { names: readonly string[] }) {
  return (
    <span className="flex flex-wrap items-center gap-1.5">
      {!names.some((name) => asksWhoCalls.has(name)) && <StatusBadge tone="warn">open</StatusBadge>}
      <span className="text-13 wrap-anywhere">{names.join(', ')}</span>
    </span>
  );
}

const asksWhoCalls: ReadonlySet<string> = new Set(['api-key', 'jwt', 'basic', 'forward-auth']);

function policyNames(policies: readonly Policy[]): string[] {
  return [...new Set(policies.flatMap((policy) => Object.keys(policy)))];
}
