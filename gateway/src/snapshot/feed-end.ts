// How a connection to the change feed, or the attempt at one, ended; and how that is told.
import { assertNever } from '@sluice/runtime';

export type FeedEnd =
  | { readonly reason: 'closed' | 'silent' }
  | { readonly reason: 'unreachable'; readonly detail: string }
  | { readonly reason: 'token_refused' | 'revoked' | 'id_taken' | 'identity_refused' }
  | { readonly reason: 'refused'; readonly status: number }
  | { readonly reason: 'not_understood'; readonly detail: string };

/** Seldom becomes right by itself. */
export function isLasting({ reason }: FeedEnd): boolean {
  return reason === 'token_refused' || reason === 'revoked' || reason === 'id_taken';
}

/** What is told to the operator, with what to do. */
export function endInWords(end: FeedEnd, controlUrl: string): string {
  switch (end.reason) {
    case 'token_refused':
      return `FLEET_TOKEN is not valid at ${controlUrl}. Set FLEET_TOKEN (or FLEET_TOKEN_FILE) to the token of this gateway's fleet.`;
    case 'revoked':
      return `The operator has revoked this gateway at ${controlUrl}. It is let in again when the operator forgets it.`;
    case 'id_taken':
      return `Another gateway with this GATEWAY_ID is alive in the fleet of ${controlUrl}. Give each a GATEWAY_ID of its own; a gateway that has lost its data folder is let in 15 s after its end.`;
    case 'identity_refused':
      return `The control API at ${controlUrl} does not know this gateway's identity any more.`;
    case 'unreachable':
      return `The control API at ${controlUrl} cannot be reached (${end.detail}). Check CONTROL_URL.`;
    case 'refused':
      return `The control API at ${controlUrl} answered the change feed with status ${end.status}.`;
    case 'not_understood':
      return `The change feed of ${controlUrl} cannot be understood: ${end.detail}. Check that CONTROL_URL is a control API.`;
    case 'silent':
      return `The control API at ${controlUrl} has gone silent.`;
    case 'closed':
      return `The control API at ${controlUrl} closed the change feed.`;
    default:
      return assertNever(end);
  }
}
