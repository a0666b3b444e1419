// The audit log of a tenant, as its owner reads it.
import type { AuditEntry, AuditVerdict, Page } from '@sluice/contracts';
import type { ControlPlane } from './control-plane.js';
import type { FurnishedTenant } from './furnished-tenant.js';

export class AuditLog {
  readonly #plane: ControlPlane;
  readonly #own: FurnishedTenant;

  /** @param own whose log is meant when no other tenant is given */
  constructor(plane: ControlPlane, own: FurnishedTenant) {
    this.#plane = plane;
    this.#own = own;
  }

  /** The newest 200, newest first. */
  async search(query = '', tenant = this.#own): Promise<AuditEntry[]> {
    return (await tenant.owner.ask<Page<AuditEntry>>('GET', `${pathOf(tenant)}?limit=200${query}`)).items;
  }

  async verify(query = '', tenant = this.#own): Promise<AuditVerdict> {
    return tenant.owner.ask('GET', `${pathOf(tenant)}/verify${query}`);
  }

  /** All of it, oldest first. */
  async exported(tenant = this.#own): Promise<AuditEntry[]> {
    const res = await fetch(`${this.#plane.url}${pathOf(tenant)}/export`, {
      headers: { cookie: tenant.owner.cookies },
    });
    const text = await res.text();
    if (res.headers.get('content-type') !== 'application/x-ndjson') throw new Error(`no export: ${res.status} ${text}`);
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditEntry);
  }
}

const pathOf = ({ values }: FurnishedTenant): string => `/v1/tenants/${values['tenant']}/audit-log`;
