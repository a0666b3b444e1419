// A part of a document: the objects that carry all of some tags. A route carries the tags of its API too. What is changed by
// tags changes nothing else: every object outside keeps what it says, and what a document names inside gets the tags that it
// lacks, as decK does it. An API outside may stand in such a document all the same, to hold routes that are inside; it must say
// there what it says in the draft.
import {
  canonicalJson,
  mostTags,
  type ApiSpec,
  type Document,
  type FieldError,
  type RouteSpec,
} from '@sluice/contracts';
import { pointerOf, type Step } from '@sluice/engine/document';

type Tags = readonly string[];
interface Tagged {
  readonly tags?: string[] | undefined;
}

/** What carries all of `tags`, and the APIs around such routes. */
export function partOf({ sluice, upstreams, apis, plans }: Document, tags: Tags): Document {
  const parts = Object.entries(apis).flatMap(([name, api]): [string, ApiSpec][] => {
    if (isInside(tags, api)) return [[name, api]];
    const routes = api.routes.filter((route) => isInside(tags, route, api));
    return routes.length === 0 ? [] : [[name, { ...api, routes }]];
  });
  return {
    sluice,
    upstreams: withTags(upstreams, tags),
    apis: Object.fromEntries(parts),
    plans: withTags(plans, tags),
  };
}

/**
 * What a draft becomes when a document is applied to the part of it that carries `tags`, or when that part is made what the
 * document says. As in mergeDocuments, the document's routes come first.
 *
 * @returns errors where the document names what is outside; the document is then of no use.
 */
export function changePart(
  draft: Document,
  named: Document,
  { tags, mode }: { readonly tags: Tags; readonly mode: 'apply' | 'sync' },
): { readonly document: Document; readonly errors: readonly FieldError[] } {
  const change = new PartChange(tags, mode === 'apply');
  const document: Document = {
    sluice: 1,
    upstreams: change.objects('upstream', draft.upstreams, named.upstreams),
    apis: change.apis(draft.apis, named.apis),
    plans: change.objects('plan', draft.plans, named.plans),
  };
  return { document, errors: change.errors };
}

class PartChange {
  readonly errors: FieldError[] = [];

  /** @param keeps what is inside and not named. */
  constructor(
    private readonly tags: Tags,
    private readonly keeps: boolean,
  ) {}

  objects<T extends Tagged>(
    kind: 'upstream' | 'plan',
    drafted: Readonly<Record<string, T>>,
    named: Readonly<Record<string, T>>,
  ): Record<string, T> {
    const kept = Object.entries(drafted).filter(([, object]) => this.keeps || !isInside(this.tags, object));
    const own = Object.entries(named).map(([name, object]): [string, T] => {
      const at = [`${kind}s`, name];
      const there = memberOf(drafted, name);
      if (there !== undefined && !isInside(this.tags, there)) this.refuseOutside(at, `${kind} "${name}"`);
      return [name, this.tagged(at, object)];
    });
    return Object.fromEntries([...kept, ...own]);
  }

  apis(drafted: Document['apis'], named: Document['apis']): Document['apis'] {
    const kept = Object.entries(drafted).flatMap(([name, api]): [string, ApiSpec][] => {
      if (!isInside(this.tags, api)) return [[name, { ...api, routes: this.keptRoutes(api, []) }]];
      return this.keeps ? [[name, api]] : [];
    });
    const own = Object.entries(named).map(([name, api]): [string, ApiSpec] => {
      const there = memberOf(drafted, name);
      if (there !== undefined && !isInside(this.tags, there)) return [name, this.apiAround(name, there, api)];
      const kept = there === undefined ? [] : this.keptRoutes(there, api.routes);
      return [name, { ...this.tagged(['apis', name], api), routes: [...api.routes, ...kept] }];
    });
    return Object.fromEntries([...kept, ...own]);
  }

  /** An API outside: its routes inside change, and nothing else of it. */
  private apiAround(name: string, drafted: ApiSpec, { routes, ...said }: ApiSpec): ApiSpec {
    const { routes: there, ...settings } = drafted;
    const tags = said.tags ?? settings.tags;
    if (canonicalJson({ ...said, ...(tags === undefined ? {} : { tags }) }) !== canonicalJson(settings))
      this.errors.push({
        pointer: pointerOf(['apis', name]),
        message: `the API "${name}" does not carry ${this.words()}, and so stays as it is; the document says otherwise of it`,
        fix: 'write here what an export by these tags has; or change the API itself without tags',
      });
    const own = routes.map((route, index) => {
      const at = ['apis', name, 'routes', index];
      const earlier = there.find((one) => one.name === route.name);
      if (earlier !== undefined && !isInside(this.tags, earlier, drafted))
        this.refuseOutside(at, `route "${name}/${route.name}"`);
      return this.tagged(at, route, drafted.tags);
    });
    return { ...drafted, routes: [...own, ...this.keptRoutes(drafted, routes)] };
  }

  private keptRoutes(drafted: ApiSpec, named: readonly RouteSpec[]): RouteSpec[] {
    const names = new Set(named.map(({ name }) => name));
    return drafted.routes.filter(
      (route) => !names.has(route.name) && (this.keeps || !isInside(this.tags, route, drafted)),
    );
  }

  private tagged<T extends Tagged>(at: readonly Step[], object: T, inherited: Tags = []): T {
    const own = object.tags ?? [];
    const lacking = this.tags.filter((tag) => !own.includes(tag) && !inherited.includes(tag));
    if (lacking.length === 0) return object;
    const tags = [...own, ...lacking].toSorted();
    if (tags.length > mostTags)
      this.errors.push({
        pointer: pointerOf([...at, 'tags']),
        message: `with ${this.words()} it would carry ${tags.length} tags`,
        fix: `leave some out: an object carries at most ${mostTags}`,
      });
    return { ...object, tags };
  }

  private refuseOutside(at: readonly Step[], what: string): void {
    this.errors.push({
      pointer: pointerOf(at),
      message: `the ${what} is there already and does not carry ${this.words()}: it is not of the part that is to be changed`,
      fix: 'leave it out or choose another name; or tag it first, by a change without tags',
    });
  }

  private words(): string {
    const named = this.tags.map((tag) => `"${tag}"`).join(', ');
    return this.tags.length === 1 ? `the tag ${named}` : `the tags ${named}`;
  }
}

function isInside(tags: Tags, object: Tagged, around?: Tagged): boolean {
  return tags.every((tag) => object.tags?.includes(tag) === true || around?.tags?.includes(tag) === true);
}

function withTags<T extends Tagged>(objects: Readonly<Record<string, T>>, tags: Tags): Record<string, T> {
  return Object.fromEntries(Object.entries(objects).filter(([, object]) => isInside(tags, object)));
}

function memberOf<T>(objects: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(objects, name) ? objects[name] : undefined;
}
