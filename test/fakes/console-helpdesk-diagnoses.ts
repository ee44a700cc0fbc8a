import type { diagnosisRoutes } from '../../shared/api/routes/diagnoses.ts';
import type { DiagnosisView } from '../../shared/api/schemas.ts';
import type { Examination, ProbeResult } from '../../shared/diagnostics/probe.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Answers } from './console-api.ts';
import { ago, devices } from './console-district.ts';
import { ticketViews } from './console-helpdesk-tickets.ts';

const minute = 60_000;

const probe = (
  name: ProbeResult['probe'],
  status: ProbeResult['status'],
  words: string,
  evidence: readonly (readonly [item: string, seen: string])[],
  fix?: string,
): ProbeResult => ({
  ...{ probe: name, status, words },
  evidence: evidence.map(([item, seen]) => ({ item, seen })),
  ...(fix === undefined ? {} : { fix }),
});

const probes: ProbeResult[] = [
  probe('power', 'ok', 'On mains.', [['AC', 'online']]),
  probe('battery', 'warn', 'It holds 74 % of what it held when it was new.', [
    ['full', '37.9 Wh'],
    ['as made', '51.2 Wh'],
  ]),
  probe(
    'disk-space',
    'bad',
    'The disk is full: 0.3 GB of 250 GB are free on /.',
    [
      ['/', '99.9 % used'],
      ['largest folder', 'a home folder: 171 GB'],
      ['package cache', '6.2 GB'],
    ],
    'Empty the package cache and the Downloads folder; 10 GB should be free.',
  ),
  probe('disk-health', 'ok', 'The drive says it is well.', [['KXG60ZNV256G', 'passed, 6 % worn']]),
  probe('memory', 'ok', 'There is memory left: 8.9 of 16.6 GB.', [['available', '8.9 GB']]),
  probe(
    'processor',
    'warn',
    'One program keeps a core busy: tracker-miner.',
    [
      ['tracker-miner', '98 % of a core for 10 s'],
      ['load', '3.1 on 8 cores'],
    ],
    'It indexes the full disk over and over; it rests once there is room.',
  ),
  probe('temperature', 'ok', 'The processor is at 61 °C.', [['package', '61 °C of 100 °C']]),
  probe('wifi', 'ok', 'The signal is good (−58 dBm), without roaming.', [['LUSD-Students', '−58 dBm, 5180 MHz']]),
  probe('name-lookup', 'ok', 'Names are found in 4 ms.', [['resolver', '127.0.0.1']]),
  probe('clock', 'ok', 'The clock is right to 0.1 s.', [['offset', '0.1 s']]),
  probe('web-filter', 'ok', 'Blocked names are blocked, others are found.', [['probe.blocked.example', '0.0.0.0']]),
  probe('updates', 'warn', '3 security updates wait for a restart.', [['waiting', '14, of them 3 for security']]),
  probe('crashes', 'unknown', 'The list of crashes cannot be read.', [['coredumpctl', 'is not installed']]),
  probe('captive-portal', 'not-applicable', 'The device is on a network of the district.', []),
];

export const examination: Examination = {
  at: Date.now(),
  tookMs: 6_400,
  conclusions: probes
    .filter(({ status }) => status === 'bad')
    .concat(probes.filter(({ probe: name }) => name === 'processor'))
    .map(({ probe: name, words, fix }) => ({ probe: name, words, ...(fix === undefined ? {} : { fix }) })),
  probes,
};

/** Looks at devices: of ticket 1204 the person is asked, of ticket 1207 they say no. */
export function diagnosisAnswers(): Pick<Answers, keyof typeof diagnosisRoutes> {
  const views: DiagnosisView[] = [];
  const found = (id: string): DiagnosisView => {
    const view = views.find((one) => one.id === id);
    if (!view) throw new CodedError('not-found');
    return view;
  };
  const over = { endedAt: ago(0), ended: 'Ada Byrne stopped looking.' };
  return {
    openDiagnosis: ({ params, body }) => {
      const ticket = ticketViews().find(({ id }) => id === params.id);
      const device = devices.find(({ id }) => id === (ticket?.device?.id ?? 'dev1')) ?? devices[1];
      const state = params.id === 't1204' ? 'asking' : params.id === 't1207' ? 'refused' : 'running';
      const view: DiagnosisView = {
        ...{ id: `look${views.length + 1}`, ticketId: params.id, by: 'Ada Byrne', reason: body.reason, state },
        device: { id: device?.id ?? 'dev1', name: device?.name ?? '' },
        ...{ openedAt: ago(0), until: new Date(Date.now() + body.minutes * minute).toISOString() },
        ...(state === 'refused'
          ? { endedAt: ago(0), ended: 'The person at the device said no.' }
          : { endedAt: null, ended: null }),
        shown: ['The page “Somebody is looking” on the device', 'A notification on the desktop'],
        ...{ examination: null, bundle: null },
      };
      views.unshift(view);
      return view;
    },
    listDiagnoses: ({ params }) => ({ items: views.filter(({ ticketId }) => ticketId === params.id) }),
    readDiagnosis: ({ params }) => found(params.id),
    endDiagnosis: ({ params }) => Object.assign(found(params.id), { state: 'ended', ...over }),
    examine: ({ params }) => Object.assign(found(params.id), { examination }),
    askBundle: ({ params }) => {
      const view = found(params.id);
      const state = view.bundle === null ? 'preview' : 'ready';
      return Object.assign(view, { bundle: { state, bytes: state === 'ready' ? 84_213 : null, at: ago(0) } });
    },
    readBundle: () => ({
      ...{ name: 'support-bundle.zip', type: 'application/zip' },
      bytes: new TextEncoder().encode('PK made up'),
    }),
  };
}
