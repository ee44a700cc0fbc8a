import type { Health } from '../../protocol/health.ts';
import type { ProbeResult } from '../probe.ts';
import { percentWords } from './measures.ts';
import { bad, notApplicable, ok, type Seen, unknown, warn } from './result.ts';

export interface PowerFacts {
  /** Undefined: it could not be read. */
  battery: Health['battery'] | undefined;
  /** Undefined: the device does not tell. */
  onMains: boolean | undefined;
  /** `Charging`, `Discharging`, `Not charging`, `Full`, as the battery says. */
  state: string | undefined;
}

const limits = { nearlyEmpty: 10, low: 20, notCharging: 60, worn: 30, wornOut: 50, cycles: 1000 };

/** What feeds the device, and for how long. */
export function judgePower({ battery, onMains, state }: PowerFacts): ProbeResult {
  if (!battery) return unknown('power', 'The system does not tell what feeds this device.');
  if (!battery.present) return ok('power', 'The device has no battery and runs from the wall.');
  const charge = battery.chargePercent;
  const seen = seenOf({ battery, onMains, state });
  if (onMains && isDischarging(state))
    return warn(
      'power',
      'The device is plugged in, yet its battery is being emptied: the charger is too weak, or it is not the right one.',
      seen,
      'Try the charger that came with the device, in another socket and another port.',
    );
  if (charge === undefined) return unknown('power', 'The battery does not tell how full it is.', seen);
  if (onMains || (onMains === undefined && battery.charging))
    return ok('power', `Plugged in, the battery is at ${percentWords(charge)}.`, seen);
  if (charge <= limits.nearlyEmpty)
    return bad(
      'power',
      `The battery is nearly empty (${percentWords(charge)}) and not plugged in.`,
      seen,
      'Plug it in.',
    );
  if (charge <= limits.low)
    return warn('power', `The battery is low (${percentWords(charge)}) and not plugged in.`, seen, 'Plug it in soon.');
  return ok('power', `On battery, at ${percentWords(charge)}.`, seen);
}

/** How well the battery still holds its charge. */
export function judgeBattery(facts: PowerFacts): ProbeResult {
  const { battery, onMains, state } = facts;
  if (!battery) return unknown('battery', 'The system tells nothing of a battery.');
  if (!battery.present) return notApplicable('battery', 'This device has no battery.');
  const seen = seenOf(facts);
  const { lostPercent: lost, cycles = 0, chargePercent: charge } = battery;
  if (lost !== undefined && lost >= limits.wornOut)
    return bad(
      'battery',
      `The battery is worn out: it holds ${percentWords(100 - lost)} of what it held when it was new.`,
      seen,
      'Have the battery replaced.',
    );
  if (onMains && /^not charging$/i.test(state ?? '') && charge !== undefined && charge < limits.notCharging)
    return warn(
      'battery',
      `The device is plugged in, but its battery stays at ${percentWords(charge)}.`,
      seen,
      'Look for a charge limit in the firmware; else try another charger, then have the battery checked.',
    );
  if (lost !== undefined && lost >= limits.worn)
    return warn(
      'battery',
      `The battery has aged: it holds ${percentWords(100 - lost)} of what it held when it was new.`,
      seen,
      'Plan for a new battery.',
    );
  if (cycles >= limits.cycles)
    return warn('battery', `The battery has been charged ${cycles} times.`, seen, 'Plan for a new battery.');
  if (lost === undefined) return unknown('battery', 'The battery does not tell how worn it is.', seen);
  return ok('battery', `The battery holds ${percentWords(100 - lost)} of what it held when it was new.`, seen);
}

const isDischarging = (state: string | undefined) => /^discharging$/i.test(state ?? '');

function seenOf({ battery, onMains, state }: PowerFacts): Seen {
  return {
    'plugged in': onMains === undefined ? undefined : onMains ? 'yes' : 'no',
    charge: battery?.chargePercent === undefined ? undefined : percentWords(battery.chargePercent),
    'the battery says': state,
    cycles: battery?.cycles?.toString(),
    'capacity lost': battery?.lostPercent === undefined ? undefined : percentWords(battery.lostPercent),
  };
}
