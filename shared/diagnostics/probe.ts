import Type from 'typebox';
import { choice, EpochMs, strictObject, text } from '../schema.ts';

/** What “what is wrong?” looks at, in the order of a technician's questions. */
export const probeNames = [
  'power',
  'battery',
  'disk-space',
  'disk-health',
  'memory',
  'processor',
  'temperature',
  'wifi',
  'address',
  'gateway',
  'captive-portal',
  'name-lookup',
  'tls-interception',
  'clock',
  'certificate',
  'server-path',
  'web-filter',
  'policy',
  'updates',
  'crashes',
] as const;
export type ProbeName = (typeof probeNames)[number];

export const probeStatuses = ['ok', 'warn', 'bad', 'unknown', 'not-applicable'] as const;
export type ProbeStatus = (typeof probeStatuses)[number];

/** What one probe found: words for a technician, what was seen, and what to do. */
export const ProbeResult = strictObject({
  probe: choice(probeNames),
  status: choice(probeStatuses),
  /** One sentence. */
  words: text(500),
  evidence: Type.Array(strictObject({ item: text(200), seen: text(500) }), { maxItems: 20 }),
  /** Absent: nothing is to be done, or nobody knows what. */
  fix: Type.Optional(text(500)),
});
export type ProbeResult = Type.Static<typeof ProbeResult>;

/** One click on “what is wrong?”. */
export const Examination = strictObject({
  at: EpochMs,
  tookMs: Type.Integer({ minimum: 0, maximum: 600_000 }),
  /** What is most likely wrong, the worst first; empty: nothing was found. */
  conclusions: Type.Array(
    strictObject({ probe: choice(probeNames), words: text(500), fix: Type.Optional(text(500)) }),
    { maxItems: probeNames.length },
  ),
  probes: Type.Array(ProbeResult, { maxItems: probeNames.length }),
});
export type Examination = Type.Static<typeof Examination>;
