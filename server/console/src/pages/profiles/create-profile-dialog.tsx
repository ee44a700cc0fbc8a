import { Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { NameFields } from '../../components/name-fields.tsx';

export function CreateProfileDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const client = useQueryClient();
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: () => call('createProfile', { body: { name: name.trim(), description: description.trim() } }),
    onSuccess: async ({ profile }) => {
      await client.invalidateQueries({ queryKey: ['profiles'] });
      await navigate({ to: '/profiles/$id', params: { id: profile.id } });
    },
  });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title="New profile"
      action="Make the profile"
      onConfirm={() => name.trim() && create.mutate()}
      busy={create.isPending}
      error={create.error}
    >
      <Stack gap="sm">
        <NameFields
          {...{ name, description }}
          onName={setName}
          onDescription={setDescription}
          placeholder="Students, middle school"
        />
      </Stack>
    </ConfirmDialog>
  );
}
