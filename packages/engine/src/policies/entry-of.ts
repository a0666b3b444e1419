/** The name and the settings of a policy as the document writes it: `{ name: settings }`. */
export function entryOf(spec: unknown): readonly [name: string, settings: unknown] {
  return typeof spec === 'object' && spec !== null ? (Object.entries(spec)[0] ?? nothing) : nothing;
}

const nothing = ['', undefined] as const;
