'use client';

import { explainBodySchema } from '@sluice/contracts';
import type { ExplanationOfRequest } from '@sluice/contracts';
import { useState } from 'react';
import { explainRequest } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { commonMethods } from '@/features/apis/route-draft';
import { routes } from '@/features/navigation/routes';
import { Button } from '@/features/ui/button';
import { Disclosure } from '@/features/ui/disclosure';
import { allBelow, hasErrorsBelow } from '@/features/ui/errors-below';
import { SelectField, TextAreaField, TextField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { Card } from '@/features/ui/page-header';
import { EmptyState, FailureState, FormFailure } from '@/features/ui/states';
import { useForm } from '@/features/ui/use-form';
import { CredentialFields } from './credential-fields';
import { inputOf, unreadableParts } from './explain-draft';
import type { ExplainDraft } from './explain-draft';
import { ExplanationView } from './explanation-view';

interface ExplainFormProps {
  at: At;
  first: ExplainDraft;
  applications: readonly { id: string; title: string }[];
}

/** A request that is never sent, and what would be decided of it. */
export function ExplainForm({ at, first, applications }: ExplainFormProps) {
  const [draft, setDraft] = useState(first);
  const [explained, setExplained] = useState<{ asked: string; explanation: ExplanationOfRequest } | null>(null);
  const input = inputOf(draft);
  const form = useForm({
    schema: explainBodySchema,
    check: () => unreadableParts(draft),
    call: (body) => explainRequest(at, body),
    onDone: ({ value }) => {
      setExplained({ asked: JSON.stringify(input), explanation: value });
      const { method, url, on, credential } = draft;
      window.history.replaceState(null, '', routes.explain(at.tenant, { method, url, on, credential }));
    },
  });
  const { errors, failure } = form;
  const set = (change: Partial<ExplainDraft>) => setDraft((before) => ({ ...before, ...change }));
  const isBroken = failure !== null && failure.errors.length === 0;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,420px)_minmax(0,1fr)]">
      <Form form={form} input={input}>
        <Card className="flex flex-col gap-4">
          <div className="grid items-start gap-3 grid-cols-[112px_minmax(0,1fr)]">
            <SelectField
              label="Method"
              value={draft.method}
              onChange={(event) => set({ method: event.target.value })}
              error={errors['/method']}
            >
              {[...new Set([...commonMethods, draft.method])].map((method) => (
                <option key={method}>{method}</option>
              ))}
            </SelectField>
            <SelectField
              label="Judged by"
              value={draft.on}
              onChange={(event) => set({ on: event.target.value === 'draft' ? 'draft' : 'live' })}
            >
              <option value="live">what is live</option>
              <option value="draft">the draft</option>
            </SelectField>
          </div>
          <TextField
            label="URL"
            type="url"
            isMono
            value={draft.url}
            onChange={(event) => set({ url: event.target.value })}
            hint="Whole, with the host that the client would use."
            error={errors['/url']}
          />
          <TextAreaField
            label="Headers"
            isOptional
            isMono
            value={draft.headers}
            onChange={(event) => set({ headers: event.target.value })}
            hint="One a line, name: value. They stay out of the page's address."
            error={allBelow(errors, '/headers')}
          />
          <CredentialFields
            at={at}
            applications={applications}
            credential={draft.credential}
            error={errors['/credential']}
            onChange={(credential) => set({ credential })}
          />
          <Disclosure
            title="Advanced: token, address"
            isForcedOpen={hasErrorsBelow(errors, '/claims', '/clientAddress')}
          >
            <TextAreaField
              label="Claims of a token"
              isOptional
              isMono
              placeholder='{"iss": "https://id.acme.test", "sub": "user-1"}'
              value={draft.claims}
              onChange={(event) => set({ claims: event.target.value })}
              hint="JSON. The token is taken for well signed, wherever the route asks for one."
              error={allBelow(errors, '/claims')}
            />
            <TextField
              label="Client's address"
              isOptional
              isMono
              placeholder="192.0.2.1"
              value={draft.clientAddress}
              onChange={(event) => set({ clientAddress: event.target.value })}
              error={errors['/clientAddress'] === undefined ? undefined : 'Write an IPv4 or IPv6 address.'}
            />
          </Disclosure>
          {!isBroken && <FormFailure failure={failure} />}
          <div>
            <Button look="primary" type="submit" isSending={form.isSending}>
              Explain
            </Button>
          </div>
        </Card>
      </Form>
      <section aria-label="Explanation" className="flex min-w-0 flex-col gap-4">
        {isBroken && <FailureState failure={failure} />}
        {explained === null && !isBroken && (
          <EmptyState title="Nothing is explained yet.">
            The answer says which route takes the request, what each stage decides, and what is left of the limits.
            Nothing is sent, and nothing is taken from any limit.
          </EmptyState>
        )}
        {explained !== null && !isBroken && (
          <ExplanationView
            at={at}
            explanation={explained.explanation}
            isOutdated={explained.asked !== JSON.stringify(input)}
          />
        )}
      </section>
    </div>
  );
}
