// How gateways come into a fleet, and what lets them in: FLEET_TOKEN, which is for any number of them, and tokens of the
// operator's, each for a number and a time.
import type { GatewayRegistration } from '@sluice/contracts';
import type { Tx } from '@sluice/prisma';
import { liveMs } from './fleets.repository.js';

/** What a registration token lets into. `tokenId` null: FLEET_TOKEN. */
export interface Admission {
  readonly fleetId: string;
  readonly tokenId: string | null;
}

/** `taken`: another gateway of this id is alive; one that is not has ended, and may come again with another key. `used_up`: the token has let in as many as it may. */
export type Registered = 'registered' | 'revoked' | 'taken' | 'used_up';

interface Row {
  readonly revoked_at: Date | null;
  readonly key: string | null;
  readonly is_live: boolean;
}

export const registrationsRepository = {
  /** The hash of a token is as hard to guess as the token: how long this takes tells nothing of one that is nearly right. */
  async admissionOf(tx: Tx, tokenHash: string): Promise<Admission | undefined> {
    const fleet = await tx.fleet.findFirst({ where: { tokenHash }, select: { id: true } });
    if (fleet !== null) return { fleetId: fleet.id, tokenId: null };
    const [token] = await tx.$queryRaw<{ id: string; fleet_id: string }[]>`
      SELECT id, fleet_id FROM sluice.registration_tokens
      WHERE hash = ${tokenHash} AND revoked_at IS NULL AND expires_at > clock_timestamp()`;
    return token === undefined ? undefined : { fleetId: token.fleet_id, tokenId: token.id };
  },

  /** Anything but `registered` leaves nothing to keep: roll back then. */
  async register(
    tx: Tx,
    { fleetId, tokenId }: Admission,
    { gatewayId, bootId, version, publicKey }: GatewayRegistration,
  ): Promise<Registered> {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`gateway ${gatewayId} of ${fleetId}`}, 0))`;
    const [known] = await tx.$queryRaw<Row[]>`
      SELECT revoked_at, public_key ->> 'x' AS key,
        last_heartbeat_at > clock_timestamp() - make_interval(secs => ${liveMs / 1000}) AS is_live
      FROM sluice.gateways WHERE fleet_id = ${fleetId} AND id = ${gatewayId}`;
    if (known !== undefined && known.revoked_at !== null) return 'revoked';
    const isSame = known?.key === publicKey.x;
    if (known !== undefined && known.key !== null && !isSame && known.is_live) return 'taken';
    if (tokenId !== null && !isSame && !(await spend(tx, tokenId))) return 'used_up';
    await tx.$executeRaw`
      INSERT INTO sluice.gateways AS gateway
        (fleet_id, id, boot_id, version, position, last_heartbeat_at, public_key, registered_at, registered_by)
      VALUES (${fleetId}, ${gatewayId}, ${bootId}, ${version}, 0, clock_timestamp(), ${JSON.stringify(publicKey)}::jsonb,
        clock_timestamp(), ${tokenId})
      ON CONFLICT (fleet_id, id) DO UPDATE SET
        boot_id = EXCLUDED.boot_id, version = EXCLUDED.version, public_key = EXCLUDED.public_key,
        registered_at = EXCLUDED.registered_at, registered_by = EXCLUDED.registered_by`;
    return 'registered';
  },
};

async function spend(tx: Tx, tokenId: string): Promise<boolean> {
  const spent = await tx.$executeRaw`
    UPDATE sluice.registration_tokens SET uses = uses + 1 WHERE id = ${tokenId} AND uses < most_uses AND revoked_at IS NULL`;
  return spent > 0;
}
