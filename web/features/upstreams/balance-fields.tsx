'use client';

import { Disclosure } from '@/features/ui/disclosure';
import { hasErrorsBelow } from '@/features/ui/errors-below';
import { Checkbox, SelectField, TextField } from '@/features/ui/field';
import { balanceSummary } from './summaries';
import type { UpstreamFieldsProps } from './target-fields';
import { hashKinds } from './upstream-draft';
import type { HashKind } from './upstream-draft';

const balances = {
  'round-robin': { title: 'in turn', hint: 'Each target gets its turns, by weight.' },
  'least-request': {
    title: 'the less busy',
    hint: 'Of two drawn by lot, the one with fewer requests in flight for its weight. Good where requests take unequal time.',
  },
  'consistent-hash': {
    title: 'the same for each caller',
    hint: 'When targets come or go, few callers get another one. A request that has no such header or cookie goes anywhere.',
  },
} as const;
const hashTitles: Record<HashKind, string> = {
  ip: "the client's address",
  application: 'the application that calls',
  header: 'a header',
  cookie: 'a cookie',
};

/** Which target gets a request, and what counts as one. */
export function BalanceFields({ draft, errors, onChange }: UpstreamFieldsProps) {
  const balance = draft.balance ?? 'round-robin';
  const kind = draft.hashKind ?? 'ip';
  const isNamed = kind === 'header' || kind === 'cookie';
  const wrongName =
    kind === 'header' ? 'Write a header name: a-z, 0-9 and dashes.' : 'Write a cookie name: letters, digits, and . _ -';
  const names = draft.targets.filter(({ url, resolve }) => resolve === 'all' || isByName(url));
  return (
    <Disclosure
      title="Balancing"
      summary={balanceSummary(draft)}
      isOpenAtFirst={draft.balance !== undefined || draft.targets.some(({ resolve }) => resolve === 'all')}
      isForcedOpen={hasErrorsBelow(errors, '/balance', '/hashBy')}
    >
      <SelectField
        label="Which target gets a request"
        value={balance}
        onChange={(event) => {
          const { value } = event.target;
          onChange({ balance: value === 'least-request' || value === 'consistent-hash' ? value : undefined });
        }}
        hint={balances[balance].hint}
        error={errors['/balance']}
      >
        {Object.entries(balances).map(([value, { title }]) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </SelectField>
      {balance === 'consistent-hash' && (
        <div className="grid items-start gap-3 xs:grid-cols-2">
          <SelectField
            label="Callers are told apart by"
            value={kind}
            onChange={(event) => {
              const chosen = hashKinds.find((one) => one === event.target.value);
              onChange({ hashKind: chosen === 'ip' ? undefined : chosen });
            }}
            error={isNamed ? undefined : errors['/hashBy']}
          >
            {hashKinds.map((one) => (
              <option key={one} value={one}>
                {hashTitles[one]}
              </option>
            ))}
          </SelectField>
          {isNamed && (
            <TextField
              label={kind === 'header' ? 'Header' : 'Cookie'}
              isMono
              placeholder={kind === 'header' ? 'x-user' : 'session'}
              value={draft.hashName}
              onChange={(event) => onChange({ hashName: event.target.value })}
              error={errors['/hashBy'] === undefined ? undefined : wrongName}
            />
          )}
        </div>
      )}
      {names.map(({ id, url, resolve }) => (
        <Checkbox
          key={id}
          label={
            <>
              Each address of <code className="break-all">{hostOf(url)}</code> is a target of its own
            </>
          }
          hint="They follow DNS. Without it the name is one target, looked up for each new connection."
          checked={resolve === 'all'}
          onChange={(event) =>
            onChange({
              targets: draft.targets.map((target) =>
                target.id === id ? { ...target, resolve: event.target.checked ? 'all' : undefined } : target,
              ),
            })
          }
        />
      ))}
    </Disclosure>
  );
}

function hostOf(url: string): string {
  return URL.parse(url.trim())?.hostname ?? url;
}

function isByName(url: string): boolean {
  const host = hostOf(url);
  return host !== '' && host !== url && !/^\[|^[\d.]+$/.test(host);
}
