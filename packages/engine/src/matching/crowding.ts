// Routes that are one too many. A request is held against each route that its path fits, against each regex whose beginning
// fits, and against each way through the templates that goes along with it: above these bounds it would cost its tenant's
// neighbours too much. A thousand templates that differ in where they have a placeholder are a thousand ways at once, and
// for each of them nearly the whole path is read again (measured: 40 ms a request).
import type { CompiledRoute } from '../compiled.js';
import type { CompiledPath } from './paths.js';
import { compareText } from './precedence.js';
import type { TemplateSegment } from './template.js';

const mostOfOnePath = 64;
const mostRegexes = 256;
const mostAtOnce = 512;

export interface Crowded {
  readonly route: CompiledRoute;
  readonly detail: string;
  readonly fix: string;
}

/** Of the routes of one host, those to leave out. Which they are hangs on paths and names, never on the order given. */
export function findCrowded(routes: readonly CompiledRoute[], host: string): Crowded[] {
  const crowded: Crowded[] = [];
  const counts = new Map<string, number>();
  const ways = emptyWay();
  const beginnings: string[] = [];
  const refuse = (route: CompiledRoute, what: string, fix: string): void => {
    crowded.push({ route, detail: `the route ${route.key} is one too many: ${what} on ${host}`, fix });
  };
  for (const route of routes.toSorted(inOrder)) {
    const { path } = route;
    const shape = shapeOf(path);
    const count = (counts.get(shape) ?? 0) + 1;
    counts.set(shape, count);
    if (path.kind === 'regex' && count > mostRegexes)
      refuse(route, `${mostRegexes} routes with a regex are served`, 'write templates or prefixes, or use more hosts');
    else if (path.kind !== 'regex' && count > mostOfOnePath)
      refuse(
        route,
        `${mostOfOnePath} routes of the path ${path.text} are served`,
        'join routes, or use more paths or hosts',
      );
    else if (!(path.kind === 'template' ? fitsTemplate(ways, path.segments) : fitsBeginning(beginnings, path)))
      refuse(
        route,
        `one path may fit ${mostAtOnce} others, or parts of them, at once`,
        'write words where others of the same form have placeholders, or use more hosts',
      );
  }
  return crowded;
}

// What another text begins with comes before it.
function inOrder(left: CompiledRoute, right: CompiledRoute): number {
  return compareText(left.path.text, right.path.text) || compareText(left.key, right.key);
}

/** The same for paths that take the same requests: the names of placeholders make no other path. All regexes are one. */
export function shapeOf({ kind, text }: CompiledPath): string {
  if (kind === 'regex') return kind;
  return `${kind} ${kind === 'template' ? text.replaceAll(/\{[^}]*\}/g, '{}') : text}`;
}

/** `open` are those of the routes before it that each text from here on may begin with, so long as it goes on as they do. */
function fitsBeginning(open: string[], { kind, text }: CompiledPath): boolean {
  if (kind !== 'prefix' && kind !== 'rawPrefix') return true;
  while (open.length > 0 && !text.startsWith(open.at(-1) ?? '')) open.pop();
  return open.length < mostAtOnce && open.push(text) > 0;
}

function fitsTemplate(ways: Way, segments: readonly TemplateSegment[]): boolean {
  const steps = segments
    .filter(({ kind }) => kind !== 'rest')
    .map(({ kind, text }) => (kind === 'literal' ? text : null));
  if (costWith(ways, steps, false) > mostAtOnce) return false;
  add(ways, steps, false);
  return true;
}

/** A node of all templates of a host together. */
interface Way {
  /** By the word that follows; `null` is a placeholder. */
  readonly next: Map<string | null, Way>;
  /** That end here, or go on as they like. */
  routes: number;
  mostOfWords: number;
  /** What looking on from here can come to: one for each node behind a placeholder, and one for each route. */
  cost: number;
}

type Steps = readonly (string | null)[];

function emptyWay(): Way {
  return { next: new Map(), routes: 0, mostOfWords: 0, cost: 0 };
}

// A path goes on by one word at most, and by the placeholder beside it.
function costWith({ next, routes, mostOfWords }: Way, steps: Steps, isOpen: boolean, index = 0): number {
  const own = routes + (isOpen ? 1 : 0);
  const ofPlaceholder = next.get(null)?.cost ?? 0;
  const step = steps[index];
  if (step === undefined) return own + 1 + ofPlaceholder + mostOfWords;
  const child = costWith(next.get(step) ?? emptyWay(), steps, isOpen || step === null, index + 1);
  return own + (step === null ? child + mostOfWords : ofPlaceholder + Math.max(mostOfWords, child));
}

function add(way: Way, steps: Steps, isOpen: boolean, index = 0): void {
  const step = steps[index];
  if (step === undefined) way.routes += 1;
  else {
    const child = way.next.get(step) ?? emptyWay();
    way.next.set(step, child);
    add(child, steps, isOpen || step === null, index + 1);
    if (step !== null) way.mostOfWords = Math.max(way.mostOfWords, child.cost);
  }
  way.cost = way.routes + (isOpen ? 1 : 0) + (way.next.get(null)?.cost ?? 0) + way.mostOfWords;
}
