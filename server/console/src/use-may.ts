import { useQuery } from '@tanstack/react-query';
import { mayCall } from '../../../shared/access/may-call.ts';
import type { RouteName } from '../../../shared/api/routes.ts';
import { queries } from './queries.ts';

/** Says of a route whether whoever is signed in may ever call it: what they may not is not offered. */
export function useMay(): (name: RouteName) => boolean {
  const { data } = useQuery(queries.session());
  return (name) => mayCall(data?.access, name);
}
