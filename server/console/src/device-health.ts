import type Type from 'typebox';
import type { DeviceDetail } from '../../../shared/api/schemas.ts';
import type { Health, HealthCollectorName, LiveSample as LiveSampleSchema } from '../../../shared/protocol/health.ts';

export type LiveSample = Type.Static<typeof LiveSampleSchema>;

/** One collector's last report with its time; undefined when the device never reported it. The server checked its form. */
export function healthOf<N extends HealthCollectorName>(
  detail: DeviceDetail,
  name: N,
): { at: string; value: NonNullable<Health[N]> } | undefined {
  const reported = detail.health[name];
  return reported ? { at: reported.at, value: reported.value as NonNullable<Health[N]> } : undefined;
}
