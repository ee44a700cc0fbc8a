import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProfileDetail } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { Loaded, RowsSkeleton } from '../../components/loaded.tsx';
import { notifyDone } from '../../components/notify.ts';
import { Problem } from '../../components/problem.tsx';
import { PreviewView } from './preview-view.tsx';
import type { Draft } from './use-draft.ts';

interface Props {
  detail: ProfileDetail;
  draft: Draft;
  opened: boolean;
  onClose: () => void;
  onPublished: () => void;
}

/** Shows exactly who changes and what, then publishes. */
export function PublishDialog(props: Props) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} size="xl" title={`Publish ${props.detail.profile.name}`}>
      <Review {...props} />
    </Modal>
  );
}

function Review({ detail, draft, onClose, onPublished }: Props) {
  const { id } = detail.profile;
  const [note, setNote] = useState('');
  const preview = useQuery({
    queryKey: ['preview', id, draft.content],
    queryFn: ({ signal }) => call('previewProfile', { params: { id }, body: { content: draft.content }, signal }),
    staleTime: 0,
    gcTime: 0,
  });
  const publish = useMutation({
    mutationFn: async () => {
      const version = draft.dirty ? (await draft.save()).version : draft.version;
      return call('publishProfile', { params: { id }, body: { version, note: note.trim() } });
    },
    onSuccess: (fresh) => {
      draft.take(fresh);
      notifyDone(`Revision ${fresh.profile.publishedRevision} is published.`);
      onClose();
      onPublished();
    },
  });
  const blocked = (preview.data?.problems.length ?? 0) > 0;
  return (
    <Stack>
      <Loaded query={preview} skeleton={<RowsSkeleton rows={4} />}>
        {(value) => <PreviewView preview={value} />}
      </Loaded>
      <Textarea
        label="Note"
        description="Why, in a few words: it stands in the history of revisions."
        autosize
        minRows={2}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {publish.error ? <Problem error={publish.error} title="Nothing was published" /> : null}
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          Devices that are off-line change when they come back.
        </Text>
        <Group gap="xs">
          <Button variant="default" onClick={onClose}>
            Not yet
          </Button>
          <Button loading={publish.isPending} disabled={!preview.data || blocked} onClick={() => publish.mutate()}>
            Publish
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}
