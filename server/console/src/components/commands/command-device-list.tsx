import { Text } from '@mantine/core';
import type { CommandDevice } from '../../../../../shared/api/schemas.ts';
import { commandDeviceWords } from '../../command-words.ts';
import { TextLink } from '../links.tsx';
import { type Column, Rows } from '../rows.tsx';
import { Tag } from '../tag.tsx';
import { When } from '../when.tsx';
import classes from './command-device-list.module.css';

const columns: readonly Column<CommandDevice>[] = [
  {
    title: 'Device',
    main: true,
    cell: ({ device }) => (
      <TextLink to="/devices/$id" params={{ id: device.id }} fw={600}>
        {device.name}
      </TextLink>
    ),
  },
  { title: 'State', cell: (row) => <DeviceState row={row} /> },
  { title: 'When', cell: ({ at }) => <When at={at} /> },
  { title: 'What it said', wide: true, cell: (row) => <Said row={row} /> },
];

/** What each device answered. */
export function CommandDeviceList({ devices }: { devices: readonly CommandDevice[] }) {
  return <Rows label="Devices" rows={devices} keyOf={({ device }) => device.id} columns={columns} />;
}

export function DeviceState({ row: { state } }: { row: CommandDevice }) {
  const { label, tone } = commandDeviceWords[state];
  return (
    <Tag tone={tone} keepsLine>
      {label}
    </Tag>
  );
}

/** A device's own words, with the code of a refusal and what a script wrote. */
export function Said({ row: { words, code, output } }: { row: CommandDevice }) {
  if (words === '' && code === null && output === null) return '–';
  return (
    <div>
      {words}
      {code === null ? null : (
        <Text size="xs" c="dimmed" ff="monospace">
          {code}
        </Text>
      )}
      {output ? (
        <details>
          <summary>What it wrote</summary>
          <pre className={classes.output}>{output}</pre>
        </details>
      ) : null}
    </div>
  );
}
