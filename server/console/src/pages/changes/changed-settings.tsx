import { Anchor, Stack, Text, Title } from '@mantine/core';
import type { ChangePreview } from '../../../../../shared/api/schemas.ts';
import { directionOf } from '../../change-words.ts';
import { Rows } from '../../components/rows.tsx';
import { SettingChange } from '../../components/setting-change.tsx';
import { Tag } from '../../components/tag.tsx';
import type { TouchedSearch } from '../../review-routes.tsx';
import { capabilityTitle } from '../../setting-words.ts';
import { count } from '../../words.ts';

type Changed = ChangePreview['settings'][number];

interface Props {
  preview: ChangePreview;
  search: TouchedSearch;
  onSearch: (search: TouchedSearch) => void;
}

/** As `listPreviewDevices` names a setting. */
export const settingKey = ({ capability, setting }: Pick<Changed, 'capability' | 'setting'>) =>
  `${capability}.${setting}`;

/** Every distinct change, the most frequent first. */
export function ChangedSettings({ preview: { settings }, search, onSearch }: Props) {
  return (
    <Stack gap="xs">
      <Title order={2}>What changes</Title>
      <Rows
        label="Settings that change"
        rows={settings}
        keyOf={(change) => JSON.stringify([settingKey(change), change.before, change.after])}
        columns={[
          { title: 'Setting', main: true, cell: (change) => <Name change={change} /> },
          { title: 'Before → after', wide: true, cell: (change) => <SettingChange {...change} /> },
          {
            title: 'Devices',
            align: 'right',
            cell: (change) => (
              <Anchor
                component="button"
                type="button"
                size="sm"
                fw={600}
                className="numeric"
                aria-label={`${count(change.devices, 'device')}: ${change.title}`}
                onClick={() => onSearch({ org: search.org, setting: settingKey(change) })}
              >
                {change.devices.toLocaleString('en')}
              </Anchor>
            ),
          },
        ]}
      />
      {settings.length >= 200 ? (
        <Text size="sm" c="dimmed">
          The 200 most frequent are shown.
        </Text>
      ) : null}
    </Stack>
  );
}

function Name({ change }: { change: Changed }) {
  const direction = directionOf(change);
  return (
    <div>
      <b>{change.title}</b>{' '}
      {direction === 'other' ? null : <Tag tone={direction === 'looser' ? 'warn' : 'plain'}>{direction}</Tag>}
      <Text size="xs" c="dimmed">
        {capabilityTitle(change.capability)}
      </Text>
    </div>
  );
}
