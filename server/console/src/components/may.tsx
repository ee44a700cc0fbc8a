import type { ReactNode } from 'react';
import type { RouteName } from '../../../../shared/api/routes.ts';
import { useMay } from '../use-may.ts';

/** Offers something only to whoever may ever call its route. */
export function May({ call, children }: { call: RouteName; children: ReactNode }) {
  return useMay()(call) ? children : null;
}
