// The document of an environment: read, judged, compared, and made the draft. Each change of the draft is one transaction that
// holds the draft still; nothing here publishes, and nothing touches weights.
import { Inject, Injectable } from '@nestjs/common';
import type {
  Document,
  DocumentChange,
  DocumentDiff,
  DocumentValidation,
  ExportedDocument,
  FieldError,
} from '@sluice/contracts';
import { validateDocument } from '@sluice/engine';
import { readDocument, type DocumentSource, type ReadDocument } from '@sluice/engine/document';
import type { Database } from '@sluice/prisma';
import type { Config } from '../config.js';
import { findEnvironment } from '../environments/find-environment.js';
import type { Access } from '../http/access.js';
import { provableHosts, servedHosts } from '../hosts/served-hosts.js';
import { invalidQuery, Refusal } from '../http/refusal.js';
import { Tagged } from '../http/tagged.js';
import { documentHash } from '../publish/document-hash.js';
import { draftDocument } from '../publish/draft-document.js';
import { missingSecrets } from '../secrets/referred-secrets.js';
import { configToken, databaseToken } from '../tokens.js';
import { diffOf } from './diff-of.js';
import { changePart, partOf } from './document-scope.js';
import type { DocumentText } from './document-text.js';
import { draftEtag, expectDraft } from './expect-draft.js';
import { expectPlansUnused } from './expect-plans-unused.js';
import { lockDraft } from './lock-draft.js';
import { mergeDocuments } from './merge-documents.js';
import { namedDocument } from './named-document.js';
import { normalDocument } from './normal-document.js';
import { readAside } from './read-aside.js';
import { writeDraft } from './write-draft.js';

export type Mode = 'apply' | 'sync';
/** Of the part of the environment that is meant; without them all of it. */
type Tags = readonly string[] | undefined;

/** A document of thousands of routes is checked and written within the transaction. */
const changeTimeoutMs = 25_000;
const mostErrors = 50;

@Injectable()
export class DocumentService {
  constructor(
    @Inject(databaseToken) private readonly database: Database,
    @Inject(configToken) private readonly config: Config,
  ) {}

  /** @param name `draft`, `live`, or the number of a revision. */
  async read(
    { tenantId }: Access,
    environmentName: string,
    name: string,
    tags?: Tags,
  ): Promise<Tagged<ExportedDocument>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const environment = await findEnvironment(tenantId, tx, environmentName);
      const document = await namedDocument(tenantId, tx, environment, name, 'revision');
      if (tags === undefined) return new Tagged(document, draftEtag(document));
      const part = partOf(document, tags);
      const { sluice, ...objects } = part;
      return new Tagged({ sluice, scope: { tags: tags.toSorted() }, ...objects }, draftEtag(part));
    });
  }

  async validate(access: Access, environmentName: string, text: DocumentText): Promise<DocumentValidation> {
    const { tenantId } = access;
    const read = await readDocument(text, readAside);
    const { source } = read;
    const { hosts, draft, missing } = await this.database.inTenant(tenantId, async (tx) => {
      const found = await findEnvironment(tenantId, tx, environmentName);
      return {
        hosts: await servedHosts(access, tx, this.config, found),
        draft: source?.tags === undefined ? undefined : await draftDocument(tenantId, tx, found.id),
        missing: source === undefined ? [] : await missingSecrets(tenantId, tx, found.id, source.document),
      };
    });
    const invalid = { isValid: false, hash: null, missingSecrets: missing };
    if (source === undefined) return { ...invalid, errors: [...read.errors] };
    const { document, errors: outside } = wholeOf(draft, source);
    const errors = [...outside, ...this.faultsOf(hosts, document)].slice(0, mostErrors);
    if (errors.length > 0) return { ...invalid, errors: await source.located(errors) };
    return { ...invalid, isValid: true, hash: documentHash(normalDocument(document)), errors: [] };
  }

  async diff(
    { tenantId }: Access,
    environmentName: string,
    text: DocumentText,
    { against, mode, tags }: { readonly against: string; readonly mode: Mode; readonly tags?: Tags },
  ): Promise<DocumentDiff> {
    const read = await readDocument(text, readAside);
    return this.database.inTenant(tenantId, async (tx) => {
      const environment = await findEnvironment(tenantId, tx, environmentName);
      const source = expectReadable(read);
      const before = await namedDocument(tenantId, tx, environment, against, 'against');
      const { wanted, part } = await changeOf(before, source, { mode, tags });
      const missing = await missingSecrets(tenantId, tx, environment.id, wanted);
      return { ...diffOf(before, wanted, part), missingSecrets: missing };
    });
  }

  async change(
    access: Access,
    environmentName: string,
    text: DocumentText,
    {
      mode,
      isDryRun,
      ifMatch,
      tags,
    }: {
      readonly mode: Mode;
      readonly isDryRun: boolean;
      readonly ifMatch: string | undefined;
      readonly tags?: Tags;
    },
  ): Promise<Tagged<DocumentChange>> {
    const { tenantId } = access;
    const read = await readDocument(text, readAside);
    return this.database.inTenant(
      tenantId,
      async (tx) => {
        const environment = isDryRun
          ? await findEnvironment(tenantId, tx, environmentName)
          : await lockDraft(tenantId, tx, environmentName);
        const source = expectReadable(read);
        const draft = await draftDocument(tenantId, tx, environment.id);
        const { wanted, part } = await changeOf(draft, source, { mode, tags });
        expectDraft(ifMatch, draft, wanted, draftEtag(part(draft)));
        const hosts = await servedHosts(access, tx, this.config, environment);
        await this.expectServable(hosts, draft, wanted, source);
        const owner = { tenantId, environmentId: environment.id };
        await expectPlansUnused(tx, owner, draft, wanted);
        if (!isDryRun) await writeDraft(tx, owner, draft, wanted);
        const missing = await missingSecrets(tenantId, tx, environment.id, wanted);
        const change = { ...diffOf(draft, wanted, part), missingSecrets: missing, isDryRun };
        return new Tagged(change, draftEtag(part(isDryRun ? draft : wanted)));
      },
      { timeoutMs: changeTimeoutMs },
    );
  }

  /** What was wrong with the draft before, and is not in the document, does not keep anybody from mending another part. */
  private async expectServable(
    hosts: readonly string[],
    draft: Document,
    wanted: Document,
    { document, located }: DocumentSource,
  ): Promise<void> {
    const found = this.faultsOf(hosts, wanted);
    if (found.length === 0) return;
    const isNamed = ({ pointer }: FieldError): boolean => namesPart(document, pointer);
    const known = found.every(isNamed) ? [] : this.faultsOf(hosts, draft);
    const wasThere = new Set(known.map(({ message }) => message));
    const errors = found.filter((fault) => isNamed(fault) || !wasThere.has(fault.message));
    if (errors.length > 0) throw invalidDocument(await located(errors.slice(0, mostErrors)));
  }

  /** @param hosts at which the environment answers. */
  private faultsOf(hosts: readonly string[], document: Document): FieldError[] {
    return validateDocument(document, provableHosts(hosts, document, this.config));
  }
}

