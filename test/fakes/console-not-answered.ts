import type { RouteName } from '../../shared/api/routes.ts';
import type { Answers } from './console-api.ts';

/** Stands for answers that are being written; the file goes when they are there. */
export function notAnswered<N extends RouteName>(routes: Record<N, unknown>): Pick<Answers, N> {
  const refuse = () => {
    throw new Error('No answer has been written for this route.');
  };
  return Object.fromEntries(Object.keys(routes).map((name) => [name, refuse])) as unknown as Pick<Answers, N>;
}
