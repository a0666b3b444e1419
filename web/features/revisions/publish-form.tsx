'use client';

import type { Revision } from '@sluice/contracts';
import Link from 'next/link';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { publish } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { routes } from '@/features/navigation/routes';
import { useReceipts } from '@/features/start/use-receipts';
import { Button, buttonClass } from '@/features/ui/button';
import { TextField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { Card } from '@/features/ui/page-header';
import { FormFailure } from '@/features/ui/states';
import { useAfter } from '@/features/ui/use-after';
import { useForm } from '@/features/ui/use-form';
import { Receipts } from './receipts';
import { Refusals } from './refusals';

/** Publishes the draft with a comment, then shows the gateways' receipts as they arrive. */
export function PublishForm({ at, children }: { at: At; children: ReactNode }) {
  const [comment, setComment] = useState('');
  const [published, setPublished] = useState<Revision | null>(null);
  const revision = useReceipts(at, published);
  const after = useAfter();
  const form = useForm({
    call: (body: { comment: string }, key) => publish(at, body, key),
    onDone: ({ value }) => {
      setPublished(value);
      after(`Published r${value.number}.`);
    },
  });
  if (revision !== null) {
    return (
      <Card className="flex flex-col items-start gap-3">
        <h2 className="text-16">Published</h2>
        <Receipts revision={revision} />
        <Refusals revision={revision} prefix="" />
        <Link href={routes.revision(at.tenant, revision.number)} className={buttonClass()}>
          Open r{revision.number}
        </Link>
      </Card>
    );
  }
  const errors = Object.entries(form.errors);
  return (
    <>
      <Form form={form} input={{ comment }} className="flex flex-col gap-3">
        <Card className="flex flex-col gap-3">
          <TextField
            label="Comment"
            isOptional
            maxLength={500}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
            hint="Why, for those who read the list of revisions later."
            error={form.errors['/comment']}
          />
          {errors.length > 0 && (
            <ul role="alert" className="flex flex-col gap-1 rounded-control bg-bad-tint px-3 py-2">
              <li className="font-strong">Nothing was published. Mend this first:</li>
              {errors.map(([pointer, text]) => (
                <li key={pointer} className="wrap-anywhere">
                  <code>{pointer === '' ? 'the document' : pointer.slice(1)}</code>: {text}
                </li>
              ))}
            </ul>
          )}
          <FormFailure failure={form.failure} />
          <div>
            <Button look="primary" type="submit" isSending={form.isSending}>
              Publish
            </Button>
          </div>
        </Card>
      </Form>
      {children}
    </>
  );
}
