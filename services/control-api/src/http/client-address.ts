// The client of a request as counts know it: an IPv4 address, or the network of 64 bits that one customer gets, so that nobody
// has as many counts as addresses. Fastify believes the proxies in front of us alone.
import { clientOf, parseAddress } from '@sluice/engine';
import type { FastifyRequest } from 'fastify';

export function clientAddress({ ip }: Pick<FastifyRequest, 'ip'>): string {
  return clientOf(parseAddress(ip));
}
