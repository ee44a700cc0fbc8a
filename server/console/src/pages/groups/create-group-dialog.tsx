import { Radio, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { GroupContent } from '../../../../../shared/policy/group.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { NameFields } from '../../components/name-fields.tsx';
import { freshContent } from '../../group-form.ts';

export function CreateGroupDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [kind, setKind] = useState<GroupContent['kind']>('rule');
  const client = useQueryClient();
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: () =>
      call('createGroup', {
        body: { name: name.trim(), description: description.trim(), content: freshContent(kind) },
      }),
    onSuccess: async ({ group }) => {
      await client.invalidateQueries({ queryKey: ['groups'] });
      await navigate({ to: '/groups/$id', params: { id: group.id } });
    },
  });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title="New group"
      action="Make the group"
      onConfirm={() => create.mutate()}
      unfinished={name.trim() === ''}
      busy={create.isPending}
      error={create.error}
    >
      <Stack gap="sm">
        <NameFields
          {...{ name, description }}
          onName={setName}
          onDescription={setDescription}
          placeholder="Pilot classes"
          hint="Profiles name it by this; it cannot be changed later."
        />
        <Radio.Group label="Who is in it" value={kind} onChange={(next) => setKind(next === 'list' ? 'list' : 'rule')}>
          <Stack gap="xs" mt={4}>
            <Radio
              value="rule"
              label="Whoever a rule means"
              description="Follows the roster: a new pupil of the class is in it on the same day."
            />
            <Radio
              value="list"
              label="Those on a list"
              description="Only who is put on it, by hand or from a CSV file."
            />
          </Stack>
        </Radio.Group>
      </Stack>
    </ConfirmDialog>
  );
}
