import type { ExplainedSource, ExplainedValue, Explanation } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { valueWords } from '../../shared/policy/explain.ts';
import { settingSchemas } from '../../shared/policy/merge.ts';
import { type CapabilityName, capabilityNames } from '../../shared/profile/registry.ts';
import type { OperatorClient } from './client.ts';
import { findDevice, findPerson } from './find.ts';
import { type Output, table } from './output.ts';

export interface ExplainWords {
  person: string;
  device?: string | undefined;
  setting?: string | undefined;
}

/** `rollcall explain PERSON [DEVICE] [SETTING]`: where each effective setting comes from, and what it beat. */
export async function explain(client: OperatorClient, words: ExplainWords, output: Output): Promise<void> {
  const { person, device, setting } = sorted(words);
  const found = await findPerson(client, person);
  const query = setting === undefined ? {} : { setting };
  const { devices } = await client.call('explainPerson', { params: { id: found.id }, query });
  const shown = device === undefined ? devices : await only(client, devices, device, found.name);
  output.result(shown, shown.length === 0 ? `${found.name} has no device.` : shown.map(explanationWords).join('\n\n'));
}

/** The second word is a setting when it can be one: devices are not called so. */
function sorted({ person, device, setting }: ExplainWords): ExplainWords {
  const [capability] = (device ?? '').split('.');
  const isSetting = setting === undefined && capabilityNames.some((name) => name === capability);
  return isSetting ? { person, setting: device } : { person, device, setting };
}

async function only(client: OperatorClient, devices: Explanation[], wanted: string, name: string) {
  const { id } = await findDevice(client, wanted);
  const fits = devices.filter(({ deviceId }) => deviceId === id);
  if (fits.length > 0) return fits;
  throw new CodedError('not-found', `${name} does not have the device ${wanted}.`, [
    `Has: ${devices.map(({ deviceName }) => deviceName).join(', ') || 'none'}`,
  ]);
}

export function explanationWords({ deviceName, person, settings, unknown, rollouts }: Explanation): string {
  const rows = settings.flatMap(rowsOf);
  return [
    person === null ? deviceName : `${deviceName}, which ${person} has`,
    rows.length === 0
      ? 'No profile sets this here.'
      : table(['SETTING', 'VALUE', 'FROM', 'WHY', 'SINCE', 'BY'], rows, 120),
    ...unknown.map((words) => `Not known: ${words}`),
    ...rollouts,
  ].join('\n');
}

function rowsOf(explained: ExplainedValue): string[][] {
  const { capability, setting, value, from, beaten, limitedBy } = explained;
  const name = `${capability}.${setting}`;
  const [first, ...others] = from;
  const top = first
    ? [name, shown(explained, value), ...sourceRow(first, first.rank)]
    : [name, shown(explained, value), limitedBy ?? '', '', '', ''];
  return [
    top,
    ...others.map((source) => ['', '', ...sourceRow(source, source.rank)]),
    ...beaten.map((lost) => ['  beaten', shown(explained, lost.value), ...sourceRow(lost, lost.why)]),
  ];
}

function sourceRow({ profile, revision, since, by }: ExplainedSource, why: string): string[] {
  return [`${profile} (revision ${revision})`, why, since.slice(0, 16).replace('T', ' '), by];
}

function shown({ capability, setting }: ExplainedValue, value: unknown): string {
  return valueWords(value, setting, settingSchemas(capability as CapabilityName)[setting]);
}
