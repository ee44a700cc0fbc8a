import { Alert, List, Stack, Text } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ChangePreview } from '../../../../../shared/api/schemas.ts';
import { shareWords } from '../../change-words.ts';
import measures from '../../components/measures.module.css';
import { Panel } from '../../components/panel.tsx';
import { Rows } from '../../components/rows.tsx';
import { When } from '../../components/when.tsx';
import type { TouchedSearch } from '../../review-routes.tsx';
import { count } from '../../words.ts';
import { ChangedSettings } from './changed-settings.tsx';
import { ChangedUnits } from './changed-units.tsx';
import { TouchedDevices } from './touched-devices.tsx';
import { UnknownDevices } from './unknown-devices.tsx';

interface Props {
  preview: ChangePreview;
  search: TouchedSearch;
  onSearch: (search: TouchedSearch) => void;
  /** Offers to work it out anew when the list of devices is not kept any more. */
  anew?: ReactNode;
}

/** Exactly who changes and what, before → after, with all that should make a reviewer think twice first. */
export function ChangePreviewView({ preview, search, onSearch, anew }: Props) {
  const { devices, problems, locked, conflicts, unknownDevices } = preview;
  return (
    <Stack gap="md">
      {problems.length > 0 ? <Problems problems={problems} /> : null}
      {locked.length > 0 ? <Locked locked={locked} /> : null}
      <Figures preview={preview} />
      {devices > 0 ? (
        <>
          <ChangedSettings preview={preview} search={search} onSearch={onSearch} />
          {conflicts.length > 0 ? <Conflicts conflicts={conflicts} /> : null}
        </>
      ) : null}
      {unknownDevices > 0 ? <UnknownDevices unknown={preview.unknown} devices={unknownDevices} /> : null}
      {devices > 0 ? (
        <>
          <ChangedUnits orgs={preview.orgs} devices={devices} search={search} onSearch={onSearch} />
          <TouchedDevices preview={preview} search={search} onSearch={onSearch} anew={anew} />
        </>
      ) : null}
    </Stack>
  );
}

function Figures({ preview }: { preview: ChangePreview }) {
  const { devices, people, orgs, at } = preview;
  const figures = [
    [devices === 1 ? 'device changes' : 'devices change', devices],
    [people === 1 ? 'person has one of them' : 'people have them', people],
    [orgs.length === 1 ? 'school or office' : 'schools and offices', orgs.length],
  ] as const;
  return (
    <Panel
      title="How much changes"
      note={
        <>
          {shareWords(preview)}; worked out on every device <When at={at} />
        </>
      }
    >
      <dl className={measures.measures}>
        {figures.map(([label, value]) => (
          <div key={label} className={measures.measure}>
            <dt>{label}</dt>
            <dd>{value.toLocaleString('en')}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function Problems({ problems }: Pick<ChangePreview, 'problems'>) {
  return (
    <Alert variant="default" role="alert" title="This cannot be published yet">
      <List size="sm" style={{ overflowWrap: 'anywhere' }}>
        {problems.map((problem) => (
          <List.Item key={problem}>{problem}</List.Item>
        ))}
      </List>
    </Alert>
  );
}

function Locked({ locked }: Pick<ChangePreview, 'locked'>) {
  return (
    <Alert
      role="alert"
      color="vermilion"
      variant="light"
      icon={<IconLock />}
      title={locked.length === 1 ? 'It changes a locked minimum' : `It changes ${locked.length} locked minimums`}
      styles={{ title: { color: 'var(--verdict-noncompliant-text)' }, message: { color: 'var(--mantine-color-text)' } }}
    >
      <List size="sm" style={{ overflowWrap: 'anywhere' }}>
        {locked.map((one) => (
          <List.Item key={`${one.profile} ${one.title}`}>
            <b>{one.title}</b> of {one.profile}, on {count(one.devices, 'device')}. {one.words}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

function Conflicts({ conflicts }: Pick<ChangePreview, 'conflicts'>) {
  return (
    <Stack gap="xs">
      <Text component="h2" fw={650} size="1.0625rem" m={0}>
        Where profiles disagree
      </Text>
      <Rows
        label="Conflicts"
        rows={conflicts}
        keyOf={({ title, winner, beaten }) => `${title} ${winner} ${beaten}`}
        columns={[
          { title: 'Setting', main: true, cell: ({ title }) => <b>{title}</b> },
          { title: 'Wins', cell: ({ winner }) => winner },
          { title: 'Gives way', cell: ({ beaten }) => beaten },
          { title: 'Devices', align: 'right', cell: ({ devices }) => devices.toLocaleString('en') },
          { title: 'Why', wide: true, cell: ({ words }) => words },
        ]}
      />
    </Stack>
  );
}
