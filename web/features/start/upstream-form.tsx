'use client';

import { firstRunBodySchema } from '@sluice/contracts';
import type { FirstRun } from '@sluice/contracts';
import Link from 'next/link';
import { useState } from 'react';
import { firstRun } from '@/features/api/calls';
import type { At } from '@/features/api/calls';
import { slugFrom } from '@/features/auth/slug';
import { routes } from '@/features/navigation/routes';
import { Button } from '@/features/ui/button';
import { TextField } from '@/features/ui/field';
import { Form } from '@/features/ui/form';
import { Card } from '@/features/ui/page-header';
import { FormFailure } from '@/features/ui/states';
import { useForm } from '@/features/ui/use-form';

type Source = 'demo' | 'url';

export function UpstreamForm({ at, onMade }: { at: At; onMade: (made: FirstRun) => void }) {
  const [source, setSource] = useState<Source>('url');
  const [url, setUrl] = useState('');
  const [title, setTitle] = useState('');
  const [ownName, setOwnName] = useState<string | null>(null);
  const name = ownName ?? slugFrom(title);
  const form = useForm({
    schema: firstRunBodySchema,
    call: (body, key) => firstRun(at, body, key),
    onDone: ({ value }) => onMade(value),
  });

  function choose(next: Source): void {
    setSource(next);
    if (next === 'demo' && title === '') setTitle('Demo');
  }

  return (
    <Form
      form={form}
      input={{ name, title, upstreamUrl: source === 'demo' ? 'demo' : url.trim() }}
      className="flex min-w-0 flex-col gap-5"
    >
      <Card>
        <fieldset className="flex flex-col gap-3">
          <legend className="mb-3 font-strong text-16">1. Where do requests go?</legend>
          <SourceChoice value="url" source={source} onChoose={choose} title="An API of mine">
            Its address, as the gateways reach it.
          </SourceChoice>
          <SourceChoice value="demo" source={source} onChoose={choose} title="The demo upstream">
            A small API in two versions that this platform brings along: good for a first look.
          </SourceChoice>
          {source === 'url' && (
            <TextField
              label="Upstream URL"
              type="url"
              inputMode="url"
              isMono
              value={url}
              onChange={(event) => setUrl(event.target.value)}
              placeholder="https://users.acme.dev"
              hint="http:// or https://, without a query. Private addresses work only where the operator allows them."
              error={form.errors['/upstreamUrl']}
            />
          )}
        </fieldset>
      </Card>
      <Card className="flex flex-col gap-3">
        <h2 className="text-16">2. What is it called?</h2>
        <TextField
          label="Title"
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          placeholder="Users"
          error={form.errors['/title']}
        />
        <TextField
          label="Name in addresses"
          isMono
          value={name}
          onChange={(event) => setOwnName(event.target.value)}
          hint={`Requests to /${name === '' ? 'name' : name} at your public address will go to it.`}
          error={form.errors['/name']}
        />
      </Card>
      <FormFailure failure={form.failure} />
      {form.failure?.code === 'state_conflict' && (
        <p>
          <Link href={routes.draft(at.tenant)} className="link">
            Review the unpublished changes
          </Link>
        </p>
      )}
      <div>
        <Button look="primary" type="submit" isSending={form.isSending}>
          Create and publish
        </Button>
      </div>
    </Form>
  );
}

function SourceChoice({
  value,
  source,
  onChoose,
  title,
  children,
}: {
  value: Source;
  source: Source;
  onChoose: (value: Source) => void;
  title: string;
  children: string;
}) {
  return (
    // oxlint-disable-next-line jsx-a11y/label-has-associated-control -- it holds its radio button and its text
    <label className="flex items-start gap-3 rounded-control border border-line p-3 has-checked:border-(--accent) has-checked:bg-selected has-focus-visible:outline-2 has-focus-visible:outline-(--ring)">
      <input
        type="radio"
        name="source"
        value={value}
        checked={source === value}
        onChange={() => onChoose(value)}
        className="mt-0.5 size-4 accent-(--accent)"
      />
      <span>
        <span className="block font-strong">{title}</span>
        <span className="text-13 text-text-2">{children}</span>
      </span>
    </label>
  );
}
