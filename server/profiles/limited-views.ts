import type { SettingView } from '../../shared/api/schemas.ts';
import { settingSchemas } from '../../shared/policy/merge.ts';
import type { WebFilterSettings } from '../../shared/profile/web-filter.ts';
import { presetTitles, type RecordingCap, withinCap } from '../filter/state-preset.ts';

const limitedBy = presetTitles.minnesota;

/** The settings of a device as the preset of its state leaves them: what is limited has lost to the preset. */
export function limitedViews(
  views: readonly SettingView[],
  settings: WebFilterSettings,
  cap: RecordingCap,
): SettingView[] {
  const within = withinCap(settings, cap);
  const names = Object.keys(cap) as (keyof RecordingCap)[];
  const limited = views.map((view) => {
    const name = names.find((setting) => view.capability === 'webFilter' && view.setting === setting);
    if (name === undefined || view.value === within[name]) return view;
    const lost = view.from.map((source) => ({ ...source, value: view.value }));
    return { ...view, value: within[name], from: [], beaten: [...lost, ...view.beaten], limitedBy };
  });
  const unset = names.filter((name) => settings[name] === undefined);
  return [...limited, ...unset.map((name) => presetView(name, within[name]))];
}

/** What no profile sets and the preset does. */
function presetView(setting: keyof RecordingCap, value: unknown): SettingView {
  const title = settingSchemas('webFilter')[setting]?.title ?? setting;
  return { capability: 'webFilter', setting, title, value, from: [], beaten: [], limitedBy };
}
