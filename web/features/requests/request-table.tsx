'use client';

import type { RequestEntry } from '@sluice/contracts';
import Link from 'next/link';
import { DataTable } from '@/features/ui/data-table';
import { HttpStatus } from '@/features/ui/http-status';
import { bytes, milliseconds } from '@/features/ui/numbers';
import { StatusBadge } from '@/features/ui/status-badge';
import { Time } from '@/features/ui/time';
import { isUnderWay, verdictOf } from './verdict';
import { Given } from '@/features/ui/given';

interface RequestTableProps {
  requests: readonly RequestEntry[];
  selectedId: string | undefined;
  titles: Readonly<Record<string, string>>;
  /** The address of one request's detail, with the filters kept. */
  hrefs: Readonly<Record<string, string>>;
}

export function RequestTable({ requests, selectedId, titles, hrefs }: RequestTableProps) {
  return (
    <DataTable
      caption="Requests, the newest first"
      rows={requests}
      rowKey={(request) => request.id}
      isSelected={(request) => request.id === selectedId}
      columns={[
        {
          title: 'Time',
          cell: (request) => (
            <Link href={hrefs[request.id] ?? ''} scroll={false} className="link">
              <Time at={request.time} as="milli" />
            </Link>
          ),
        },
        {
          title: 'Status',
          cell: (request) => (
            <span className="flex flex-wrap gap-1">
              {request.status !== 0 && <HttpStatus status={request.status} />}
              {isUnderWay(request) && <StatusBadge tone="neutral">under way</StatusBadge>}
            </span>
          ),
        },
        {
          title: 'Request',
          cell: (request) => (
            <code
              className="block max-w-60 truncate max-sm:max-w-36 xl:max-w-96"
              title={`${request.method} ${request.host}${request.path}`}
            >
              {request.method} {request.path}
            </code>
          ),
        },
        {
          title: 'Decided by',
          isSecondary: true,
          cell: (request) => (
            <span className="line-clamp-2 max-w-96 min-w-40 text-13 wrap-anywhere" title={verdictOf(request)}>
              {verdictOf(request)}
            </span>
          ),
        },
        {
          title: 'Application',
          isSecondary: true,
          cell: (request) => <Given>{titles[request.applicationId] ?? '–'}</Given>,
        },
        {
          title: 'Arm',
          isSecondary: true,
          cell: (request) => (
            <span className="block max-w-28 truncate" title={request.arm}>
              {request.arm === '' ? '–' : request.arm}
            </span>
          ),
        },
        {
          title: 'Duration, ms',
          isNumber: true,
          isSecondary: true,
          cell: (request) => soFar(request, milliseconds(request.durationMs)),
        },
        {
          title: 'Out',
          isNumber: true,
          isSecondary: true,
          cell: (request) => <span className="whitespace-nowrap">{soFar(request, bytes(request.responseBytes))}</span>,
        },
      ]}
    />
  );
}

/** Of a request under way: what can only have grown since. */
function soFar(request: RequestEntry, number: string): string {
  return isUnderWay(request) ? `≥ ${number}` : number;
}
