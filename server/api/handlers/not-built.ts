import type { RouteName } from '../../../shared/api/routes.ts';
import { CodedError } from '../../../shared/errors/catalogue.ts';
import type { Handlers } from '../register.ts';

/** Stands for handlers that are being built; the file goes when they are there. */
export function notBuilt<N extends RouteName>(routes: Record<N, unknown>): Pick<Handlers, N> {
  const refuse = async () => {
    throw new CodedError('not-found', 'This is being built.');
  };
  return Object.fromEntries(Object.keys(routes).map((name) => [name, refuse])) as unknown as Pick<Handlers, N>;
}
