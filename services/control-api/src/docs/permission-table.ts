// The part of docs/permissions.md that is read off the code: each action with the roles that may, and what it opens.
import { roles } from '@sluice/contracts';
import { RequestMethod, type Type } from '@nestjs/common';
import { actionOf } from '../http/endpoint.js';
import { describedHandlers } from '../openapi/build-document.js';
import { isPermitted, permissions, type Action } from '../permissions.js';

const begin = '<!-- Made by `npm run docs` from the permission table and the endpoints. -->';
const end = '<!-- Written by people. -->';

/** @param written the page as it is. Throws when the place of the table is not marked in it. */
export function permissionPage(written: string, controllers: readonly Type[]): string {
  const [above, below] = [written.indexOf(begin), written.indexOf(end)];
  if (above === -1 || below < above) throw new Error(`mark the place of the table: ${begin} and ${end}`);
  return `${written.slice(0, above)}${begin}\n\n${permissionTable(controllers)}\n\n${written.slice(below)}`;
}

function permissionTable(controllers: readonly Type[]): string {
  const opened = Map.groupBy(endpointsOf(controllers), ({ action }) => action);
  const columns = [...roles].toReversed();
  const rows = (Object.keys(permissions) as Action[]).map((action) => {
    const ticks = columns.map((role) => (isPermitted(role, action) ? 'yes' : ''));
    const endpoints = (opened.get(action) ?? []).map(
      ({ name, isForPeople }) => `\`${name}\`${isForPeople ? ' ¹' : ''}`,
    );
    return `| \`${action}\` | ${ticks.join(' | ')} | ${endpoints.join('<br>')} |`;
  });
  return [
    `| action | ${columns.join(' | ')} | opens, below \`/v1/tenants/{tenant}\` |`,
    `|---|${'---|'.repeat(columns.length)}---|`,
    ...rows,
    '',
    '¹ takes a person who has signed in; no access token reaches it.',
  ].join('\n');
}

interface OpenedEndpoint {
  readonly action: Action;
  /** `GET /environments/{environment}`. */
  readonly name: string;
  readonly isForPeople: boolean;
}

function endpointsOf(controllers: readonly Type[]): OpenedEndpoint[] {
  return controllers.flatMap(describedHandlers).flatMap(({ controller, handler, spec }) => {
    const action = actionOf(spec);
    if (action === undefined) return [];
    const path = [Reflect.getMetadata('path', controller), Reflect.getMetadata('path', handler)]
      .map(String)
      .filter((part) => part !== '/')
      .join('/')
      .replace(/^v1\/tenants\/:tenant/, '')
      .replaceAll(/:(\w+)/g, '{$1}');
    const method = RequestMethod[Reflect.getMetadata('method', handler) as number] ?? '';
    return [{ action, name: `${method} ${path || '/'}`, isForPeople: spec.isForPeople === true }];
  });
}
