'use client';

import { SelectField, TextField } from '@/features/ui/field';
import { AddButton, RemoveButton } from '@/features/ui/list-buttons';
import { nextId } from '@/features/ui/list-draft';
import { predicateTests } from './match-draft';
import type { PredicateDraft } from './match-draft';

const testTitles = { exact: 'is', regex: 'matches (RE2)', present: 'is there', absent: 'is absent' } as const;

interface PredicateFieldsProps {
  /** "header" or "query parameter". */
  what: string;
  /** Of the list, in the route. */
  pointer: string;
  predicates: readonly PredicateDraft[] | null;
  errors: Readonly<Record<string, string>>;
  isReadOnly: boolean;
  onChange: (predicates: readonly PredicateDraft[] | null) => void;
}

/** Conditions on headers or on the query; all must hold. */
export function PredicateFields(props: PredicateFieldsProps) {
  const { what, pointer, errors, isReadOnly, onChange } = props;
  const predicates = props.predicates ?? [];
  const set = (id: number, change: Partial<PredicateDraft>) =>
    onChange(predicates.map((predicate) => (predicate.id === id ? { ...predicate, ...change } : predicate)));
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="mb-1 font-strong text-13">{`Conditions on a ${what}`}</legend>
      {predicates.map((predicate, index) => {
        const hasValue = predicate.test === 'exact' || predicate.test === 'regex';
        const error = (field: string) => errors[`${pointer}/${index}/${field}`];
        return (
          <div
            key={predicate.id}
            className="grid items-start gap-3 grid-cols-[minmax(0,1fr)_32px] max-sm:border-b max-sm:border-line max-sm:pb-3 sm:grid-cols-[minmax(0,1fr)_140px_minmax(0,1fr)_32px]"
          >
            <TextField
              label={`Name of the ${what}`}
              isMono
              value={predicate.name}
              onChange={(event) => set(predicate.id, { name: event.target.value })}
              error={error('name') ?? errors[`${pointer}/${index}`]}
            />
            <div className="max-sm:col-span-2">
              <SelectField
                label="Condition"
                value={predicate.test}
                onChange={(event) =>
                  set(predicate.id, {
                    test: predicateTests.find((test) => test === event.target.value) ?? predicate.test,
                  })
                }
                error={error('present')}
              >
                {predicateTests.map((test) => (
                  <option key={test} value={test}>
                    {testTitles[test]}
                  </option>
                ))}
              </SelectField>
            </div>
            {hasValue && (
              <div className="max-sm:col-span-2">
                <TextField
                  label="Value"
                  isMono
                  value={predicate.value}
                  onChange={(event) => set(predicate.id, { value: event.target.value })}
                  error={error(predicate.test)}
                />
              </div>
            )}
            {!isReadOnly && (
              <RemoveButton
                what={`the condition on the ${what} ${predicate.name}`}
                onClick={() => {
                  const rest = predicates.filter((one) => one.id !== predicate.id);
                  onChange(rest.length === 0 ? null : rest);
                }}
              />
            )}
          </div>
        );
      })}
      {errors[pointer] !== undefined && <p className="text-12 text-bad">{errors[pointer]}</p>}
      {predicates.length === 0 && isReadOnly && <p className="text-text-2">none</p>}
      {!isReadOnly && (
        <AddButton
          size="compact"
          onClick={() => onChange([...predicates, { id: nextId(predicates), name: '', test: 'exact', value: '' }])}
        >
          {`Add a condition on a ${what}`}
        </AddButton>
      )}
    </fieldset>
  );
}
