// What one generation of the gateway leaves to the next while both live: the sockets, with the connections that the kernel
// has queued at them, and the key that the fleet's upstreams know. It goes over the channel between the two processes: file
// descriptors by inheritance, everything else as one message. Nothing of it is seen in an environment or a command line.
import { z } from 'zod';

const estateSchema = z.object({
  /** File descriptors of the listening sockets. */
  traffic: z.array(z.int().min(0)).min(1),
  /** Of the TLS port. */
  tls: z.array(z.int().min(0)).default([]),
  ops: z.int().min(0),
  /** A private JWK, as text: what was signed before must stay verifiable by what the ops port shows after. */
  signingKey: z.string(),
});
export type Estate = z.infer<typeof estateSchema>;

/** The argument that tells a process to take over from the one that started it. */
export const takeOverArgument = '--take-over';

const arrivesWithinMs = 10_000;

/** What this process inherits; undefined when it was not started to take over. */
export async function inheritedEstate(): Promise<Estate | undefined> {
  if (!process.argv.includes(takeOverArgument)) return undefined;
  return new Promise((resolve, reject) => {
    const refuse = (why: string): void => {
      reject(new Error(`${takeOverArgument} is for a gateway that another one starts, by SIGUSR2: ${why}`));
    };
    if (process.send === undefined) return refuse('there is no channel to it');
    const timer = setTimeout(() => refuse('it said nothing'), arrivesWithinMs);
    process.once('message', (message) => {
      clearTimeout(timer);
      const parsed = estateSchema.safeParse(message);
      if (parsed.success) resolve(parsed.data);
      else refuse('the two versions do not understand each other; start this one by itself');
    });
  });
}

/** Tells the former generation that this one serves. It may have died meanwhile; then there is nobody to tell. */
export function tellServing(): void {
  if (!process.connected) return;
  process.send?.('serving', undefined, undefined, () => {
    if (process.connected) process.disconnect();
  });
}
