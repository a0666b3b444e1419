// What would be decided of a request that was never sent.
import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import {
  explainBodySchema,
  explanationSchema,
  portalExplainBodySchema,
  portalExplanationSchema,
  type ExplainBody,
  type ExplanationOfRequest,
  type PortalExplainBody,
  type PortalExplanation,
} from '@sluice/contracts';
import { AccessParam, CallerParam, type Access } from '../http/access.js';
import { Endpoint } from '../http/endpoint.js';
import type { Caller } from '../identity/session.js';
import { ExplainService } from './explain.service.js';

@Controller('v1')
export class ExplainController {
  constructor(@Inject(ExplainService) private readonly explanations: ExplainService) {}

  @Post('tenants/:tenant/environments/:environment/explain')
  @Endpoint({
    summary: 'What would be decided of a request, and why, without sending it',
    access: 'configuration.read',
    answer: explanationSchema,
    problems: ['state_conflict'],
  })
  async explain(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Body({ schema: explainBodySchema }) body: ExplainBody,
  ): Promise<ExplanationOfRequest> {
    return this.explanations.explain(access, environment, body);
  }

  @Post('portal/:tenant/applications/:application/explain')
  @Endpoint({
    summary: 'What would be decided of a request of an application of yours, and why, without sending it',
    access: 'session',
    answer: portalExplanationSchema,
    problems: ['state_conflict'],
  })
  async explainOwn(
    @CallerParam() caller: Caller,
    @Param('tenant') slug: string,
    @Param('application') applicationId: string,
    @Body({ schema: portalExplainBodySchema }) body: PortalExplainBody,
  ): Promise<PortalExplanation> {
    return this.explanations.explainOwn(slug, caller, applicationId, body);
  }
}
