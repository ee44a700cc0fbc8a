import Type from 'typebox';
import type { Health, Observations } from '../protocol/health.ts';
import { choice, strictObject } from '../schema.ts';

/**
 * Names that must be blocked were asked for: all were blocked, or not all. `idle`: the filter was asked, and at that hour
 * nothing had to be blocked. `none`: nothing was asked.
 */
export const filterMeasurements = ['blocked', 'not-blocked', 'idle', 'none'] as const;
export type FilterMeasurement = (typeof filterMeasurements)[number];

/** Whether a web filter is asked of the device, and what the measurement in its last report says; absent: no report yet. */
export const FilterReport = strictObject({
  asked: Type.Boolean(),
  measured: Type.Optional(choice(filterMeasurements)),
});
export type FilterReport = Type.Static<typeof FilterReport>;

/** What is known of one device, as far as checks look at it. Values come from outside: each check holds them to its schema. */
export interface DeviceFacts {
  agentVersion: string | undefined;
  observations: Observations;
  health: Health;
  /** Codes of the findings that are open; undefined until the device has reported anything. */
  openFindings: readonly string[] | undefined;
  webFilter: FilterReport;
}

/**
 * One thing a device says that checks read: an observation, a collector of its health, its report about a section, or which
 * findings are open.
 */
export type FactName = `observation:${string}` | `health:${string}` | `section:${string}` | 'finding';

/** The facts as they were when the device said this; what it says comes from outside, as all of them do. */
export function withFact(facts: DeviceFacts, fact: string, value: unknown): DeviceFacts {
  const [kind, name = ''] = fact.split(':');
  switch (kind) {
    case 'observation':
      return { ...facts, observations: { ...facts.observations, [name]: value } };
    case 'health':
      return { ...facts, health: { ...facts.health, [name]: value } };
    case 'finding':
      return { ...facts, openFindings: value as DeviceFacts['openFindings'] };
    case 'section':
      return name === 'webFilter' ? { ...facts, webFilter: { ...facts.webFilter, ...measuredIn(value) } } : facts;
    default:
      return facts;
  }
}

function measuredIn(value: unknown): Pick<FilterReport, 'measured'> {
  return { measured: (value as Required<Pick<FilterReport, 'measured'>>).measured };
}
