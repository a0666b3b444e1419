import type { Api, ArmTraffic } from '@sluice/contracts';
import Link from 'next/link';
import { routes } from '@/features/navigation/routes';
import { DataTable } from '@/features/ui/data-table';
import { count, percent } from '@/features/ui/numbers';
import { sumByApi } from './sum-by-api';
import { Given } from '@/features/ui/given';

/** The APIs with their share of the window's traffic. */
export function ApiTable({ tenant, apis, arms }: { tenant: string; apis: readonly Api[]; arms: ArmTraffic['arms'] }) {
  const traffic = sumByApi(arms);
  const of = (api: Api) => traffic.get(api.name) ?? { requests: 0, s4xx: 0, s429: 0, s5xx: 0 };
  const share = (api: Api, part: 's4xx' | 's429' | 's5xx') => percent(of(api)[part], of(api).requests);
  return (
    <DataTable
      caption="APIs"
      rows={apis}
      rowKey={(api) => api.id}
      columns={[
        {
          title: 'Name',
          cell: (api) => (
            <Link href={routes.api(tenant, api.name)} className="link">
              <Given>{api.title}</Given>
            </Link>
          ),
        },
        { title: 'Version', cell: (api) => <Given>{api.version}</Given>, isSecondary: true },
        { title: 'Routes', cell: (api) => count(api.routes), isNumber: true, isSecondary: true },
        { title: 'Requests', cell: (api) => count(of(api).requests), isNumber: true },
        { title: '4xx %', cell: (api) => share(api, 's4xx'), isNumber: true, isSecondary: true },
        { title: '429 %', cell: (api) => share(api, 's429'), isNumber: true, isSecondary: true },
        { title: '5xx %', cell: (api) => share(api, 's5xx'), isNumber: true },
      ]}
    />
  );
}
