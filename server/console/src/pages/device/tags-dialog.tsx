import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { DeviceSummary } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { notifyDone } from '../../components/notify.ts';
import { TagsField } from '../../components/tags-field.tsx';

interface Props {
  device: DeviceSummary;
  opened: boolean;
  onClose: () => void;
}

export function TagsDialog({ device, opened, onClose }: Props) {
  const [tags, setTags] = useState<string[]>();
  const client = useQueryClient();
  const close = () => {
    setTags(undefined);
    onClose();
  };
  const save = useMutation({
    mutationFn: () => call('setDeviceTags', { params: { id: device.id }, body: { tags: tags ?? device.tags } }),
    onSuccess: async () => {
      notifyDone(`The tags of ${device.name} are saved.`);
      close();
      await client.invalidateQueries();
    },
  });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={close}
      title={`Tags of ${device.name}`}
      action="Save the tags"
      onConfirm={() => save.mutate()}
      busy={save.isPending}
      error={save.error}
    >
      <TagsField value={tags ?? device.tags} onChange={setTags} />
    </ConfirmDialog>
  );
}
