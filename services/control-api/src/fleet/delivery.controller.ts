// Whether a change has reached the gateways: what a page shows between "your key is made" and "your key works everywhere".
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { deliveryQuerySchema, deliverySchema, type Delivery } from '@sluice/contracts';
import type { Database } from '@sluice/prisma';
import type { z } from 'zod';
import { Endpoint } from '../http/endpoint.js';
import { notFound } from '../http/refusal.js';
import { databaseToken } from '../tokens.js';
import { fleetsRepository } from './fleets.repository.js';

@Controller('v1/portal/:tenant/delivery')
export class DeliveryController {
  constructor(@Inject(databaseToken) private readonly database: Database) {}

  @Get()
  @Endpoint({
    summary: 'How many live gateways have reached a position of the feed',
    access: 'session',
    answer: deliverySchema,
  })
  async read(
    @Param('tenant') slug: string,
    @Query({ schema: deliveryQuerySchema }) { position }: z.infer<typeof deliveryQuerySchema>,
  ): Promise<Delivery> {
    const gateways = await this.database.inSlug(slug, async (tx, tenant) => {
      const environment = await tx.environment.findFirst({ where: { tenantId: tenant.id }, select: { fleetId: true } });
      return environment === null ? [] : fleetsRepository.liveGateways(tx, environment.fleetId);
    });
    if (gateways === undefined) throw notFound('tenant of this name');
    const reached = gateways.filter((gateway) => gateway.position >= position).length;
    return {
      position,
      liveGateways: gateways.length,
      reached,
      isDelivered: reached > 0 && reached === gateways.length,
    };
  }
}
