import { Stack, Text, Title } from '@mantine/core';
import { IconDeviceLaptop } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ChangePreview, TouchedDevice } from '../../../../../shared/api/schemas.ts';
import { ApiError } from '../../api.ts';
import { Empty } from '../../components/empty.tsx';
import { FilterSelect } from '../../components/filter-select.tsx';
import { Filters } from '../../components/filters.tsx';
import { TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Pager } from '../../components/pager.tsx';
import { type Column, Rows } from '../../components/rows.tsx';
import { SettingChange } from '../../components/setting-change.tsx';
import { reviewQueries } from '../../review-queries.ts';
import type { TouchedSearch } from '../../review-routes.tsx';
import { capabilityTitle } from '../../setting-words.ts';
import { settingKey } from './changed-settings.tsx';
import classes from './touched-devices.module.css';

const limit = 10;

interface Props {
  preview: ChangePreview;
  search: TouchedSearch;
  onSearch: (search: TouchedSearch) => void;
  anew?: ReactNode;
}

/** Every device that changes, page by page, by unit and by setting. */
export function TouchedDevices({ preview, search, onSearch, anew }: Props) {
  const { org, setting, cursor, page = 1 } = search;
  const devices = useQuery(reviewQueries.previewDevices(preview.id, { limit, cursor, org, setting }));
  const gone = devices.error instanceof ApiError && devices.error.code === 'not-found';
  return (
    <Stack gap="xs">
      <Title order={2}>Devices that change</Title>
      {gone ? (
        <Sample preview={preview} anew={anew} />
      ) : (
        <>
          <Choice preview={preview} search={search} onSearch={onSearch} />
          <Loaded query={devices}>
            {(found) => (
              <Stack gap="md">
                {found.items.length > 0 ? <TouchedTable devices={found.items} /> : <NoDevice />}
                <Pager page={page} limit={limit} found={found} onGo={(to) => onSearch({ org, setting, ...to })} />
              </Stack>
            )}
          </Loaded>
        </>
      )}
    </Stack>
  );
}

function Choice({ preview, search: { org, setting }, onSearch }: Omit<Props, 'anew'>) {
  const settings = new Map(
    preview.settings.map((change) => [settingKey(change), `${capabilityTitle(change.capability)}: ${change.title}`]),
  );
  return (
    <Filters>
      <FilterSelect
        label="Setting"
        any="Any setting"
        value={setting}
        options={[...settings].map(([value, label]) => ({ value, label }))}
        onChange={(next) => onSearch({ org, setting: next })}
      />
      <FilterSelect
        label="School or office"
        any="Any school"
        value={org}
        options={preview.orgs.map((unit) => ({ value: unit.org, label: unit.org }))}
        onChange={(next) => onSearch({ setting, org: next })}
      />
    </Filters>
  );
}

/** The whole list is kept for some minutes; a few of it stay for good. */
function Sample({ preview, anew }: Pick<Props, 'preview' | 'anew'>) {
  const all = preview.sample.length >= preview.devices;
  return (
    <Stack gap="md">
      {all ? null : (
        <Text size="sm" c="dimmed" component="div">
          The first {preview.sample.length} of {preview.devices.toLocaleString('en')}, as they were when it was worked
          out; the whole list is kept for some minutes only. {anew}
        </Text>
      )}
      <TouchedTable devices={preview.sample} />
    </Stack>
  );
}

function NoDevice() {
  return (
    <Empty icon={IconDeviceLaptop} title="No device is among these">
      Choose another school or setting.
    </Empty>
  );
}

const columns: readonly Column<TouchedDevice>[] = [
  {
    title: 'Device',
    main: true,
    cell: ({ deviceId, deviceName }) => (
      <TextLink to="/devices/$id" params={{ id: deviceId }} fw={600}>
        {deviceName}
      </TextLink>
    ),
  },
  { title: 'With', cell: (device) => <With device={device} /> },
  { title: 'What changes', wide: true, cell: ({ changes }) => <Changes changes={changes} /> },
];

function TouchedTable({ devices }: { devices: readonly TouchedDevice[] }) {
  return <Rows label="Devices that change" rows={devices} keyOf={({ deviceId }) => deviceId} columns={columns} />;
}

function With({ device: { personId, person, org } }: { device: TouchedDevice }) {
  return (
    <div>
      {personId === null ? (
        (person ?? 'Nobody')
      ) : (
        <TextLink to="/people/$id" params={{ id: personId }}>
          {person}
        </TextLink>
      )}
      <Text size="xs" c="dimmed">
        {org}
      </Text>
    </div>
  );
}

function Changes({ changes }: Pick<TouchedDevice, 'changes'>) {
  return (
    <ul className={classes.changes}>
      {changes.map((change) => (
        <li key={settingKey(change)}>
          <span className={classes.title}>{change.title}</span> <SettingChange {...change} />
        </li>
      ))}
    </ul>
  );
}
