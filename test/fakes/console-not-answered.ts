import type { RouteName } from '../../shared/api/routes.ts';
import type { Answers } from './console-api.ts';

/** For routes that no page asks for: those of the command line. */
export function notAnswered<N extends RouteName>(routes: Record<N, unknown>): Pick<Answers, N> {
  const refuse = () => {
    throw new Error('No page asks for this: it is a route of the command line.');
  };
  return Object.fromEntries(Object.keys(routes).map((name) => [name, refuse])) as unknown as Pick<Answers, N>;
}
