// Members of a tenant, and invitations to become one.
import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import {
  memberCreateSchema,
  memberPatchSchema,
  memberSchema,
  pageOf,
  pageQuerySchema,
  type Member,
  type Page,
  type Role,
} from '@sluice/contracts';
import { AccessParam, type Access } from '../http/access.js';
import type { PageQuery } from '../http/cursor.js';
import { Endpoint } from '../http/endpoint.js';
import { IdempotencyParam, type Idempotency } from '../idempotency/idempotency-key.js';
import { MembersService } from './members.service.js';

@Controller('v1/tenants/:tenant/members')
export class MembersController {
  constructor(@Inject(MembersService) private readonly members: MembersService) {}

  @Get()
  @Endpoint({
    summary: 'List members and invitations',
    access: 'member.read',
    answer: pageOf(memberSchema, 'MemberPage'),
  })
  async list(
    @AccessParam() access: Access,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<Member>> {
    return this.members.list(access, query);
  }

  @Post()
  @Endpoint({
    summary: 'Invite an address',
    access: 'member.change',
    answer: memberSchema,
    status: 201,
    problems: ['name_taken'],
    isIdempotent: true,
  })
  async invite(
    @AccessParam() access: Access,
    @Body({ schema: memberCreateSchema }) body: { email: string; role: Role },
    @IdempotencyParam() idempotency: Idempotency | undefined,
  ): Promise<Member> {
    return this.members.invite(access, body, idempotency);
  }

  @Patch(':member')
  @Endpoint({
    summary: "Change a member's role",
    access: 'member.change',
    answer: memberSchema,
    problems: ['state_conflict'],
  })
  async setRole(
    @AccessParam() access: Access,
    @Param('member') memberId: string,
    @Body({ schema: memberPatchSchema }) body: { role: Role },
  ): Promise<Member> {
    return this.members.setRole(access, memberId, body.role);
  }

  @Delete(':member')
  @Endpoint({
    summary: 'Leave, or remove a member or an invitation',
    access: 'member.leave',
    problems: ['state_conflict'],
  })
  async remove(@AccessParam() access: Access, @Param('member') memberId: string): Promise<void> {
    await this.members.remove(access, memberId);
  }
}
