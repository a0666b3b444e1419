// The end of a person's account, by that person.
import { Controller, Delete, Inject, Query } from '@nestjs/common';
import { confirmAccountQuerySchema } from '@sluice/contracts';
import { CallerParam } from '../http/access.js';
import { Endpoint } from '../http/endpoint.js';
import type { Caller } from '../identity/session.js';
import { ErasureService } from './erasure.service.js';

@Controller('v1/me')
export class ErasureController {
  constructor(@Inject(ErasureService) private readonly erasure: ErasureService) {}

  @Delete()
  @Endpoint({
    summary:
      'Delete your account: you leave every tenant, your applications and keys at portals end, and audit logs forget you',
    access: 'session',
    problems: ['state_conflict'],
  })
  async remove(
    @CallerParam() caller: Caller,
    @Query({ schema: confirmAccountQuerySchema }) { confirm }: { confirm: string },
  ): Promise<void> {
    await this.erasure.erase(caller, confirm);
  }
}
