import { Box, Text } from '@mantine/core';
import type { RecoveryRequestView } from '../../../../../shared/api/schemas.ts';
import { TextLink } from '../../components/links.tsx';
import { RecoveryActs, RecoveryState } from '../../components/recovery-request.tsx';
import { type Column, Rows } from '../../components/rows.tsx';
import { When } from '../../components/when.tsx';

const device: Column<RecoveryRequestView> = {
  title: 'Device',
  main: true,
  cell: ({ deviceId, deviceName, volume }) => (
    <Box miw={150}>
      <TextLink to="/devices/$id" params={{ id: deviceId }} fw={600}>
        {deviceName}
      </TextLink>
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {volume}
      </Text>
    </Box>
  ),
};
const asked: Column<RecoveryRequestView> = {
  title: 'Asked by',
  cell: ({ askedBy, mine, askedAt }) => (
    <div>
      <Text size="sm">{mine ? `${askedBy} (you)` : askedBy}</Text>
      <Text size="xs" c="dimmed" component="div">
        <When at={askedAt} as="moment" />
      </Text>
    </div>
  ),
};
const reason: Column<RecoveryRequestView> = {
  title: 'Reason',
  cell: ({ reason: words }) => <span style={{ overflowWrap: 'anywhere' }}>{words}</span>,
};
const state: Column<RecoveryRequestView> = {
  title: 'State',
  wide: true,
  cell: (row) => (
    <div>
      <RecoveryState request={row} />
      {row.decidedBy ? (
        <Text size="xs" c="dimmed">
          {row.decidedBy}
        </Text>
      ) : null}
    </div>
  ),
};
const acts: Column<RecoveryRequestView> = {
  title: 'Decide',
  wide: true,
  cell: (row) => <RecoveryActs request={row} />,
};

/** Requests that somebody can do something about now. */
export function OpenRecoveryRequests({ requests }: { requests: readonly RecoveryRequestView[] }) {
  return (
    <Rows
      label="Open requests"
      rows={requests}
      keyOf={(row) => row.id}
      columns={[device, asked, reason, state, acts]}
    />
  );
}

/** What came of every request. */
export function RecoveryHistory({ requests }: { requests: readonly RecoveryRequestView[] }) {
  return <Rows label="History" rows={requests} keyOf={(row) => row.id} columns={[device, asked, reason, state]} />;
}
