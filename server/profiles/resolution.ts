import type { Clock, Random } from '../../shared/clock.ts';
import type { Bus } from '../bus.ts';
import { ChangePreviews, type PreviewParts } from './change-previews.ts';
import { DesiredRows } from './desired-rows.ts';
import { Reach } from './reach.ts';
import { SubjectIndex } from './subject-index.ts';
import type { SubjectStores } from './subjects.ts';

export interface ResolutionBase {
  stores: SubjectStores & PreviewParts['stores'];
  bus: Bus;
  clock: Clock;
  random: Random;
  /** Names and addresses of this server. */
  hosts: readonly string[];
}

/** What is known of every device, shared by all that resolve: desired states, previews, counts. */
export function createResolution(base: ResolutionBase) {
  const index = new SubjectIndex(base);
  const rows = new DesiredRows(base.stores.desired);
  const parts = { ...base, index, rows };
  return { index, rows, previews: new ChangePreviews(parts), reach: new Reach(parts) };
}
