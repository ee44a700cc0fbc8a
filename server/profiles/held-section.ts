import type { WebFilterSection } from '../../shared/profile/web-filter.ts';
import { type DesiredStore, manifestSections } from '../store/desired.ts';

/** The web-filter section a device should hold now; undefined when no profile gives it one. */
export async function heldWebFilter(desired: DesiredStore, deviceId: string): Promise<WebFilterSection | undefined> {
  const row = await desired.ofDevice(deviceId);
  const state = row && (await desired.states([row.generation])).get(row.generation);
  const hash = state && manifestSections(state.signed.manifest).webFilter;
  const content = hash === undefined ? undefined : await desired.section(hash);
  return content === undefined ? undefined : (JSON.parse(content) as WebFilterSection);
}
