// The page of a configuration that was taken over: the document in it is made, and the rest is written by people.
import { yamlOf } from './yaml.js';

const begin = '<!-- Made by `npm run docs` from sluice.json. -->';
const end = '<!-- Written by people. -->';

/** @param written the page as it is. Throws when the place of the document is not marked in it. */
export function migrationPage(document: unknown, written: string): string {
  const [above, below] = [written.indexOf(begin), written.indexOf(end)];
  if (above === -1 || below < above) throw new Error(`mark the place of the document: ${begin} and ${end}`);
  return `${written.slice(0, above)}${begin}\n\n\`\`\`yaml\n${yamlOf(document)}\n\`\`\`\n\n${written.slice(below)}`;
}
