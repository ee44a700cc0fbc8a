import { systemctl } from '../../health/posture/updates.ts';
import type { Commands } from '../../platform/commands.ts';
import { refused } from './baseline.ts';
import type { Place } from './kept-place.ts';

/** Units of systemd by whether they are enabled, masked and so on. A unit that is not installed is absent. systemctl(1) */
export function unitsOf(commands: Commands, units: readonly string[]): Place<string> {
  return {
    read: async () => {
      const together = await ask(commands, units);
      // Before version 254 systemctl says nothing of those after the first that is not installed.
      const apart = async () =>
        (await Promise.all(units.map((unit) => ask(commands, [unit])))).flatMap((told) => told ?? []);
      return new Map((together ?? (units.length > 1 ? await apart() : [])).filter(([, word]) => word !== 'not-found'));
    },
    write: async (writes) => {
      for (const [unit, word] of writes) for (const args of turnUnit(unit, word)) await turn(commands, args);
    },
    equal: (one, other) => one === other,
    item: (unit) => unit.replace(/^(.+)\.(timer|service)$/, '$2 $1.$2'),
  };
}

/** Undefined where there is not one word for each. */
async function ask(commands: Commands, units: readonly string[]): Promise<[string, string][] | undefined> {
  const words = (await commands.run(systemctl, ['is-enabled', ...units])).stdout.trim().split('\n');
  const isTold = words.length === units.length && words.every((word) => /^[a-z-]+$/.test(word));
  return isTold ? units.map((unit, index) => [unit, words[index] ?? '']) : undefined;
}

/** Pure. What brings a unit to be enabled, disabled or masked, at once and after the next start. */
export function turnUnit(unit: string, word: string | undefined): string[][] {
  if (word === 'enabled')
    return [
      ['unmask', unit],
      ['enable', '--now', unit],
    ];
  return word === 'masked' ? [['mask', '--now', unit]] : [['disable', '--now', unit]];
}

async function turn(commands: Commands, args: readonly string[]): Promise<void> {
  const { code, stderr } = await commands.run(systemctl, args, { timeoutMs: 60_000 });
  const remedy = 'Run the agent as root on a host with systemd.';
  if (code !== 0) throw refused('unit-not-set', `systemctl ${args.join(' ')} failed`, stderr, remedy);
}
