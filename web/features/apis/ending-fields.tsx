'use client';

import { SelectField, TextAreaField, TextField } from '@/features/ui/field';
import { Card } from '@/features/ui/page-header';
import { ArmFields } from './arm-fields';
import { PathChangeFields } from './caller-fields';
import { endings, redirectStatuses } from './ending-draft';
import type { Ending } from './ending-draft';
import type { RouteFieldsProps } from './match-fields';
import { RetryFields } from './retry-fields';
import { changesPath } from './route-draft';

const endingTitles: Record<Ending, string> = {
  split: 'go to upstreams',
  redirect: 'are redirected',
  answer: 'are answered here',
};
const redirectTitles: Record<(typeof redirectStatuses)[number], string> = {
  301: '301 moved for good',
  302: '302 found',
  303: '303 see other, by GET',
  307: '307 for now, same method',
  308: '308 for good, same method',
};

interface EndingFieldsProps extends RouteFieldsProps {
  tenant: string;
  upstreams: readonly string[];
  isPublishedOnce: boolean;
}

/** What becomes of the requests: upstreams by weight, a redirect, or an answer of the gateway's own. */
export function EndingFields(props: EndingFieldsProps) {
  const { draft, errors, onChange } = props;
  return (
    <Card className="flex flex-col gap-4">
      <h2 className="text-16">Where they go</h2>
      <div className="grid gap-3 sm:grid-cols-[200px_minmax(0,1fr)]">
        <SelectField
          label="Its requests"
          value={draft.ending}
          onChange={(event) => onChange({ ending: endings.find((one) => one === event.target.value) ?? draft.ending })}
          error={errors[''] ?? errors[`/${draft.ending}`]}
        >
          {endings.map((ending) => (
            <option key={ending} value={ending}>
              {endingTitles[ending]}
            </option>
          ))}
        </SelectField>
      </div>
      {changesPath(draft) && <PathChangeFields {...props} />}
      {draft.ending === 'split' && <ArmFields {...props} />}
      {draft.ending === 'split' && <RetryFields {...props} />}
      {draft.ending === 'redirect' && <RedirectFields {...props} />}
      {draft.ending === 'answer' && <AnswerFields {...props} />}
    </Card>
  );
}

function RedirectFields({ draft, errors, onChange }: RouteFieldsProps) {
  return (
    <div className="grid items-start gap-3 sm:grid-cols-[minmax(0,1fr)_200px]">
      <TextField
        label="To"
        isMono
        value={draft.redirectTo}
        onChange={(event) => onChange({ redirectTo: event.target.value })}
        hint="An absolute URL or a path. {name} of the template, {path}, {host} and {query} are filled in."
        error={errors['/redirect/to']}
      />
      <SelectField
        label="Status"
        value={draft.redirectStatus}
        onChange={(event) => onChange({ redirectStatus: event.target.value })}
        error={errors['/redirect/status']}
      >
        {redirectStatuses.map((status) => (
          <option key={status} value={status}>
            {redirectTitles[status]}
          </option>
        ))}
      </SelectField>
    </div>
  );
}

function AnswerFields({ draft, errors, onChange }: RouteFieldsProps) {
  return (
    <>
      <div className="grid items-start gap-3 sm:grid-cols-[120px_minmax(0,1fr)]">
        <TextField
          label="Status"
          inputMode="numeric"
          value={draft.answerStatus}
          onChange={(event) => onChange({ answerStatus: event.target.value })}
          error={errors['/answer/status'] === undefined ? undefined : 'Write 200 to 599.'}
        />
        <TextField
          label="Content type"
          isMono
          value={draft.contentType}
          onChange={(event) => onChange({ contentType: event.target.value })}
          error={errors['/answer/contentType']}
        />
      </div>
      <TextAreaField
        label="Body"
        isOptional
        isMono
        value={draft.body}
        onChange={(event) => onChange({ body: event.target.value })}
        error={errors['/answer/body']}
      />
    </>
  );
}
