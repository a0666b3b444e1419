'use client';

import type { RequestEntry } from '@sluice/contracts';
import Link from 'next/link';
import { DataTable } from '@/features/ui/data-table';
import { HttpStatus } from '@/features/ui/http-status';
import { bytes, milliseconds } from '@/features/ui/numbers';
import { Time } from '@/features/ui/time';
import { verdictOf } from './verdict';

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
        { title: 'Status', cell: (request) => <HttpStatus status={request.status} /> },
        {
          title: 'Request',
          cell: (request) => (
            <code className="block max-w-80 truncate" title={`${request.method} ${request.host}${request.path}`}>
              {request.method} {request.path}
            </code>
          ),
        },
        {
          title: 'Decided by',
          isSecondary: true,
          cell: (request) => (
            <span className="block max-w-96 truncate text-13" title={verdictOf(request)}>
              {verdictOf(request)}
            </span>
          ),
        },
        { title: 'Application', isSecondary: true, cell: (request) => titles[request.applicationId] ?? '–' },
        { title: 'Arm', isSecondary: true, cell: (request) => (request.arm === '' ? '–' : request.arm) },
        { title: 'Duration, ms', isNumber: true, cell: (request) => milliseconds(request.durationMs) },
        { title: 'Out', isNumber: true, isSecondary: true, cell: (request) => bytes(request.responseBytes) },
      ]}
    />
  );
}
