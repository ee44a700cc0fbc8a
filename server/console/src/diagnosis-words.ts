import type { DiagnosisState, DiagnosisView } from '../../../shared/api/schemas.ts';
import type { ProbeName, ProbeStatus } from '../../../shared/diagnostics/probe.ts';

type Tone = 'plain' | 'good' | 'bad' | 'warn' | 'grace';

export const probeWords: Record<ProbeName, string> = {
  power: 'Power',
  battery: 'Battery',
  'disk-space': 'Disk space',
  'disk-health': 'Disk health',
  memory: 'Memory',
  processor: 'Processor',
  temperature: 'Temperature',
  wifi: 'Wi-Fi',
  address: 'Network address',
  gateway: 'Gateway',
  'captive-portal': 'Captive portal',
  'name-lookup': 'Name lookup',
  'tls-interception': 'Intercepted connections',
  clock: 'Clock',
  certificate: 'Certificate',
  'server-path': 'Way to the server',
  'web-filter': 'Web filter',
  policy: 'Policy',
  updates: 'Updates',
  crashes: 'Crashes',
};

export const probeStatusWords: Record<ProbeStatus, { label: string; tone: Tone }> = {
  bad: { label: 'Wrong', tone: 'bad' },
  warn: { label: 'Look at it', tone: 'warn' },
  ok: { label: 'In order', tone: 'good' },
  unknown: { label: 'Not known', tone: 'plain' },
  'not-applicable': { label: 'Does not apply', tone: 'plain' },
};

export const diagnosisStateWords: Record<DiagnosisState, { label: string; tone: Tone }> = {
  opening: { label: 'Opening', tone: 'grace' },
  asking: { label: 'The person is asked', tone: 'warn' },
  running: { label: 'Looking', tone: 'good' },
  refused: { label: 'Refused', tone: 'bad' },
  ended: { label: 'Over', tone: 'plain' },
};

export const bundleWords: Record<NonNullable<DiagnosisView['bundle']>['state'], string> = {
  asked: 'The device is putting the bundle together.',
  preview: 'The person is looking at what is in the bundle. It leaves the device when they agree.',
  refused: 'The person did not agree: nothing left the device.',
  ready: 'The bundle is here.',
};

/** Whether a look at a device is not over yet. */
export const isUnderWay = ({ state }: Pick<DiagnosisView, 'state'>) => state !== 'refused' && state !== 'ended';

/** `4:05` until an instant, both in milliseconds since 1970; `0:00` once it is reached. */
export function countdown(until: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
