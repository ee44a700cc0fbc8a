import type { ExplainedValue } from '../../shared/api/schemas.ts';
import { presetWords } from '../../shared/policy/explain.ts';
import { settingSchemas } from '../../shared/policy/merge.ts';
import type { WebFilterSettings } from '../../shared/profile/web-filter.ts';
import { presetTitles, type RecordingCap, withinCap } from '../filter/state-preset.ts';

const limitedBy = presetTitles.minnesota;

/** The values as the preset of the district's state leaves them: what is limited has lost to the preset. */
export function limitedValues(
  values: readonly ExplainedValue[],
  settings: WebFilterSettings,
  cap: RecordingCap,
  isAsked: (capability: string, setting: string) => boolean,
): ExplainedValue[] {
  const within = withinCap(settings, cap);
  const names = Object.keys(cap) as (keyof RecordingCap)[];
  const limited = values.map((explained) => {
    const name = names.find((setting) => explained.capability === 'webFilter' && explained.setting === setting);
    if (name === undefined || explained.value === within[name]) return explained;
    const why = presetWords(limitedBy, within[name]);
    const lost = explained.from.map((source) => ({ ...source, value: explained.value, why }));
    return { ...explained, value: within[name], from: [], beaten: [...lost, ...explained.beaten], limitedBy };
  });
  const unset = names.filter((name) => settings[name] === undefined && isAsked('webFilter', name));
  const heldSince = values.find(({ capability }) => capability === 'webFilter')?.heldSince ?? null;
  return [...limited, ...unset.map((name) => presetValue(name, within[name], heldSince))];
}

/** What no profile sets and the preset does. */
function presetValue(setting: keyof RecordingCap, value: unknown, heldSince: string | null): ExplainedValue {
  const schema = settingSchemas('webFilter')[setting];
  const merge = schema?.['x-merge'] ?? '';
  const title = schema?.title ?? setting;
  return { capability: 'webFilter', setting, title, value, merge, from: [], beaten: [], limitedBy, heldSince };
}
