import { describe, expect, it } from 'vitest';
import { conclude } from '../../../shared/diagnostics/judge/conclude.ts';
import { bad, notApplicable, ok, unknown, warn } from '../../../shared/diagnostics/judge/result.ts';
import { type ProbeName, type ProbeResult, probeNames } from '../../../shared/diagnostics/probe.ts';

/** `clock!` is bad, `updates?` worth a warning; everything else is well. */
function order(troubles: string): string {
  const probes = probeNames.map((name): ProbeResult => {
    if (troubles.split(' ').includes(`${name}!`)) return bad(name, `${name} is wrong.`, {}, 'Mend it.');
    return troubles.split(' ').includes(`${name}?`)
      ? warn(name, `${name} is odd.`, {}, 'See to it.')
      : ok(name, 'Well.');
  });
  return conclude(probes)
    .map(
      ({ probe, words }) =>
        probe + (/follows from: (.+)\.$/.exec(words)?.[1] ? ` (${/follows from: (.+)\.$/.exec(words)?.[1]})` : ''),
    )
    .join(', ');
}

describe('what is most likely wrong', () => {
  const cases: [string, string, string][] = [
    ['nothing, when everything is well', '', ''],
    [
      'a wrong clock, before TLS and the server',
      'tls-interception! clock! server-path!',
      'clock, tls-interception (the clock), server-path (the clock)',
    ],
    [
      'a captive portal, before names',
      'name-lookup! captive-portal! server-path!',
      'captive-portal, name-lookup (a network that wants a sign-in), server-path (a network that wants a sign-in)',
    ],
    ['a full disk, before the policy that fails', 'policy! disk-space!', 'disk-space, policy (disk space)'],
    [
      'a dying disk, before it is full and processes wait',
      'disk-space! processor? disk-health!',
      'disk-health, disk-space (the health of the disk), processor (the health of the disk)',
    ],
    [
      'no address, before everything on the network',
      'address! gateway! name-lookup! server-path!',
      'address, gateway (the network address), name-lookup (the network address), server-path (the network address)',
    ],
    ['no Wi-Fi, before the address', 'wifi! address! gateway!', 'wifi, address (Wi-Fi), gateway (Wi-Fi)'],
    ['a filter that has stopped, before names', 'web-filter! name-lookup!', 'web-filter, name-lookup (the web filter)'],
    [
      'an expired certificate, before the server',
      'server-path! certificate!',
      'certificate, server-path (the certificate of this device)',
    ],
    ['too little memory, before a busy processor', 'processor! memory!', 'memory, processor (memory)'],
    ['a busy processor, before heat', 'temperature! processor!', 'processor, temperature (the processor)'],
    ['what is bad, before what is only odd', 'updates? battery? server-path!', 'server-path, battery, updates'],
    [
      'what is odd, before what follows from something',
      'updates? clock! server-path!',
      'clock, updates, server-path (the clock)',
    ],
    ['two things that have nothing to do with each other', 'clock! disk-space!', 'disk-space, clock'],
    ['what is only odd explains nothing', 'clock? server-path!', 'server-path, clock'],
  ];
  it.each(cases)('%s', (_, troubles, expected) => {
    expect(order(troubles)).toBe(expected);
  });

  it('brings its remedy with a cause, and none with what follows from it', () => {
    const found = conclude([bad('clock', 'Wrong.', {}, 'Set it.'), bad('server-path', 'Gone.', {}, 'Wait.')]);
    expect(found.map(({ fix }) => fix)).toEqual(['Set it.', undefined]);
  });

  it('is never what nobody could look at', () => {
    expect(conclude([unknown('clock', '?'), notApplicable('wifi', '-'), ok('power', '.')])).toEqual([]);
  });

  it('names each trouble once, whichever there are', () => {
    for (let first = 0; first < probeNames.length; first++)
      for (let second = 0; second < probeNames.length; second++) {
        const names = [probeNames[first], probeNames[second]] as ProbeName[];
        const found = conclude(names.map((name) => bad(name, 'x', {}, 'y')));
        expect(found).toHaveLength(names.length);
        expect(found[0]?.words).toBe('x');
      }
  });
});
