// Developers, as the provider sees them. Who still has applications stays: those would lose their keys unseen.
import { Inject, Injectable } from '@nestjs/common';
import type { Developer, Page } from '@sluice/contracts';
import type { Database } from '@sluice/prisma';
import { findEnvironment } from '../environments/find-environment.js';
import type { Access } from '../http/access.js';
import { pageRequest, toPage, type PageQuery } from '../http/cursor.js';
import { notFound, stillInUse } from '../http/refusal.js';
import { databaseToken } from '../tokens.js';
import { developersRepository, type DeveloperRow } from './developers.repository.js';

@Injectable()
export class DevelopersService {
  constructor(@Inject(databaseToken) private readonly database: Database) {}

  async list({ tenantId }: Access, environmentName: string, query: PageQuery): Promise<Page<Developer>> {
    const rows = await this.database.inTenant(tenantId, async (tx) => {
      const { id } = await findEnvironment(tenantId, tx, environmentName);
      return developersRepository.list(tenantId, tx, id, pageRequest(query));
    });
    return toPage(rows, query, developerAnswer);
  }

  async read({ tenantId }: Access, environmentName: string, developerId: string): Promise<Developer> {
    return this.database.inTenant(tenantId, async (tx) => {
      const { id } = await findEnvironment(tenantId, tx, environmentName);
      const row = await developersRepository.find(tenantId, tx, id, developerId);
      if (row === null) throw notFound('developer with this id');
      return developerAnswer(row);
    });
  }

  async remove({ tenantId }: Access, environmentName: string, developerId: string): Promise<void> {
    await this.database.inTenant(tenantId, async (tx) => {
      const { id } = await findEnvironment(tenantId, tx, environmentName);
      const row = await developersRepository.find(tenantId, tx, id, developerId);
      if (row === null) throw notFound('developer with this id');
      const applications = await tx.application.findMany({
        where: { tenantId, developerId },
        orderBy: { id: 'asc' },
        take: 20,
        select: { title: true, environment: { select: { name: true } } },
      });
      if (applications.length > 0) {
        throw stillInUse(
          'This developer',
          applications.map(({ title, environment }) => `the application "${title}" in ${environment.name}`),
        );
      }
      await developersRepository.remove(tenantId, tx, developerId);
    });
  }
}

export function developerAnswer({ id, email, name, createdAt, _count }: DeveloperRow): Developer {
  return { id, email, name, applications: _count.applications, createdAt: createdAt.toISOString() };
}
