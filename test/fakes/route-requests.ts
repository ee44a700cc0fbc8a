import type { ObjectKind } from '../../shared/access/objects.ts';
import { type AccessRule, accessRules, type IdKind } from '../../shared/api/access-rules.ts';
import type { Route } from '../../shared/api/contract.ts';
import { type RouteName, routes } from '../../shared/api/routes.ts';
import { sampleOf } from './schema-samples.ts';

/** A request as `app.inject` takes it. */
export interface Asked {
  method: Route['method'];
  url: string;
  headers: Record<string, string>;
  payload?: Buffer | string;
}

/** The smallest request that a route understands, with these ids wherever its rule says that ids stand; several go into a list. */
export function requestOf(name: RouteName, idFor: (place: string, kind: ObjectKind) => string | string[]): Asked {
  const route: Route = routes[name];
  const parts = { params: sampleOf(route.params), query: sampleOf(route.query), body: sampleOf(route.body) };
  for (const [place, kind] of Object.entries((accessRules[name] as AccessRule).ids ?? {}) as [string, IdKind][])
    put(parts as Record<string, unknown>, place.split('.'), kind === 'target' ? 'device' : kind, (at) =>
      idFor(place, at),
    );
  const params = parts.params as Record<string, unknown>;
  const query = new URLSearchParams(parts.query as Record<string, string>);
  const url = `${route.path.replaceAll(/:(\w+)/g, (_, key: string) => String(params[key]))}?${query}`;
  if (route.upload)
    return {
      method: route.method,
      url,
      payload: Buffer.from('x'),
      headers: { 'content-type': route.upload.types[0] ?? '' },
    };
  if (route.method === 'GET' || route.method === 'DELETE') return { method: route.method, url, headers: {} };
  return {
    method: route.method,
    url,
    payload: JSON.stringify(parts.body),
    headers: { 'content-type': 'application/json' },
  };
}

function put(
  value: Record<string, unknown>,
  [step = '', ...rest]: string[],
  kind: ObjectKind,
  idFor: (kind: ObjectKind) => string | string[],
) {
  if (step.endsWith('[]')) value[step.slice(0, -2)] = [idFor(kind)].flat();
  else if (rest.length > 0) {
    value[step] = { ...(value[step] as object | undefined) };
    put(value[step] as Record<string, unknown>, rest, kind, idFor);
  } else value[step] = step === 'target' ? { kind, id: idFor(kind) } : idFor(kind);
}
