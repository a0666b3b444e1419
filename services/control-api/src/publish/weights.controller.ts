// The current weights of a route's arms: they take effect at once, without publishing.
import { Body, Controller, Get, Headers, Inject, Param, Put } from '@nestjs/common';
import { weightsPutSchema, weightsSchema, type Weights } from '@sluice/contracts';
import type { z } from 'zod';
import { AccessParam, type Access } from '../http/access.js';
import { Endpoint } from '../http/endpoint.js';
import type { Tagged } from '../http/tagged.js';
import { WeightsService } from './weights.service.js';

@Controller('v1/tenants/:tenant/environments/:environment/apis/:api/routes/:route/weights')
export class WeightsController {
  constructor(@Inject(WeightsService) private readonly weights: WeightsService) {}

  @Get()
  @Endpoint({
    summary: "Read the weights in force of a route's arms",
    access: 'configuration.read',
    answer: weightsSchema,
    problems: ['state_conflict'],
    hasEtag: true,
  })
  async read(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('api') api: string,
    @Param('route') route: string,
  ): Promise<Tagged<Weights>> {
    return this.weights.read(access, { environment, api, route });
  }

  @Put()
  @Endpoint({
    summary: "Set the weights of a route's arms, at once",
    access: 'weights.change',
    answer: weightsSchema,
    problems: ['state_conflict'],
    hasEtag: true,
  })
  async set(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('api') api: string,
    @Param('route') route: string,
    @Body({ schema: weightsPutSchema }) { weights }: z.infer<typeof weightsPutSchema>,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<Tagged<Weights>> {
    return this.weights.set(access, { environment, api, route }, weights, ifMatch);
  }
}
