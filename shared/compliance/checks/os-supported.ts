import Type from 'typebox';
import { OsHealth } from '../../protocol/health.ts';
import { strictObject } from '../../schema.ts';
import { defineCheck } from '../check.ts';
import { releaseOf, supportedUntil } from '../os-support.ts';

const day = 86_400_000;
const IsoDate = Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' });

/** Does the maker still mend the system's security holes? `until` adds releases, or moves a date where support was bought. */
export const osSupported = defineCheck({
  check: 'os-supported',
  title: 'Operating system in support',
  why: 'A system out of support gets no more repairs: what attackers learn about it stays open.',
  fix: 'You cannot mend this yourself: ask the helpdesk when the device gets a newer system.',
  fixTechnician:
    'Move the device to a supported release, or replace it. Where support was bought (Windows ESU, Ubuntu Pro), set the new date in the check’s parameter “until”.',
  severity: 'major',
  observation: OsHealth,
  parameters: strictObject({
    until: Type.Record(Type.String({ maxLength: 60 }), IsoDate, {
      title: 'Support that ends on another day',
      maxProperties: 100,
    }),
  }),
  defaults: { until: {} },
  expected: () => 'in support',
  reads: ['health:os'],
  observe: ({ health }) => health.os,
  evaluate: (os, { until }, now) => {
    const support = supportOf(os, until);
    if (!support) return { status: 'unknown', actual: `no end of support is known for ${os.name} ${os.version}` };
    const { release, last } = support;
    return now >= endOf(last)
      ? { status: 'fail', actual: `${release}: support ended on ${last}` }
      : { status: 'pass', actual: `${release}: until ${last}` };
  },
  turnsAt: (os, { until }) => {
    const support = supportOf(os, until);
    return support ? [endOf(support.last)] : [];
  },
});

/** Of the zones of this world, the last day ends first at UTC+14 and last at UTC-12; noon the day after is past either. */
const endOf = (last: string) => Date.parse(last) + 1.5 * day;

function supportOf(
  os: { name: string; version: string },
  until: Readonly<Record<string, string>>,
): { release: string; last: string } | undefined {
  const release = releaseOf(os);
  const last = release === undefined ? undefined : (until[release] ?? supportedUntil[release]);
  return release === undefined || last === undefined ? undefined : { release, last };
}
