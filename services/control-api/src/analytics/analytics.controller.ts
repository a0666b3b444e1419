// Traffic, usage and single requests of one environment.
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import {
  armTrafficSchema,
  pageOf,
  requestSchema,
  requestsQuerySchema,
  timeseriesQuerySchema,
  timeseriesSchema,
  usageSchema,
  type ArmTraffic,
  type Page,
  type RequestEntry,
  type Timeseries,
  type Usage,
} from '@sluice/contracts';
import type { z } from 'zod';
import { AccessParam, type Access } from '../http/access.js';
import { Endpoint } from '../http/endpoint.js';
import { AnalyticsService } from './analytics.service.js';
import { usageQuerySchema, type Range } from './range.js';

@Controller('v1/tenants/:tenant/environments/:environment')
export class AnalyticsController {
  constructor(@Inject(AnalyticsService) private readonly analytics: AnalyticsService) {}

  @Get('analytics/timeseries')
  @Endpoint({
    summary: 'Requests, errors and latency over time',
    access: 'traffic.read',
    answer: timeseriesSchema,
    problems: ['analytics_unavailable'],
  })
  async timeseries(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Query({ schema: timeseriesQuerySchema }) query: z.infer<typeof timeseriesQuerySchema>,
  ): Promise<Timeseries> {
    return this.analytics.timeseries(access, environment, query);
  }

  @Get('analytics/arms')
  @Endpoint({
    summary: 'Traffic by arm, with each share of its route',
    access: 'traffic.read',
    answer: armTrafficSchema,
    problems: ['analytics_unavailable'],
  })
  async arms(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Query({ schema: timeseriesQuerySchema }) query: z.infer<typeof timeseriesQuerySchema>,
  ): Promise<ArmTraffic> {
    return this.analytics.arms(access, environment, query);
  }

  @Get('usage')
  @Endpoint({
    summary: 'Usage by subscription; the last 30 days unless a range is given',
    access: 'traffic.read',
    answer: usageSchema,
    problems: ['analytics_unavailable'],
  })
  async usage(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Query({ schema: usageQuerySchema }) query: Partial<Range>,
  ): Promise<Usage> {
    return this.analytics.usage(access, environment, query);
  }

  @Get('requests')
  @Endpoint({
    summary: 'Recorded requests, the newest first',
    access: 'traffic.read',
    answer: pageOf(requestSchema, 'RequestPage'),
    problems: ['analytics_unavailable'],
  })
  async requests(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Query({ schema: requestsQuerySchema }) query: z.infer<typeof requestsQuerySchema>,
  ): Promise<Page<RequestEntry>> {
    return this.analytics.requests(access, environment, query);
  }

  @Get('requests/:request')
  @Endpoint({
    summary: 'One recorded request, with the reasons of its decision',
    access: 'traffic.read',
    answer: requestSchema,
    problems: ['analytics_unavailable'],
  })
  async request(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('request') requestId: string,
  ): Promise<RequestEntry> {
    return this.analytics.request(access, environment, requestId);
  }
}
