import { Text } from '@mantine/core';
import type { RestrictionView } from '../../../../../shared/api/schemas.ts';
import { TextLink } from '../../components/links.tsx';
import { type Column, Rows } from '../../components/rows.tsx';
import { When } from '../../components/when.tsx';

const columns: Column<RestrictionView>[] = [
  { title: 'Device', main: true, cell: ({ device }) => <DeviceLink {...device} /> },
  { title: 'Held by', cell: ({ person }) => (person ? <PersonLink {...person} /> : '–') },
  { title: 'Why', cell: ({ reason }) => reason },
  {
    title: 'By',
    cell: ({ profile }) => (
      <TextLink to="/profiles/$id" params={{ id: profile.id }}>
        {profile.name}
      </TextLink>
    ),
  },
  { title: 'Since', cell: ({ from }) => <When at={from} as="moment" /> },
  { title: 'Way out', cell: (row) => <WayOut restriction={row} /> },
];

export function RestrictionTable({ restrictions }: { restrictions: readonly RestrictionView[] }) {
  return <Rows label="Restricted devices" rows={restrictions} keyOf={({ id }) => id} columns={columns} />;
}

function WayOut({ restriction: { device, endedAt, endReason } }: { restriction: RestrictionView }) {
  if (endedAt === null)
    return (
      <TextLink to="/devices/$id" params={{ id: device.id }} search={{ tab: 'health' }}>
        Put it right, or waive it
      </TextLink>
    );
  return (
    <div>
      <Text size="sm">{endReason && endReason.charAt(0).toUpperCase() + endReason.slice(1)}</Text>
      <Text size="xs" c="dimmed" component="div">
        <When at={endedAt} as="moment" />
      </Text>
    </div>
  );
}

function DeviceLink({ id, name }: { id: string; name: string }) {
  return (
    <TextLink to="/devices/$id" params={{ id }} fw={600}>
      {name}
    </TextLink>
  );
}

function PersonLink({ id, name }: { id: string; name: string }) {
  return (
    <TextLink to="/people/$id" params={{ id }}>
      {name}
    </TextLink>
  );
}
