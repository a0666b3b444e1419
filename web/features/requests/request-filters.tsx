'use client';

import { usePathname, useRouter } from 'next/navigation';
import { SelectField } from '@/features/ui/field';
import { Button } from '@/features/ui/button';

export const statuses = [200, 201, 204, 304, 400, 401, 403, 404, 429, 500, 502, 503, 504] as const;

interface RequestFiltersProps {
  /** The filters of the address, the range among them. */
  filters: Readonly<Record<string, string | undefined>>;
  apis: readonly { name: string; title: string }[];
  applications: readonly { id: string; title: string }[];
  arms: readonly string[];
}

/** The filters. They live in the address: what is chosen here is what a copied link shows. */
export function RequestFilters({ filters, apis, applications, arms }: RequestFiltersProps) {
  const router = useRouter();
  const pathname = usePathname();
  const isFiltered = ['status', 'api', 'route', 'arm', 'application'].some((name) => filters[name] !== undefined);

  function go(change: Readonly<Record<string, string>>): void {
    const next = Object.entries({ ...filters, ...change }).filter((pair): pair is [string, string] => Boolean(pair[1]));
    router.push(`${pathname}?${new URLSearchParams(next).toString()}`);
  }

  const choices = [
    {
      name: 'status',
      label: 'Status',
      options: statuses.map((status) => ({ value: String(status), text: String(status) })),
    },
    { name: 'api', label: 'API', options: apis.map((api) => ({ value: api.name, text: api.title })) },
    {
      name: 'application',
      label: 'Application',
      options: applications.map(({ id, title }) => ({ value: id, text: title })),
    },
    { name: 'arm', label: 'Arm', options: arms.map((arm) => ({ value: arm, text: arm })) },
  ];
  return (
    <div className="flex flex-wrap items-end gap-3">
      {choices.map(({ name, label, options }) => {
        const value = filters[name] ?? '';
        const isKnown = value === '' || options.some((option) => option.value === value);
        return (
          <div key={name} className="w-40 max-sm:w-[calc(50%-6px)]">
            <SelectField label={label} value={value} onChange={(event) => go({ [name]: event.target.value })}>
              <option value="">any</option>
              {!isKnown && <option value={value}>{value}</option>}
              {options.map((option) => (
                <option key={option.value} value={option.value}>
                  {option.text}
                </option>
              ))}
            </SelectField>
          </div>
        );
      })}
      {isFiltered && (
        <Button look="quiet" onClick={() => go({ status: '', api: '', route: '', arm: '', application: '' })}>
          Clear filters
        </Button>
      )}
    </div>
  );
}
