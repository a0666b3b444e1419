// The document of an environment: read, judged, compared, and made the draft. Each change of the draft is one transaction that
// holds the draft still; nothing here publishes, and nothing touches weights.
import { Inject, Injectable } from '@nestjs/common';
import type { Document, DocumentChange, DocumentDiff, DocumentValidation, FieldError } from '@sluice/contracts';
import { validateDocument } from '@sluice/engine';
import { readDocument, type DocumentSource, type ReadDocument } from '@sluice/engine/document';
import type { Database, Environment } from '@sluice/prisma';
import type { Config } from '../config.js';
import { findEnvironment } from '../environments/find-environment.js';
import { hostsOf } from '../environments/hosts.js';
import type { Access } from '../http/access.js';
import { Refusal } from '../http/refusal.js';
import { Tagged } from '../http/tagged.js';
import { documentHash } from '../publish/document-hash.js';
import { draftDocument } from '../publish/draft-document.js';
import { configToken, databaseToken } from '../tokens.js';
import { diffOf } from './diff-of.js';
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
  async read({ tenantId }: Access, environmentName: string, name: string): Promise<Tagged<Document>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const environment = await findEnvironment(tenantId, tx, environmentName);
      const document = await namedDocument(tenantId, tx, environment, name, 'revision');
      return new Tagged(document, draftEtag(document));
    });
  }

  async validate(access: Access, environmentName: string, text: DocumentText): Promise<DocumentValidation> {
    const { tenantId } = access;
    const environment = await this.database.inTenant(tenantId, async (tx) =>
      findEnvironment(tenantId, tx, environmentName),
    );
    const read = await readDocument(text, readAside);
    if (read.source === undefined) return { isValid: false, hash: null, errors: [...read.errors] };
    const { document, located } = read.source;
    const errors = this.faultsOf(access, environment, document);
    if (errors.length > 0) return { isValid: false, hash: null, errors: await located(errors.slice(0, mostErrors)) };
    return { isValid: true, hash: documentHash(normalDocument(document)), errors: [] };
  }

  async diff(
    { tenantId }: Access,
    environmentName: string,
    text: DocumentText,
    { against, mode }: { readonly against: string; readonly mode: Mode },
  ): Promise<DocumentDiff> {
    const read = await readDocument(text, readAside);
    return this.database.inTenant(tenantId, async (tx) => {
      const environment = await findEnvironment(tenantId, tx, environmentName);
      const { document } = expectReadable(read);
      const before = await namedDocument(tenantId, tx, environment, against, 'against');
      return diffOf(before, mode === 'sync' ? document : mergeDocuments(before, document));
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
    }: { readonly mode: Mode; readonly isDryRun: boolean; readonly ifMatch: string | undefined },
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
        const wanted = mode === 'sync' ? source.document : mergeDocuments(draft, source.document);
        expectDraft(ifMatch, draft, wanted);
        await this.expectServable(access, environment, draft, wanted, source);
        const owner = { tenantId, environmentId: environment.id };
        await expectPlansUnused(tx, owner, draft, wanted);
        if (!isDryRun) await writeDraft(tx, owner, draft, wanted);
        return new Tagged({ ...diffOf(draft, wanted), isDryRun }, draftEtag(isDryRun ? draft : wanted));
      },
      { timeoutMs: changeTimeoutMs },
    );
  }

  /** What was wrong with the draft before, and is not in the document, does not keep anybody from mending another part. */
  private async expectServable(
    access: Access,
    environment: Environment,
    draft: Document,
    wanted: Document,
    { document, located }: DocumentSource,
  ): Promise<void> {
    const found = this.faultsOf(access, environment, wanted);
    if (found.length === 0) return;
    const isNamed = ({ pointer }: FieldError): boolean => namesPart(document, pointer);
    const known = found.every(isNamed) ? [] : this.faultsOf(access, environment, draft);
    const wasThere = new Set(known.map(({ message }) => message));
    const errors = found.filter((fault) => isNamed(fault) || !wasThere.has(fault.message));
    if (errors.length > 0) throw invalidDocument(await located(errors.slice(0, mostErrors)));
  }

  private faultsOf({ tenantSlug }: Access, { name }: Environment, document: Document): FieldError[] {
    return validateDocument(document, hostsOf(tenantSlug, name, this.config.fleet.domain));
  }
}

function expectReadable({ source, errors }: ReadDocument): DocumentSource {
  if (source === undefined) throw invalidDocument(errors);
  return source;
}

function invalidDocument(errors: readonly FieldError[]): Refusal {
  const [first] = errors;
  const at = first?.line === undefined ? '' : ` in line ${first.line}`;
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
