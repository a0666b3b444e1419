// The page of upstreams: its table is read off the schema, and the rest is written by people.
import { upstreamSpecSchema } from '@sluice/contracts';
import { policySettings } from '../policy-settings.js';
import { settingsTable } from './settings-table.js';

const begin = '<!-- Made by `npm run docs` from the schema. -->';
const end = '<!-- Written by people. -->';

/** @param written the page as it is. Throws when the place of the table is not marked in it. */
export function upstreamPage(written: string): string {
  const [above, below] = [written.indexOf(begin), written.indexOf(end)];
  if (above === -1 || below < above) throw new Error(`mark the place of the table: ${begin} and ${end}`);
  const table = settingsTable(policySettings({ schema: upstreamSpecSchema }));
  return `${written.slice(0, above)}${begin}\n\n${table}\n\n${written.slice(below)}`;
}
