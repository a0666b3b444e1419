// The end of a person's account, by that person.
import { Body, Controller, Inject, Post, Req } from '@nestjs/common';
import { accountDeletionSchema, type AccountDeletion } from '@sluice/contracts';
import type { FastifyRequest } from 'fastify';
import { CallerParam } from '../http/access.js';
import { Endpoint } from '../http/endpoint.js';
import { invalidField } from '../http/refusal.js';
import { PasswordAgain } from '../identity/password-again.js';
import type { Caller } from '../identity/session.js';
import { ErasureService } from './erasure.service.js';

@Controller('v1/me/deletion')
export class ErasureController {
  constructor(
    @Inject(ErasureService) private readonly erasure: ErasureService,
    @Inject(PasswordAgain) private readonly passwordAgain: PasswordAgain,
  ) {}

  @Post()
  @Endpoint({
    summary:
      'Delete your account: you leave every tenant, your applications and keys at portals end, and audit logs forget you',
    access: 'session',
    problems: ['wrong_credentials', 'too_many_attempts', 'state_conflict'],
  })
  async erase(
    @CallerParam() caller: Caller,
    @Body({ schema: accountDeletionSchema }) { confirm, password }: AccountDeletion,
    @Req() req: FastifyRequest,
  ): Promise<void> {
    if (confirm.toLowerCase() !== caller.email.toLowerCase())
      throw invalidField('/confirm', 'this deletes your account', `type its address, ${caller.email}, if you mean it`);
    await this.passwordAgain.expect(password, caller, req);
    await this.erasure.erase(caller);
  }
}
