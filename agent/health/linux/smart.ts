import type { Commands } from '../../platform/commands.ts';
import { known, percent } from '../collector.ts';
import { member, parseJson } from '../json.ts';

/** What a drive tells of itself; empty when it tells nothing. */
export interface Smart {
  smart?: 'ok' | 'failing';
  celsius?: number;
  wearPercent?: number;
}

export type SmartReader = (device: string) => Promise<Smart>;

const places = ['/usr/sbin/smartctl', '/usr/local/sbin/smartctl'];

/** Asks smartctl where it is installed, without waking a sleeping drive. */
export function smartReader(commands: Commands): SmartReader {
  return async (device) => {
    for (const path of places) {
      const result = await commands.run(path, ['--json', '--nocheck=standby', '--health', '--attributes', device]);
      if (result.failure !== 'missing') return parseSmart(result.stdout);
    }
    return {};
  };
}

/**
 * smartctl(8) --json. The exit code is a set of bits about the drive, so only the text counts. Wear is what NVMe calls
 * percentage used (it may exceed 100), or smartmontools' own reading of it for SATA.
 */
export function parseSmart(stdout: string): Smart {
  const answer = parseJson(stdout);
  const number = (...path: string[]) => {
    const value = member(answer, ...path);
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  };
  const passed = member(answer, 'smart_status', 'passed');
  const celsius = number('temperature', 'current');
  return known<Smart>({
    smart: passed === true ? 'ok' : passed === false ? 'failing' : undefined,
    celsius: celsius !== undefined && celsius > 0 && celsius <= 200 ? celsius : undefined,
    wearPercent: percent(
      number('nvme_smart_health_information_log', 'percentage_used') ?? number('endurance_used', 'current_percent'),
    ),
  });
}
