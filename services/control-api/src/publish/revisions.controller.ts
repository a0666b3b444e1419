// From the draft to what gateways serve.
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import {
  documentDiffSchema,
  pageOf,
  pageQuerySchema,
  publishBodySchema,
  publishQuerySchema,
  republishBodySchema,
  revisionDiffQuerySchema,
  revisionSchema,
  revisionWithDocumentSchema,
  type Document,
  type DocumentDiff,
  type Page,
  type Revision,
} from '@sluice/contracts';
import type { z } from 'zod';
import { AccessParam, type Access } from '../http/access.js';
import type { PageQuery } from '../http/cursor.js';
import { compilingUnits, Endpoint } from '../http/endpoint.js';
import { notFound } from '../http/refusal.js';
import { RevisionsService } from './revisions.service.js';

@Controller('v1/tenants/:tenant/environments/:environment')
export class RevisionsController {
  constructor(@Inject(RevisionsService) private readonly revisions: RevisionsService) {}

  @Post('publish')
  @Endpoint({
    summary: 'Publish the draft as a revision; an unchanged draft answers with the live one',
    access: 'configuration.publish',
    answer: revisionSchema,
    problems: ['invalid_document'],
    units: compilingUnits,
  })
  async publish(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Query({ schema: publishQuerySchema }) { wait }: z.infer<typeof publishQuerySchema>,
    @Body({ schema: publishBodySchema }) { comment }: z.infer<typeof publishBodySchema>,
  ): Promise<Revision> {
    return this.revisions.publish(access, environment, comment, wait === 'applied');
  }

  @Get('revisions')
  @Endpoint({
    summary: 'List revisions, newest first',
    access: 'configuration.read',
    answer: pageOf(revisionSchema, 'RevisionPage'),
  })
  async list(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<Revision>> {
    return this.revisions.list(access, environment, query);
  }

  @Get('revisions/:number')
  @Endpoint({
    summary: 'Read a revision, its document and the receipts for it',
    access: 'configuration.read',
    answer: revisionWithDocumentSchema,
  })
  async read(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('number') number: string,
  ): Promise<Revision & { document: Document }> {
    return this.revisions.read(access, environment, numberOf(number));
  }

  @Get('revisions/:number/diff')
  @Endpoint({
    summary: 'Say how a revision differs from another, or from the draft',
    access: 'configuration.read',
    answer: documentDiffSchema,
  })
  async diff(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('number') number: string,
    @Query({ schema: revisionDiffQuerySchema }) { against }: z.infer<typeof revisionDiffQuerySchema>,
  ): Promise<DocumentDiff> {
    return this.revisions.diff(access, environment, numberOf(number), against);
  }

  @Post('revisions/:number/republish')
  @Endpoint({
    summary: 'Publish an earlier revision again, as a new one; the draft and the weights in force stay',
    access: 'configuration.publish',
    answer: revisionSchema,
    problems: ['invalid_document'],
    units: compilingUnits,
  })
  async republish(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('number') number: string,
    @Query({ schema: publishQuerySchema }) { wait }: z.infer<typeof publishQuerySchema>,
    @Body({ schema: republishBodySchema }) { comment }: z.infer<typeof republishBodySchema>,
  ): Promise<Revision> {
    return this.revisions.republish(access, environment, numberOf(number), comment, wait === 'applied');
  }
}

function numberOf(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw notFound('revision of this number');
  return Number(text);
}
