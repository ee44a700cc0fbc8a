import { Button, Stack } from '@mantine/core';
import { useState } from 'react';
import type { DeviceSummary, TicketView } from '../../../../../shared/api/schemas.ts';
import { DevicePicker } from '../../components/device-picker.tsx';
import { useChangeTicket } from './use-change-ticket.ts';

/** Says which device a ticket is about, where it came without one. */
export function NameDevice({ ticket }: { ticket: TicketView }) {
  const [device, setDevice] = useState<DeviceSummary>();
  const change = useChangeTicket(ticket, 'The ticket is about this device now.');
  return (
    <Stack gap="xs" miw={260} ta="left">
      <DevicePicker label="Which device is it about" onPick={setDevice} />
      <Button
        disabled={device === undefined}
        loading={change.isPending}
        onClick={() => device && change.mutate({ deviceId: device.id })}
      >
        Name the device
      </Button>
    </Stack>
  );
}
