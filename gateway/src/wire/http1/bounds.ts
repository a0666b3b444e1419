// How much of what a client may send, and how long each wait for it may be.

export const maxHeadBytes = 16 * 1024;
/** Of a new connection: browsers open some that they may need, and open them anew when they are gone. */
export const firstByteMs = 10_000;
export const headMs = 10_000;
export const nextRequestMs = 65_000;
/** While somebody waits for a body and nobody has answered, so much of it must come within each such time. */
export const bodyWindowMs = 30_000;
export const leastBodyBytes = 3000;
/** Longer than the longest that an upstream may take to its first byte (600 s), so that it ends idle streams alone. */
export const answerMs = 630_000;
/** For the client to take what was written, 64 KiB and what the system holds: a kilobyte a second. */
export const flushMs = 60_000;
/** Without any move of the answer, of a client that has ended its side. */
export const halfClosedMs = 1000;
/** What a client may still send after an answer that did not wait for it. */
export const lingerBytes = 1024 * 1024;
export const lingerMs = 1000;
/** For one connection: those that came together do not go together, and come back together. */
export const lingerSome = (): number => lingerMs * (0.5 + Math.random() / 2);
/** Who sends what nobody will read in more pieces so small is not listened to before its time is up. */
export const drips = 3;
export const dripBytes = 512;
/** Of requests behind the one that is being answered, or of a body that nobody has asked for yet. */
export const maxHeldBytes = 64 * 1024;
/** Of a tunnel, without a byte either way. Applications that hold a WebSocket open ping oftener. */
export const tunnelIdleMs = 300_000;
