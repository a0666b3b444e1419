'use client';

import Link from 'next/link';
import { routes } from '@/features/navigation/routes';
import { SelectField, TextField } from '@/features/ui/field';
import { AddButton, RemoveButton } from '@/features/ui/list-buttons';
import { nextId } from '@/features/ui/list-draft';
import { stickyKinds } from './ending-draft';
import type { ArmDraft, StickyKind } from './ending-draft';
import type { RouteFieldsProps } from './match-fields';

const stickyTitles: Record<StickyKind, string> = {
  none: 'no: drawn per request',
  application: 'yes, by application',
  ip: 'yes, by network address',
  header: 'yes, by a header',
  cookie: 'yes, by a cookie',
};

interface ArmFieldsProps extends RouteFieldsProps {
  tenant: string;
  upstreams: readonly string[];
  isPublishedOnce: boolean;
}

/** One upstream, or several arms whose weights make a whole. */
export function ArmFields({ tenant, draft, upstreams, errors, isPublishedOnce, isReadOnly, onChange }: ArmFieldsProps) {
  const { arms } = draft;
  const sum = arms.reduce((total, arm) => total + Number(arm.percent.replace(',', '.')), 0);
  const isSplit = arms.length > 1;
  const set = (id: number, change: Partial<ArmDraft>) =>
    onChange({ arms: arms.map((arm) => (arm.id === id ? { ...arm, ...change } : arm)) });
  const names = [...new Set([...upstreams, ...arms.map((arm) => arm.upstream)])].filter((name) => name !== '');
  return (
    <>
      {isPublishedOnce && isSplit && (
        <p className="text-13 text-text-2">
          These are the weights to begin with. Once somebody sets weights above, those count, whatever is published.
        </p>
      )}
      {names.length === 0 && (
        <p className="rounded-control bg-warn-tint px-3 py-2">
          There is no upstream yet.{' '}
          <Link href={routes.upstreams(tenant, { new: '1' })} className="link">
            Create one first
          </Link>
          .
        </p>
      )}
      {arms.map((arm, index) => (
        <div
          key={arm.id}
          className="grid grid-cols-[minmax(0,1fr)_32px] items-start gap-3 max-sm:border-b max-sm:border-line max-sm:pb-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_120px_32px]"
        >
          <div className={isSplit && !isReadOnly ? '' : 'max-sm:col-span-2'}>
            <TextField
              label="Arm"
              isMono
              value={arm.name}
              onChange={(event) => set(arm.id, { name: event.target.value })}
              error={errors[`/split/arms/${index}/name`]}
            />
          </div>
          <div className="max-sm:col-span-2">
            <SelectField
              label="Upstream"
              value={arm.upstream}
              onChange={(event) => set(arm.id, { upstream: event.target.value })}
              error={errors[`/split/arms/${index}/upstream`]}
            >
              {names.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </SelectField>
          </div>
          <div className="max-sm:col-span-2">
            <TextField
              label="Weight, %"
              inputMode="decimal"
              value={arm.percent}
              onChange={(event) => set(arm.id, { percent: event.target.value })}
              error={errors[`/split/arms/${index}/weight`] === undefined ? undefined : 'Write 0 to 100.'}
            />
          </div>
          {isSplit && !isReadOnly && (
            <RemoveButton
              what={`the arm ${arm.name}`}
              onClick={() => onChange({ arms: arms.filter((one) => one.id !== arm.id) })}
            />
          )}
        </div>
      ))}
      {(errors['/split/arms'] !== undefined || (isSplit && sum !== 100)) && (
        <output className={errors['/split/arms'] === undefined ? 'text-13 text-text-2' : 'text-13 text-bad'}>
          The weights sum to {Number.isFinite(sum) ? sum : '?'} %; they must make 100 %, and each arm needs a name of
          its own.
        </output>
      )}
      <div className="flex flex-wrap items-end gap-3">
        {!isReadOnly && (
          <AddButton
            onClick={() =>
              onChange({
                arms: [
                  ...arms,
                  {
                    id: nextId(arms),
                    name: arms.some((arm) => arm.name === 'canary') ? `arm-${arms.length + 1}` : 'canary',
                    upstream: names.find((name) => arms.every((arm) => arm.upstream !== name)) ?? names[0] ?? '',
                    percent: '0',
                  },
                ],
              })
            }
          >
            Add an arm
          </AddButton>
        )}
        {isSplit && (
          <div className="w-64 max-sm:w-full">
            <SelectField
              label="The same caller stays on its arm"
              value={draft.sticky}
              onChange={(event) =>
                onChange({ sticky: stickyKinds.find((kind) => kind === event.target.value) ?? draft.sticky })
              }
              error={draft.sticky === 'header' ? undefined : errors['/split/sticky']}
            >
              {stickyKinds.map((kind) => (
                <option key={kind} value={kind}>
                  {stickyTitles[kind]}
                </option>
              ))}
            </SelectField>
          </div>
        )}
        {isSplit && draft.sticky === 'header' && (
          <div className="w-48 max-sm:w-full">
            <TextField
              label="Header"
              isMono
              value={draft.stickyHeader}
              onChange={(event) => onChange({ stickyHeader: event.target.value })}
              error={errors['/split/sticky'] === undefined ? undefined : 'Write a header name: a-z, 0-9 and dashes.'}
            />
          </div>
        )}
      </div>
    </>
  );
}
