'use client';

import { TriangleAlert } from 'lucide-react';
import { Disclosure } from '@/features/ui/disclosure';
import { hasErrorsBelow } from '@/features/ui/errors-below';
import { Checkbox, TextAreaField, TextField } from '@/features/ui/field';
import { tlsSummary } from './summaries';
import type { UpstreamFieldsProps } from './target-fields';

/** Whom https:// targets are believed to be, and what the gateway shows them. */
export function TlsFields({ draft, errors, onChange }: UpstreamFieldsProps) {
  const { tls } = draft;
  const set = (part: Partial<typeof tls>) => onChange({ tls: { ...tls, ...part } });
  const isUsed = draft.targets.some(({ url }) => /^\s*https:/i.test(url));
  const isSet = [tls.ca, tls.clientCertificate, tls.serverName].some((text) => text !== '') || tls.insecure === true;
  return (
    <Disclosure
      title="TLS"
      summary={isUsed || isSet ? tlsSummary(draft) : 'only for https:// targets'}
      isOpenAtFirst={isSet}
      isForcedOpen={hasErrorsBelow(errors, '/tls')}
    >
      {isSet && !isUsed && (
        <p className="text-13 text-text-2">No target begins with https://, so none of this is used.</p>
      )}
      <TextAreaField
        label="Trusted authorities"
        isOptional
        isMono
        placeholder="-----BEGIN CERTIFICATE-----"
        value={tls.ca}
        onChange={(event) => set({ ca: event.target.value })}
        hint="PEM, certificates only. Only they are trusted then. Empty: the public ones."
        error={errors['/tls/ca']}
      />
      <div className="grid items-start gap-3 xs:grid-cols-2">
        <TextField
          label="Client certificate"
          isOptional
          isMono
          value={tls.clientCertificate}
          onChange={(event) => set({ clientCertificate: event.target.value })}
          hint="The name that the gateways' operator gave it: no key is kept here."
          error={errors['/tls/clientCertificate']}
        />
        <TextField
          label="Server name"
          isOptional
          isMono
          placeholder="the URL's host"
          value={tls.serverName}
          onChange={(event) => set({ serverName: event.target.value })}
          hint="Asked for (SNI) and checked in the certificate."
          error={errors['/tls/serverName']}
        />
      </div>
      <Checkbox
        label="Check no certificate"
        hint="For trials only."
        checked={tls.insecure === true}
        onChange={(event) => set({ insecure: event.target.checked ? true : undefined })}
      />
      {tls.insecure === true && (
        <p role="alert" className="flex gap-2 rounded-control bg-bad-tint px-3 py-2">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 stroke-[1.5] text-bad" />
          <span className="min-w-0">
            Whoever sits between the gateways and the target can read and change every request. Trust its authority
            above instead.
          </span>
        </p>
      )}
    </Disclosure>
  );
}
