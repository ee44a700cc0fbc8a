import { describe, expect, it } from 'vitest';
import type { DeviceFacts } from '../../../shared/compliance/facts.ts';
import { checks } from '../../../shared/compliance/registry.ts';
import { en } from '../../../shared/compliance/words/en.ts';
import { es } from '../../../shared/compliance/words/es.ts';
import { type CheckLanguage, textOf } from '../../../shared/compliance/words/language.ts';
import { capabilityNames } from '../../../shared/profile/registry.ts';
import { type Health, observationSchemas } from '../../../shared/protocol/health.ts';

const others: [string, CheckLanguage][] = [['Spanish', es]];
const now = Date.UTC(2026, 9, 5);
const day = 86_400_000;

const nothing: DeviceFacts = {
  agentVersion: undefined,
  observations: {},
  health: {},
  openFindings: undefined,
  webFilter: { asked: true },
};

/** Every state each observation has, alone, with and without the number that may come with it. */
const observed = Object.entries(observationSchemas).flatMap(([name, schema]): DeviceFacts[] => {
  const states = (schema.properties.state as unknown as { enum: string[] }).enum;
  const numbers = [{}, { afterSeconds: 600 }, { afterSeconds: 4_000 }, { offsetSeconds: 0 }, { offsetSeconds: 500 }];
  return states.flatMap((state) =>
    numbers.map((more) => ({ ...nothing, observations: { [name]: { state, evidence: 'evidence', ...more } } })),
  );
});
const volume = { mount: '/', kind: 'ext4', sizeBytes: 5e10 };
const healths: Health[] = [
  { battery: { present: false } },
  { battery: { present: true } },
  { battery: { present: true, lostPercent: 5 } },
  { battery: { present: true, lostPercent: 90 } },
  { disks: { volumes: [], drives: [] } },
  { disks: { volumes: [{ ...volume, usedPercent: 99 }], drives: [{ name: 'sda', smart: 'failing' }] } },
  { disks: { volumes: [{ ...volume, usedPercent: 9 }], drives: [{ name: 'sda', smart: 'ok' }] } },
  { disks: { volumes: [], drives: [{ name: 'sda', smart: 'unknown' }] } },
  { os: { name: 'Debian GNU/Linux', version: '12' } },
  { os: { name: 'Debian GNU/Linux', version: '9' } },
  { os: { name: 'Plan', version: '9', bootedAt: now - day } },
  { os: { name: 'Plan', version: '9', bootedAt: now - 90 * day } },
  { os: { name: 'Plan', version: '9', bootedAt: now + day } },
] as Health[];
const rest: DeviceFacts[] = [
  ...healths.map((health) => ({ ...nothing, health })),
  ...['1.2.3', 'from a fork'].map((agentVersion) => ({ ...nothing, agentVersion })),
  ...[[], ['clock-changed'], ['tamper']].map((openFindings) => ({ ...nothing, openFindings })),
  ...(['blocked', 'idle', 'not-blocked', 'none'] as const).map((measured) => ({
    ...nothing,
    webFilter: { asked: true, measured },
  })),
  { ...nothing, webFilter: { asked: false } },
];
const settings = [
  'in force and proved',
  'in force; a change is on its way',
  'not applied in time',
  'applied, but not proved',
  'this device cannot do this',
  'failed (port 53 is in use)',
];
const seen = [
  ...new Set([
    ...[...observed, ...rest].flatMap((facts) =>
      checks.map((check) => check.evaluate(check.observe(facts), {}, now).actual),
    ),
    ...settings,
  ]),
];

describe('the words of checks', () => {
  it.each([['English', en] as [string, CheckLanguage], ...others])(
    'are there for every check and setting: %s',
    (_n, language) => {
      const names = [...checks.map(({ check }) => check), ...capabilityNames.map((name) => `policy-verified:${name}`)];
      for (const name of names)
        for (const said of Object.values(textOf(language, name) ?? { missing: '' }))
          expect(said, name).toMatch(/\p{L}{2}/u);
      expect(textOf(language, 'from-a-newer-server')).toBeUndefined();
      expect(textOf(language, 'constructor')).toBeUndefined();
    },
  );

  it.each(others)('are not the English ones: %s', (_n, language) => {
    for (const { check, why, fix } of checks) expect(textOf(language, check), check).not.toMatchObject({ why, fix });
  });

  it.each(others)('say whatever a check can have seen: %s', (_n, language) => {
    expect(seen.length).toBeGreaterThan(50);
    const unsaid = seen.filter((actual) => language.seen(actual).technical === actual);
    expect(unsaid).toEqual([]);
  });

  it.each<[string, CheckLanguage, string, object]>([
    ['a state', es, 'not encrypted', { text: 'sin cifrar' }],
    ['a number', es, 'more than 30 days ago', { text: 'hace más de 30 días' }],
    ['a reason of a program', es, 'failed (no nft)', { text: 'falló', technical: 'no nft' }],
    ['what nobody translated', es, 'half on', { text: 'algo que solo hay en inglés', technical: 'half on' }],
    ['a name that every object has', es, 'constructor', { technical: 'constructor' }],
    ['English as it is', en, 'half on', { text: 'half on' }],
    ['English with a reason', en, 'not known (no\nnft)', { text: 'not known', technical: 'no\nnft' }],
  ])('tell %s', (_name, language, actual, expected) => {
    expect(language.seen(actual)).toMatchObject(expected);
  });
});
