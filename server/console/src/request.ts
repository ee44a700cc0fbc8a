import type { Params, Query, RequestBody, Response } from '../../../shared/api/contract.ts';
import { type RouteName, type Routes, routes } from '../../../shared/api/routes.ts';

type Part<Key extends string, T> = keyof T extends never ? { [K in Key]?: never } : { [K in Key]: T };
type Loose<T> = { [K in keyof T]: T[K] | undefined };

/** What a call of a route needs, derived from its declaration; undefined query values are left out. */
export type Input<N extends RouteName> = Part<'params', Params<Routes[N]>> &
  Part<'body', RequestBody<Routes[N]>> & {
    query?: Partial<Loose<Query<Routes[N]>>>;
    /** Raw bytes, for routes that take an upload. */
    upload?: { bytes: Blob; type: string };
    signal?: AbortSignal;
  };

export type Output<N extends RouteName> = Response<Routes[N]>;

interface Parts {
  params?: object | undefined;
  query?: object | undefined;
}

/** The address of a route with its parameters filled in. */
export function addressOf(name: RouteName, { params = {}, query = {} }: Parts): string {
  const values = new Map(Object.entries(params));
  const path = routes[name].path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(String(values.get(key))));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(key, String(value));
  }
  return search.size > 0 ? `${path}?${search}` : path;
}
