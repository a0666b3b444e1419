'use client';

import { useState } from 'react';
import { Disclosure } from '@/features/ui/disclosure';
import { allBelow, hasErrorsBelow } from '@/features/ui/errors-below';
import { Checkbox, TextField } from '@/features/ui/field';
import { NumberTextField } from '@/features/ui/number-fields';
import type { RouteFieldsProps } from './match-fields';
import type { PolicyDraft } from './policy-draft';
import {
  newRetryPolicy,
  retryNumbers,
  retryPolicy,
  retrySummary,
  retryText,
  retryTextsOf,
  usualRetries,
} from './retry-draft';
import type { RetryTexts } from './retry-draft';

/** Whether a request is sent again, to another target where there is one. */
export function RetryFields({ draft: { policies }, errors, onChange }: RouteFieldsProps) {
  const index = policies.findIndex(({ name }) => name.trim() === retryPolicy);
  const policy = policies[index];
  const pointer = `/policies/${index}/${retryPolicy}`;
  const texts = policy === undefined ? undefined : retryTextsOf(policy);
  const [dropped, setDropped] = useState<PolicyDraft>();
  return (
    <Disclosure
      title="Tries"
      summary={retrySummary(policy)}
      isOpenAtFirst={policy !== undefined}
      isForcedOpen={hasErrorsBelow(errors, pointer)}
    >
      <Checkbox
        label="Send a request again when its try fails"
        hint="To another target where there is one. Without it, and without the API's own policy, only where no connection opened."
        checked={policy !== undefined}
        onChange={(event) => {
          setDropped(policy);
          onChange({
            policies: event.target.checked
              ? [...policies, newRetryPolicy(policies, dropped)]
              : policies.filter((one) => one !== policy),
          });
        }}
      />
      {policy !== undefined && texts === undefined && (
        <p className="text-13 text-text-2">Its settings stand above, among the policies.</p>
      )}
      {policy !== undefined && texts !== undefined && (
        <RetrySettings
          key={policy.id}
          policy={policy}
          texts={texts}
          errorOf={(name) => allBelow(errors, `${pointer}/${name}`)}
          error={errors[pointer]}
          onChange={(changed) => onChange({ policies: policies.map((one) => (one === policy ? changed : one)) })}
        />
      )}
    </Disclosure>
  );
}

interface RetrySettingsProps {
  policy: PolicyDraft;
  texts: RetryTexts;
  errorOf: (name: keyof RetryTexts) => string | undefined;
  error: string | undefined;
  onChange: (policy: PolicyDraft) => void;
}

function RetrySettings({ policy, texts: textsAtFirst, errorOf, error, onChange }: RetrySettingsProps) {
  // A list is typed comma by comma: its text is more than the settings that it makes.
  const [texts, setTexts] = useState(textsAtFirst);
  const set = (part: Partial<RetryTexts>) => {
    const changed = { ...texts, ...part };
    setTexts(changed);
    onChange({ ...policy, text: retryText(changed) });
  };
  const numberProps = (name: keyof typeof retryNumbers) => ({
    field: retryNumbers[name],
    value: texts[name],
    onChange: (text: string) => set({ [name]: text }),
    error: errorOf(name),
  });
  return (
    <>
      <div className="grid items-start gap-3 xs:grid-cols-2">
        <NumberTextField label="Tries beyond the first" {...numberProps('attempts')} />
        <NumberTextField
          label="Longest wait before the second, ms"
          hint="It doubles with each; chance shortens it."
          {...numberProps('backoffMs')}
        />
        <TextField
          label="Answers worth another try"
          isMono
          placeholder={`usually ${usualRetries.statuses}`}
          value={texts.statuses}
          onChange={(event) => set({ statuses: event.target.value })}
          hint="Statuses, with commas between."
          error={errorOf('statuses')}
        />
        <TextField
          label="Methods that may be repeated"
          isMono
          placeholder={`usually ${usualRetries.methods}`}
          value={texts.methods}
          onChange={(event) => set({ methods: event.target.value })}
          hint="Though the upstream may have seen the request."
          error={errorOf('methods')}
        />
        <NumberTextField
          label="Body kept for another try, bytes"
          hint="A larger one is sent once."
          {...numberProps('maxBufferBytes')}
        />
      </div>
      {error !== undefined && <p className="text-12 text-bad">{error}</p>}
    </>
  );
}
