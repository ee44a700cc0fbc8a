import { Button, FileInput, Group, Modal, Radio, Stack, Text, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { GroupDetail } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { notifyDone } from '../../components/notify.ts';
import { Problem } from '../../components/problem.tsx';
import { ProblemTable } from '../../components/problem-table.tsx';
import { joined, type ListContent, listWords } from '../../group-form.ts';
import type { Output } from '../../request.ts';

interface Props {
  id: string;
  before: ListContent;
  opened: boolean;
  onClose: () => void;
  onImported: (detail: GroupDetail) => void;
  onChange: (content: ListContent) => void;
}

/** Brings people or devices in from a file or from pasted lines, and says of each row that was not understood why. */
export function ListImportDialog(props: Props) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} size="lg" title="Bring in people or devices">
      <ImportForm {...props} />
    </Modal>
  );
}

function ImportForm({ id, before, onClose, onImported, onChange }: Props) {
  const [file, setFile] = useState<File | null>(null);
  const [pasted, setPasted] = useState('');
  const [how, setHow] = useState<'add' | 'replace'>(
    before.people.length + before.devices.length > 0 ? 'add' : 'replace',
  );
  const bytes = file ?? (pasted.trim() === '' ? null : new Blob([pasted]));
  const read = useMutation({
    mutationFn: (list: Blob) => call('importGroupList', { params: { id }, upload: { bytes: list, type: 'text/csv' } }),
    onSuccess: ({ group, problems }) => {
      const { content } = group;
      onImported(group);
      if (how === 'add' && content.kind === 'list') onChange(joined(before, content));
      if (problems.length > 0) return;
      notifyDone(content.kind === 'list' ? `${listWords(content)} were read.` : 'The list was read.');
      onClose();
    },
  });
  if (read.data) return <Outcome outcome={read.data} onClose={onClose} />;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (bytes) read.mutate(bytes);
      }}
    >
      <Stack>
        <FileInput
          label="A CSV file"
          description="People by roster id, user name or e-mail address; devices by serial number or name. One per row; a heading may come first."
          placeholder="Choose a file"
          accept=".csv,.txt,text/csv,text/plain"
          clearable
          value={file}
          onChange={setFile}
        />
        <Textarea
          label="Or paste, one per line"
          autosize
          minRows={4}
          maxRows={12}
          spellCheck={false}
          disabled={file !== null}
          value={pasted}
          onChange={(event) => setPasted(event.currentTarget.value)}
        />
        <Radio.Group
          label="Those on the list now"
          value={how}
          onChange={(next) => setHow(next === 'add' ? 'add' : 'replace')}
        >
          <Group mt={4}>
            <Radio value="add" label="Stay on it" />
            <Radio value="replace" label="Are replaced" />
          </Group>
        </Radio.Group>
        {read.error ? <Problem error={read.error} title="Nothing was brought in" /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={read.isPending} disabled={bytes === null}>
            Bring in
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Outcome({
  outcome: { group, problems },
  onClose,
}: {
  outcome: Output<'importGroupList'>;
  onClose: () => void;
}) {
  return (
    <Stack>
      <Text size="sm" role="status">
        {group.content.kind === 'list' ? `${listWords(group.content)} were read.` : null} These rows were not; put them
        right in the file and bring it in again.
      </Text>
      <ProblemTable problems={problems} />
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  );
}
