// The first run.
import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import { firstRunBodySchema, firstRunSchema, type FirstRun, type FirstRunBody } from '@sluice/contracts';
import { AccessParam, type Access } from '../http/access.js';
import { compilingUnits, Endpoint } from '../http/endpoint.js';
import { IdempotencyParam, type Idempotency } from '../idempotency/idempotency-key.js';
import { FirstRunService } from './first-run.service.js';

@Controller('v1/tenants/:tenant/environments/:environment/first-run')
export class FirstRunController {
  constructor(@Inject(FirstRunService) private readonly firstRun: FirstRunService) {}

  @Post()
  @Endpoint({
    summary: 'From nothing to a public URL and a test key, in one transaction',
    access: 'configuration.publish',
    answer: firstRunSchema,
    status: 201,
    problems: ['name_taken', 'invalid_document', 'state_conflict'],
    isIdempotent: true,
    units: compilingUnits,
  })
  async run(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Body({ schema: firstRunBodySchema }) body: FirstRunBody,
    @IdempotencyParam() idempotency: Idempotency | undefined,
  ): Promise<FirstRun> {
    return this.firstRun.run(access, environment, body, idempotency);
  }
}
