// The change feed for gateways: one long answer of JSON lines. Who reads slowly is waited for; who goes is forgotten; at
// shutdown all streams end, and the gateways find another control plane.
import { Controller, Get, Inject, Query, Req, Res, UseGuards, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from '@sluice/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { loggableError } from '../database/loggable-error.js';
import { Endpoint } from '../http/endpoint.js';
import { loggerToken } from '../tokens.js';
import { feedLines, type Resumption } from './feed-lines.js';
import { FeedReader } from './feed.reader.js';
import { CallingGateway, FleetGuard } from './fleet.guard.js';
import { GatewayIdentities, type KnownGateway } from './gateway-identities.js';
import { linesAsStream } from './lines-as-text.js';
import { Wakeups } from './wakeups.js';

export const feedQuerySchema = z.object({
  historyId: z
    .string()
    .max(100)
    .optional()
    .meta({ description: 'of the last hello; without it the answer begins with a snapshot' }),
  after: z.coerce.number().int().min(0).optional().meta({ description: 'the last position that the gateway has' }),
  mark: z.string().max(100).optional().meta({
    description:
      'of that position, as its entry or the hello of its snapshot had it; without it the answer begins with a snapshot',
  }),
});

/** A gateway that lives reads on within the three pings that it waits itself. */
const stallMs = 20_000;
/** Two megabits: a snapshot of 25 MB holds its connection for two minutes at most. */
const leastBytesPerSecond = 256 * 1024;

@Controller('v1/fleet/feed')
@UseGuards(FleetGuard)
export class FeedController implements OnModuleDestroy {
  private readonly shutdown = new AbortController();

  constructor(
    @Inject(FeedReader) private readonly reader: FeedReader,
    @Inject(Wakeups) private readonly wakeups: Wakeups,
    @Inject(GatewayIdentities) private readonly identities: GatewayIdentities,
    @Inject(loggerToken) private readonly logger: Logger,
  ) {}

  @Get()
  @Endpoint({
    summary: 'Follow the change feed of a fleet, as lines of JSON',
    access: 'public',
    lines: z
      .looseObject({})
      .meta({ description: 'hello first, then a snapshot or none, then entries for as long as both sides live' }),
    problems: ['fleet_token_invalid', 'gateway_revoked'],
  })
  async follow(
    @CallingGateway() gateway: KnownGateway,
    @Query({ schema: feedQuerySchema }) query: z.infer<typeof feedQuerySchema>,
    @Req() req: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const resumption: Resumption = { historyId: query.historyId, after: query.after, mark: query.mark };
    const gone = new AbortController();
    const signal = AbortSignal.any([gone.signal, this.shutdown.signal]);
    reply.raw.once('close', () => gone.abort());
    const { reader, wakeups } = this;
    // Made before the answer begins, so that a database that cannot be reached still answers with a problem.
    const isAdmitted = async (): Promise<boolean> => this.identities.isStillValid(gateway);
    const { fleetId } = gateway;
    const lines = feedLines({ reader, wakeups, fleetId, resumption, isAdmitted, signal });
    const first = await lines.next();
    const stream = linesAsStream(first, lines, {
      stallMs,
      leastBytesPerSecond,
      onStall: () => reply.raw.destroy(),
    });
    stream.on('error', (error) => {
      if (!signal.aborted)
        this.logger.warn(
          { error: loggableError(error), requestId: req.id },
          'a change feed broke off; the gateway will come again',
        );
    });
    void reply
      .code(200)
      // The stream's end closes the connection: a stop need not wait until an idle one times out.
      .headers({
        'content-type': 'application/x-ndjson',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        connection: 'close',
      })
      .send(stream);
  }

  onModuleDestroy(): void {
    this.shutdown.abort();
  }
}
