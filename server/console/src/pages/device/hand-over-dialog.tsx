import { Radio, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { DeviceSummary, PersonSummary } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { notifyDone } from '../../components/notify.ts';
import { PersonPicker } from '../../components/person-picker.tsx';

interface Props {
  device: DeviceSummary;
  opened: boolean;
  onClose: () => void;
}

export function HandOverDialog({ device, opened, onClose }: Props) {
  const [person, setPerson] = useState<PersonSummary>();
  const [kind, setKind] = useState<'primary' | 'loan'>('primary');
  const client = useQueryClient();
  const handOver = useMutation({
    mutationFn: (personId: string) => call('openCustody', { params: { id: device.id }, body: { personId, kind } }),
    onSuccess: async (custody) => {
      notifyDone(`${device.name} is now with ${custody.person.name}.`);
      onClose();
      await client.invalidateQueries();
    },
  });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Hand over ${device.name}`}
      action={person ? `Hand over to ${person.name}` : 'Hand over'}
      unfinished={!person}
      onConfirm={() => person && handOver.mutate(person.id)}
      busy={handOver.isPending}
      error={handOver.error}
    >
      <Stack gap="sm">
        <PersonPicker label="To whom" onPick={setPerson} />
        <Radio.Group
          label="For how long"
          value={kind}
          onChange={(value) => setKind(value === 'loan' ? 'loan' : 'primary')}
        >
          <Stack gap="xs" mt="xs">
            <Radio
              value="primary"
              label="As their own device"
              description="If they had another as their own, that custody ends."
            />
            <Radio value="loan" label="On loan" description="They keep their own device as well." />
          </Stack>
        </Radio.Group>
        <Text size="sm" c="dimmed">
          {device.custodian ? `The custody of ${device.custodian.name} ends now. ` : ''}
          The device gets the settings of the new person at once.
        </Text>
      </Stack>
    </ConfirmDialog>
  );
}
