// Every endpoint of the built application, with what it promises: what the access tests are generated from.
import 'reflect-metadata';
import { controllers } from '../../dist/app.module.js';
import type { EndpointSpec } from '../../dist/http/endpoint.js';
import { describedHandlers } from '../../dist/openapi/build-document.js';

export interface DescribedEndpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  /** `/v1/tenants/:tenant/...` */
  readonly path: string;
  readonly hasBody: boolean;
  readonly spec: EndpointSpec;
}

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'] as const;

export const endpoints: readonly DescribedEndpoint[] = controllers.flatMap((controller) =>
  describedHandlers(controller).map(({ name, handler, spec }) => {
    const parts = [Reflect.getMetadata('path', controller), Reflect.getMetadata('path', handler)]
      .map(String)
      .filter((part) => part !== '/');
    const parameters = (Reflect.getMetadata('__routeArguments__', controller, name) ?? {}) as Record<
      string,
      { schema?: unknown }
    >;
    const hasBody = Object.entries(parameters).some(
      ([key, { schema }]) => key.startsWith('3:') && schema !== undefined,
    );
    return {
      method: methods[Reflect.getMetadata('method', handler) as number] ?? 'GET',
      path: `/${parts.join('/')}`,
      hasBody: hasBody || spec.takesDocument === true,
      spec,
    };
  }),
);

export const keyOf = ({ method, path }: Pick<DescribedEndpoint, 'method' | 'path'>): string => `${method} ${path}`;

/** The path with its parameters filled in. A parameter that is not among `values` is a mistake of the test. */
export function filled(path: string, values: Readonly<Record<string, string>>): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the test has no value for :${name} of ${path}`);
    return encodeURIComponent(value);
  });
}
