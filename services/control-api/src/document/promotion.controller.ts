// A revision of one environment becomes the draft of another, or its next revision.
import { Body, Controller, Headers, Inject, Param, Post, Query } from '@nestjs/common';
import {
  promoteBodySchema,
  promoteQuerySchema,
  promotionSchema,
  type PromoteBody,
  type Promotion,
} from '@sluice/contracts';
import type { z } from 'zod';
import { AccessParam, type Access } from '../http/access.js';
import { compilingUnits, Endpoint } from '../http/endpoint.js';
import type { Tagged } from '../http/tagged.js';
import { PromotionService } from './promotion.service.js';

@Controller('v1/tenants/:tenant/environments/:environment/promote')
export class PromotionController {
  constructor(@Inject(PromotionService) private readonly promotions: PromotionService) {}

  @Post()
  @Endpoint({
    summary: 'Copy a revision of another environment into this draft, and publish it if asked to',
    access: 'configuration.change',
    answer: promotionSchema,
    problems: ['invalid_document', 'name_taken', 'still_in_use', 'state_conflict'],
    hasEtag: true,
    units: compilingUnits,
  })
  async promote(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Query({ schema: promoteQuerySchema }) { wait, dryRun }: z.infer<typeof promoteQuerySchema>,
    @Body({ schema: promoteBodySchema }) body: PromoteBody,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<Tagged<Promotion>> {
    const how = { isDryRun: dryRun === 'true', shouldWait: wait === 'applied', ifMatch };
    return this.promotions.promote(access, environment, body, how);
  }
}
