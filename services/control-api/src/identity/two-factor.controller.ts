// Whether two-factor is on, and the way back for somebody who has lost both the phone and the backup codes. An operator can take it
// off, never in silence: the person gets a mail, every session ends, and it stands in the audit log of every tenant of the person.
import { Body, Controller, Get, Inject, Post, Req } from '@nestjs/common';
import { twoFactorRemovalSchema, twoFactorSchema, type TwoFactor, type TwoFactorRemoval } from '@sluice/contracts';
import type { FastifyRequest } from 'fastify';
import { CallerParam } from '../http/access.js';
import { Endpoint } from '../http/endpoint.js';
import type { Caller } from './session.js';
import { TwoFactorService } from './two-factor.service.js';

@Controller('v1')
export class TwoFactorController {
  constructor(@Inject(TwoFactorService) private readonly twoFactor: TwoFactorService) {}

  @Get('me/two-factor')
  @Endpoint({
    summary: 'Whether signing in takes a code after the password, and how many backup codes are left',
    access: 'session',
    answer: twoFactorSchema,
  })
  async read(@CallerParam() caller: Caller): Promise<TwoFactor> {
    return this.twoFactor.read(caller);
  }

  @Post('operator/two-factor-removals')
  @Endpoint({
    summary:
      'Take two-factor off an account whose owner has lost the app and the backup codes; every session of it ends',
    access: 'operator',
  })
  async remove(
    @Body({ schema: twoFactorRemovalSchema }) body: TwoFactorRemoval,
    @Req() req: FastifyRequest,
  ): Promise<void> {
    await this.twoFactor.remove(body, req);
  }
}
