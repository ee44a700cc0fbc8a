import type { UpdatesSettings } from '../../../shared/profile/updates.ts';
import type { HostPart } from '../baseline/baseline.ts';
import { numberValue, WindowsSettings } from '../baseline/windows-settings.ts';
import type { RegistryValue } from '../browser/registry.ts';
import type { Host } from '../capability.ts';
import { schoolDay } from './school-day.ts';

const root = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies';
const update = `${root}\\Microsoft\\Windows\\WindowsUpdate`;
const automaticUpdates = `${update}\\AU`;
/** AUOptions: download by itself and install at a time. */
const installAtTime = 4;

export function windowsUpdates({ files, commands }: Host): HostPart<UpdatesSettings> {
  return new WindowsSettings({ files, commands, owner: 'updates', root, values: updateValues });
}

/** Pure. https://learn.microsoft.com/windows/deployment/update/waas-wu-settings and WindowsUpdate.admx */
export function updateValues(settings: UpdatesSettings): RegistryValue[] {
  const { automatic, deferDays, restart } = settings;
  const { from, until } = schoolDay(settings);
  const install = [
    numberValue(automaticUpdates, 'NoAutoUpdate', 0),
    numberValue(automaticUpdates, 'AUOptions', installAtTime),
    numberValue(automaticUpdates, 'ScheduledInstallDay', 0),
    numberValue(automaticUpdates, 'ScheduledInstallTime', until),
    ...(automatic === 'all' ? [numberValue(automaticUpdates, 'AllowMUUpdateService', 1)] : []),
  ];
  const wait = [
    numberValue(update, 'DeferQualityUpdates', 1),
    numberValue(update, 'DeferQualityUpdatesPeriodInDays', deferDays ?? 0),
  ];
  const activeHours = [
    numberValue(update, 'SetActiveHours', 1),
    numberValue(update, 'ActiveHoursStart', from),
    numberValue(update, 'ActiveHoursEnd', until),
  ];
  return [
    ...(automatic === undefined ? [] : install),
    ...(deferDays === undefined ? [] : wait),
    ...(restart === undefined ? [] : [numberValue(automaticUpdates, 'NoAutoRebootWithLoggedOnUsers', 1)]),
    ...(restart === true ? activeHours : []),
  ];
}
