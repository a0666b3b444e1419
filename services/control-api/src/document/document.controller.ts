// The document of an environment, as people keep it in a repository.
import { Controller, Get, Headers, Inject, Param, Post, Query } from '@nestjs/common';
import {
  documentChangeQuerySchema,
  documentChangeSchema,
  documentDiffQuerySchema,
  documentDiffSchema,
  documentQuerySchema,
  exportedDocumentSchema,
  documentValidationSchema,
  type ExportedDocument,
  type DocumentChange,
  type DocumentDiff,
  type DocumentValidation,
} from '@sluice/contracts';
import type { z } from 'zod';
import { AccessParam, type Access } from '../http/access.js';
import { Endpoint } from '../http/endpoint.js';
import type { Tagged } from '../http/tagged.js';
import { DocumentTextParam, type DocumentText } from './document-text.js';
import { DocumentService } from './document.service.js';

type ChangeQuery = z.infer<typeof documentChangeQuerySchema>;

@Controller('v1/tenants/:tenant/environments/:environment/document')
export class DocumentController {
  constructor(@Inject(DocumentService) private readonly documents: DocumentService) {}

  @Get()
  @Endpoint({
    summary: 'Export the draft, or a revision, as one configuration document',
    access: 'configuration.read',
    answer: exportedDocumentSchema,
    hasEtag: true,
    answersYaml: true,
  })
  async read(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Query({ schema: documentQuerySchema }) { revision, tags }: z.infer<typeof documentQuerySchema>,
  ): Promise<Tagged<ExportedDocument>> {
    return this.documents.read(access, environment, revision ?? 'draft', listOf(tags));
  }

  @Post('validate')
  @Endpoint({
    summary: 'Say what is wrong with a document, as publishing and the gateways would',
    access: 'configuration.read',
    answer: documentValidationSchema,
    takesDocument: true,
  })
  async validate(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @DocumentTextParam() text: DocumentText,
  ): Promise<DocumentValidation> {
    return this.documents.validate(access, environment, text);
  }

  @Post('diff')
  @Endpoint({
    summary: 'Say what applying or syncing a document would change',
    access: 'configuration.read',
    answer: documentDiffSchema,
    problems: ['invalid_document'],
    takesDocument: true,
  })
  async diff(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Query({ schema: documentDiffQuerySchema }) query: z.infer<typeof documentDiffQuerySchema>,
    @DocumentTextParam() text: DocumentText,
  ): Promise<DocumentDiff> {
    const { tags, ...how } = query;
    return this.documents.diff(access, environment, text, { ...how, tags: listOf(tags) });
  }

  @Post('apply')
  @Endpoint({
    summary: 'Make the objects of the draft that a document names what it says; all others stay',
    access: 'configuration.change',
    answer: documentChangeSchema,
    problems: ['invalid_document', 'name_taken', 'still_in_use', 'state_conflict'],
    hasEtag: true,
    takesDocument: true,
  })
  async apply(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Query({ schema: documentChangeQuerySchema }) { dryRun, tags }: ChangeQuery,
    @DocumentTextParam() text: DocumentText,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<Tagged<DocumentChange>> {
    const how = { isDryRun: dryRun === 'true', ifMatch, tags: listOf(tags) };
    return this.documents.change(access, environment, text, { mode: 'apply', ...how });
  }

  @Post('sync')
  @Endpoint({
    summary: 'Make the draft what a document says, and remove what it does not name',
    access: 'configuration.change',
    answer: documentChangeSchema,
    problems: ['invalid_document', 'name_taken', 'still_in_use', 'state_conflict'],
    hasEtag: true,
    takesDocument: true,
  })
  async sync(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Query({ schema: documentChangeQuerySchema }) { dryRun, tags }: ChangeQuery,
    @DocumentTextParam() text: DocumentText,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<Tagged<DocumentChange>> {
    const how = { isDryRun: dryRun === 'true', ifMatch, tags: listOf(tags) };
    return this.documents.change(access, environment, text, { mode: 'sync', ...how });
  }
}

function listOf(tags: string | undefined): readonly string[] | undefined {
  return tags === undefined ? undefined : [...new Set(tags.split(','))];
}
