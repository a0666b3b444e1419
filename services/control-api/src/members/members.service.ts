// Members. An invitation tells nobody whether its address has an account. A tenant always keeps an owner, and only an
// owner makes or unmakes one.
import { Inject, Injectable } from '@nestjs/common';
import type { Member, Page, Role } from '@sluice/contracts';
import type { Database, Member as MemberRow, Tx } from '@sluice/prisma';
import type { Config } from '../config.js';
import { mayAlso, type Access } from '../http/access.js';
import { pageRequest, toPage, type PageQuery } from '../http/cursor.js';
import { nameTaken, notFound, Refusal, stateConflict } from '../http/refusal.js';
import { createOnce } from '../idempotency/create-once.js';
import type { Idempotency } from '../idempotency/idempotency-key.js';
import { invitationLetter } from '../mail/letters.js';
import type { Mail, Mailer } from '../mail/mailer.js';
import { expectServed } from '../publish/expect-served.js';
import { tenantsRepository } from '../tenants/tenants.repository.js';
import { configToken, databaseToken, mailerToken } from '../tokens.js';
import { membersRepository } from './members.repository.js';

@Injectable()
export class MembersService {
  constructor(
    @Inject(databaseToken) private readonly database: Database,
    @Inject(mailerToken) private readonly mailer: Mailer,
    @Inject(configToken) private readonly config: Config,
  ) {}

  async list({ tenantId }: Access, query: PageQuery): Promise<Page<Member>> {
    const rows = await this.database.inTenant(tenantId, async (tx) =>
      membersRepository.list(tenantId, tx, pageRequest(query)),
    );
    return toPage(rows, query, memberAnswer);
  }

  async invite(
    access: Access,
    { email, role }: { email: string; role: Role },
    idempotency: Idempotency | undefined,
  ): Promise<Member> {
    const { tenantId, caller } = access;
    expectMayGive(access, role);
    let letter: Mail | undefined;
    const member = await createOnce(
      this.database,
      { tenantId, identityId: caller.identityId },
      idempotency,
      { holdsSecret: false },
      async (tx) => {
        if ((await membersRepository.findByEmail(tenantId, tx, email)) !== null) throw nameTaken('/email', email);
        const row = await membersRepository.create(tenantId, tx, {
          identityId: null,
          email,
          name: null,
          role,
          state: 'invited',
        });
        const tenantTitle = (await tenantsRepository.find(tenantId, tx))?.title ?? access.tenantSlug;
        letter = invitationLetter({
          to: row.email,
          tenantTitle,
          inviter: caller.email,
          role,
          consoleUrl: new URL(this.config.web.consoleUrl).origin,
        });
        return memberAnswer(row);
      },
    );
    // After the commit; a repeated request made nothing and mails nothing.
    if (letter !== undefined) this.mailer.send(letter);
    return member;
  }

  async setRole(access: Access, memberId: string, role: Role): Promise<Member> {
    const { tenantId } = access;
    return this.database.inTenant(tenantId, async (tx) => {
      const member = await this.memberFor(tx, access, memberId);
      expectMayGive(access, role);
      if (member.role === 'owner' && role !== 'owner') await expectAnotherOwner(tenantId, tx, member);
      return memberAnswer(await membersRepository.setRole(tenantId, tx, memberId, role));
    });
  }

  /** Everybody may leave, a suspended tenant too; to remove somebody else takes what the permission `member.change` asks for. */
  async remove(access: Access, memberId: string): Promise<void> {
    const { tenantId, role } = access;
    if (memberId !== access.memberId && !mayAlso(access, 'member.change'))
      throw new Refusal(
        'forbidden',
        `You are ${role} here: you may leave, but to remove others takes an admin or owner, and no token that was made for less.`,
      );
    await this.database.inTenant(tenantId, async (tx) => {
      if (memberId !== access.memberId) await expectServed(tx, tenantId);
      const member = await this.memberFor(tx, access, memberId);
      if (member.role === 'owner') await expectAnotherOwner(tenantId, tx, member);
      await membersRepository.remove(tenantId, tx, memberId);
    });
  }

  private async memberFor(tx: Tx, access: Access, memberId: string): Promise<MemberRow> {
    const member = await membersRepository.find(access.tenantId, tx, memberId);
    if (member === null) throw notFound('member with this id');
    if (member.role === 'owner') expectMayGive(access, 'owner');
    return member;
  }
}

function expectMayGive({ role }: Access, given: Role): void {
  if (given === 'owner' && role !== 'owner')
    throw new Refusal('forbidden', `You are ${role} here; to make, change or remove an owner takes an owner.`);
}

async function expectAnotherOwner(tenantId: string, tx: Tx, { id, state }: MemberRow): Promise<void> {
  const owners = await membersRepository.lockOwners(tenantId, tx);
  if (state === 'active' && owners.every((owner) => owner === id)) {
    throw stateConflict('This is the last owner. Make somebody else an owner first.');
  }
}

export function memberAnswer({ id, email, name, role, state, createdAt }: MemberRow): Member {
  return { id, email, name, role, state, createdAt: createdAt.toISOString() };
}
