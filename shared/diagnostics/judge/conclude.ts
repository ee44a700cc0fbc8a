import type { Examination, ProbeName, ProbeResult } from '../probe.ts';

type Conclusion = Examination['conclusions'][number];

/** The most likely cause of a person's trouble first, when several things of one weight are wrong. */
const causesFirst: readonly ProbeName[] = [
  'disk-health',
  'disk-space',
  'memory',
  'processor',
  'temperature',
  'power',
  'clock',
  'wifi',
  'address',
  'gateway',
  'captive-portal',
  'tls-interception',
  'certificate',
  'web-filter',
  'name-lookup',
  'server-path',
  'policy',
  'battery',
  'crashes',
  'updates',
];

const wayOut = ['name-lookup', 'server-path', 'tls-interception'] as const satisfies ProbeName[];

/** Trouble → what it brings with it, when it is bad. Without circles: a symptom never brings its cause. */
const brings: Partial<Record<ProbeName, readonly ProbeName[]>> = {
  clock: ['tls-interception', 'certificate', 'server-path', 'name-lookup'],
  address: ['gateway', 'web-filter', ...wayOut],
  wifi: ['address', 'gateway', 'web-filter', ...wayOut],
  gateway: ['web-filter', ...wayOut],
  'captive-portal': ['name-lookup', 'server-path', 'tls-interception', 'web-filter'],
  'tls-interception': ['server-path', 'name-lookup'],
  certificate: ['server-path', 'policy'],
  'web-filter': ['name-lookup'],
  'name-lookup': ['server-path'],
  'disk-space': ['policy', 'updates', 'crashes', 'web-filter'],
  'disk-health': ['disk-space', 'policy', 'updates', 'crashes', 'processor'],
  memory: ['processor', 'crashes'],
  processor: ['temperature'],
};

/**
 * What is most likely wrong: causes before what follows from them, bad before merely noticeable. What another trouble
 * explains stands last and names it, so that nobody repairs a symptom.
 */
export function conclude(probes: readonly ProbeResult[]): Conclusion[] {
  const troubles = probes
    .filter(({ status }) => status === 'bad' || status === 'warn')
    .sort((a, b) => causesFirst.indexOf(a.probe) - causesFirst.indexOf(b.probe));
  const causeOf = (trouble: ProbeResult) =>
    troubles.find(({ probe, status }) => status === 'bad' && brings[probe]?.includes(trouble.probe));
  const weight = (trouble: ProbeResult) => (causeOf(trouble) ? 2 : trouble.status === 'bad' ? 0 : 1);
  const ranked = [...troubles].sort((a, b) => weight(a) - weight(b));
  return ranked.map((trouble) => conclusionOf(trouble, causeOf(trouble)));
}

function conclusionOf({ probe, words, fix }: ProbeResult, cause: ProbeResult | undefined): Conclusion {
  if (cause) return { probe, words: `${words} This probably follows from: ${titles[cause.probe]}.`.slice(0, 500) };
  return { probe, words, ...(fix === undefined ? {} : { fix }) };
}

/** What each probe looks at, within a sentence. */
export const titles: Record<ProbeName, string> = {
  power: 'power',
  battery: 'the battery',
  'disk-space': 'disk space',
  'disk-health': 'the health of the disk',
  memory: 'memory',
  processor: 'the processor',
  temperature: 'temperature',
  wifi: 'Wi-Fi',
  address: 'the network address',
  gateway: 'the way to the router',
  'captive-portal': 'a network that wants a sign-in',
  'name-lookup': 'the lookup of names',
  'tls-interception': 'the opening of encrypted connections',
  clock: 'the clock',
  certificate: 'the certificate of this device',
  'server-path': 'the way to the server',
  'web-filter': 'the web filter',
  policy: 'the policy of this device',
  updates: 'updates',
  crashes: 'crashes',
};
