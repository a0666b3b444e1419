// Upstreams over HTTP/1.1: finds the targets of each upstream, and the connections to each of them.
import { upstreamDefaults } from '@sluice/contracts';
import { connectionRoom } from '../http1/connection-room.js';
import type { ConnectionRoom } from '../http1/connection-room.js';
import type { IsAllowed, Resolve } from './allowed-address.js';
import { Call } from './call.js';
import { socketOpener } from './http1/open-socket.js';
import { hostLineOf } from './http1/request-head.js';
import type { CertificateOf } from './http1/socket-opener.js';
import { TargetConnections } from './http1/target-connections.js';
import { Mirrors } from './mirrors.js';
import type { TargetSet } from './target-set.js';
import { TargetSets } from './target-sets.js';
import type { Target } from './target.js';
import type { UpstreamReceiver, UpstreamRequest, Upstreams } from './upstream.js';

export interface UpstreamsOptions {
  /** Its targets belong to one upstream of one tenant each: their connections are as much apart as they are. */
  readonly sets?: TargetSets;
  /** Client certificates that the operator holds for a tenant. Without it: there are none. */
  readonly certificateOf?: CertificateOf;
  readonly resolve?: Resolve;
  /** Shared with the connections of clients. Without it: one of their own. */
  readonly room?: ConnectionRoom;
}

/** @param isAllowed where upstreams may lead to, at the moment of connecting. */
export function createUpstreams(isAllowed: IsAllowed, options: UpstreamsOptions = {}): Upstreams {
  const { sets = new TargetSets() } = options;
  const connections = new Connections(isAllowed, options);
  const connectionsOf = (target: Target, targets: TargetSet, request: UpstreamRequest): TargetConnections =>
    connections.of(target, targets, request);
  const send = (request: UpstreamRequest, receiver: UpstreamReceiver): Call =>
    new Call(connectionsOf, sets.get(request.environmentId, request.name, request.spec), request, receiver);
  const mirrors = new Mirrors(send);
  return {
    send,
    mirror: (request) => mirrors.mirror(request),
    isHealthy: (environmentId, name, spec) => sets.get(environmentId, name, spec).isHealthy,
    close: async () => connections.close(),
  };
}

/** Of all targets of a thread. Nothing of a target that is gone is kept, once its connections have closed. */
class Connections {
  readonly #byTarget = new WeakMap<Target, TargetConnections>();
  readonly #inUse = new Set<TargetConnections>();
  readonly #room: ConnectionRoom;
  #onAllClosed: (() => void) | undefined;

  constructor(
    private readonly isAllowed: IsAllowed,
    private readonly options: UpstreamsOptions,
  ) {
    this.#room = options.room ?? connectionRoom();
  }

  of(target: Target, targets: TargetSet, request: UpstreamRequest): TargetConnections {
    return this.#byTarget.get(target) ?? this.#create(target, targets, request);
  }

  async close(): Promise<void> {
    for (const connections of this.#inUse) connections.close();
    if (this.#inUse.size > 0) await new Promise<void>((resolve) => (this.#onAllClosed = resolve));
  }

  #create(target: Target, targets: TargetSet, { tenantId, spec }: UpstreamRequest): TargetConnections {
    const { isAllowed } = this;
    const { resolve, certificateOf } = this.options;
    const { origin, address } = target;
    const opener = socketOpener({ origin, address, tls: spec.tls, tenantId, isAllowed, resolve, certificateOf });
    const connections = new TargetConnections({
      target,
      targets,
      hostLine: hostLineOf(origin),
      opener,
      times: { ...upstreamDefaults.timeouts, ...spec.timeouts },
      room: this.#room,
      onUse: (isInUse) => this.#note(connections, isInUse),
    });
    this.#byTarget.set(target, connections);
    return connections;
  }

  #note(connections: TargetConnections, isInUse: boolean): void {
    if (isInUse) this.#inUse.add(connections);
    else this.#inUse.delete(connections);
    if (this.#inUse.size === 0) this.#onAllClosed?.();
  }
}
