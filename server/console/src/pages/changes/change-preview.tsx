import { Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ChangePreview } from '../../../../../shared/api/schemas.ts';
import { shareWords, unitsOf } from '../../change-words.ts';
import measures from '../../components/measures.module.css';
import { Panel } from '../../components/panel.tsx';
import { Rows } from '../../components/rows.tsx';
import { When } from '../../components/when.tsx';
import type { TouchedSearch } from '../../review-routes.tsx';
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

/** Exactly who changes and what, before → after, who wins, and of whom it cannot be said. */
export function ChangePreviewView({ preview, search, onSearch, anew }: Props) {
  const { devices, conflicts, unknownDevices } = preview;
  return (
    <Stack gap="md">
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
  const { devices, people, at } = preview;
  const units = unitsOf(preview.orgs).length;
  const figures = [
    [devices === 1 ? 'device changes' : 'devices change', devices],
    [people === 1 ? 'person has one of them' : 'people have them', people],
    [units === 1 ? 'school or office' : 'schools and offices', units],
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

function Conflicts({ conflicts }: Pick<ChangePreview, 'conflicts'>) {
  return (
    <Stack gap="xs">
      <Title order={2}>Where profiles disagree</Title>
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