interface WantedChange {
  readonly wanted: Document;
  /** The part of a document that the change is about. */
  readonly part: (document: Document) => Document;
}

/** What a draft becomes by a document. Throws where that names what is outside of its part. */
async function changeOf(
  draft: Document,
  { document, located, tags: own }: DocumentSource,
  { mode, tags: asked }: { readonly mode: Mode; readonly tags: Tags },
): Promise<WantedChange> {
  const tags = expectOneScope(own, asked);
  if (tags === undefined)
    return { wanted: mode === 'sync' ? document : mergeDocuments(draft, document), part: (whole) => whole };
  const { document: wanted, errors } = changePart(draft, document, { tags, mode });
  if (errors.length > 0) throw invalidDocument(await located(errors));
  return { wanted, part: (whole) => partOf(whole, tags) };
}

/** A part is judged with what is around it in the draft. */
function wholeOf(draft: Document | undefined, { document, tags }: DocumentSource): ReturnType<typeof changePart> {
  if (draft === undefined || tags === undefined) return { document, errors: [] };
  return changePart(draft, document, { tags, mode: 'sync' });
}

function expectOneScope(own: Tags, asked: Tags): Tags {
  if (own === undefined || asked === undefined || own.join() === asked.toSorted().join()) return asked ?? own;
  throw invalidQuery(
    '/tags',
    `the document says itself that it is about the tags ${own.join(', ')}`,
    'leave tags out, or name the same',
  );
}

function expectReadable({ source, errors }: ReadDocument): DocumentSource {
  if (source === undefined) throw invalidDocument(errors);
  return source;
}

function invalidDocument(errors: readonly FieldError[]): Refusal {
  const [first] = errors;
  const at = first?.line === undefined ? '' : ` (line ${first.line})`;
  const others = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new Refusal(
    'invalid_document',
    `The document is not valid: ${first?.message ?? ''}${at}${others}. Nothing was changed. Each error says where, and what to write instead.`,
    errors.slice(0, mostErrors),
  );
}

/** Whether the object that the pointer leads into is in the document. Merged routes begin with those of the document. */
function namesPart({ upstreams, apis, plans }: Document, pointer: string): boolean {
  const [, part, name = '', , index] = pointer.split('/');
  const parts: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { upstreams, apis, plans };
  if (!Object.hasOwn(parts[part ?? ''] ?? {}, name)) return false;
  return part !== 'apis' || index === undefined || Number(index) < (apis[name]?.routes.length ?? 0);
}
