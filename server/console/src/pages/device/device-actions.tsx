import { ActionIcon, Button, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCertificateOff, IconDotsVertical, IconTags } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { DeviceSummary } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { May } from '../../components/may.tsx';
import { notifyDone, notifyFailed } from '../../components/notify.ts';
import { RevokeDialog } from './revoke-dialog.tsx';
import { TagsDialog } from './tags-dialog.tsx';

export function DeviceActions({ device }: { device: DeviceSummary }) {
  const [tagging, tags] = useDisclosure();
  const [revoking, revoke] = useDisclosure();
  const client = useQueryClient();
  const approve = useMutation({
    mutationFn: () => call('approveDevice', { params: { id: device.id } }),
    onSuccess: async () => {
      notifyDone(`${device.name} is approved and will get its settings now.`);
      await client.invalidateQueries();
    },
    onError: notifyFailed,
  });
  return (
    <>
      <May call="approveDevice">
        {device.status === 'held' ? (
          <Button loading={approve.isPending} onClick={() => approve.mutate()}>
            Approve
          </Button>
        ) : null}
      </May>
      <May call="revokeDevice">
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="default" size={36} aria-label="More about this device">
              <IconDotsVertical size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconTags size={16} />} onClick={tags.open}>
              Edit tags
            </Menu.Item>
            <Menu.Item
              leftSection={<IconCertificateOff size={16} />}
              c="var(--verdict-noncompliant-text)"
              disabled={device.status === 'revoked'}
              onClick={revoke.open}
            >
              Revoke…
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </May>
      <TagsDialog device={device} opened={tagging} onClose={tags.close} />
      <RevokeDialog device={device} opened={revoking} onClose={revoke.close} />
    </>
  );
}
