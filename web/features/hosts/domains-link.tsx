'use client';

import Link from 'next/link';
import { useParams } from 'next/navigation';
import { routes as to } from '@/features/navigation/routes';

/** To where a host is claimed and its TXT record stands, from wherever its route was refused. */
export function DomainsLink() {
  const { tenant } = useParams<{ tenant?: string }>();
  if (tenant === undefined) return null;
  return (
    <Link href={to.domains(tenant)} className="link">
      Claim and prove it under Domains
    </Link>
  );
}
