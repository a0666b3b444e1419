// Policies as the form holds them: each by its name, with its settings as JSON text. Which settings a policy takes is
// the server's knowledge, so nothing of them is lost here, whatever they are.
import type { FieldError, Policy } from '@sluice/contracts';
import { z } from 'zod';
import { nextId } from '@/features/ui/list-draft';

export interface PolicyDraft {
  readonly id: number;
  readonly name: string;
  /** The settings, JSON. */
  readonly text: string;
  /** Somebody writes it as text: it stays where it is written, though fields could show what it has come to say. */
  readonly isWritten?: boolean;
}

export const keyPolicy = 'api-key';
const usualKeyHeader = 'x-api-key';
const simpleKeySchema = z.strictObject({ header: z.string().optional() });

export function policyDraftOf(policy: Policy, id: number): PolicyDraft {
  const [name = '', settings = {}] = Object.entries(policy)[0] ?? [];
  return { id, name, text: JSON.stringify(settings, null, 2) };
}

export function policyOf({ name, text }: PolicyDraft): Policy {
  const read = readJson(text);
  return { [name.trim()]: read.ok ? read.value : text };
}

/** Settings that are no JSON, by the pointers of their fields: found before anything is sent. */
export function unreadableSettings(policies: readonly PolicyDraft[]): FieldError[] {
  return policies.flatMap(({ name, text }, index) => {
    const read = readJson(text);
    if (read.ok) return [];
    return [{ pointer: `/policies/${index}/${name.trim()}`, message: `this is no JSON: ${read.why}`, fix: '' }];
  });
}

export function newKeyPolicy(policies: readonly PolicyDraft[]): PolicyDraft {
  return { id: nextId(policies), name: keyPolicy, text: keyText(usualKeyHeader) };
}

export function keyText(header: string): string {
  return JSON.stringify({ header }, null, 2);
}

/** The header of an API key whose settings say no more than that; undefined when they do, and only their JSON shows them whole. */
export function simpleKeyHeader({ name, text, isWritten }: PolicyDraft): string | undefined {
  if (name !== keyPolicy || isWritten === true) return undefined;
  const read = readJson(text);
  const settings = simpleKeySchema.safeParse(read.ok ? read.value : null);
  return settings.success ? (settings.data.header ?? usualKeyHeader) : undefined;
}

export function readJson(text: string): { ok: true; value: unknown } | { ok: false; why: string } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : 'it cannot be read' };
  }
}
