import type { Registration } from './functions-core.ts';
import { compileRoute, isReservedRoute, type RouteTemplate } from './route-template.ts';

export type HttpFunction = {
  kind: 'http';
  name: string;
  methods: readonly string[];
  /** With a leading slash. */
  route: string;
  authLevel: 'anonymous' | 'function' | 'admin';
};

export type Route = HttpFunction & { registration: Registration; template: RouteTemplate };

/** The most specific route first; throws where the platform would refuse to start the app. */
export function createRoutes(registrations: readonly Registration[], prefix: string): Route[] {
  const routes = registrations.flatMap((registration) => {
    const trigger = Object.values(registration.bindings).find(({ type }) => type === 'httpTrigger');
    return trigger ? [createRoute(registration, trigger, prefix)] : [];
  });
  routes.sort((a, b) => compare(a.template.precedence, b.template.precedence));
  refuseDoubles(routes);
  return routes;
}

/** A path whose methods are others is no match: the platform answers 404 and not 405. */
export function findRoute(routes: readonly Route[], method: string, path: string) {
  for (const route of routes) {
    if (!route.methods.includes(method)) continue;
    const params = route.template.match(path);
    if (params) return { route, params };
  }
  return undefined;
}

function createRoute(
  registration: Registration,
  trigger: Record<string, unknown>,
  prefix: string,
): Route {
  const { name } = registration;
  const own = (trigger['route'] as string | undefined) ?? name;
  if (isReservedRoute(own)) {
    throw new Error(
      `function ${name}: the route ${own} is reserved; routes must not begin with admin or runtime`,
    );
  }
  const template = compileRoute(prefix === '' ? own : `${prefix}/${own}`);
  return {
    kind: 'http',
    name,
    methods: (trigger['methods'] as string[]).map((method) => method.toUpperCase()),
    route: `/${template.text.replace(/^\/+/, '')}`,
    authLevel: trigger['authLevel'] as Route['authLevel'],
    registration,
    template,
  };
}

/** The platform would serve either of the two, and not say which. */
function refuseDoubles(routes: readonly Route[]): void {
  const owners = new Map<string, string>();
  for (const { name, methods, route } of routes) {
    for (const method of methods) {
      const shape = `${method} ${route.toLowerCase().replace(/\{\w+/g, '{')}`;
      const owner = owners.get(shape);
      if (owner) throw new Error(`functions ${owner} and ${name} share ${method} ${route}`);
      owners.set(shape, name);
    }
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
