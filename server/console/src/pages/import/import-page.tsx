import { Button, FileInput, Group, Radio, SegmentedControl, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Problem } from '../../components/problem.tsx';
import { bytes } from '../../words.ts';
import { type ImportForm, importFile, importKinds } from './import-request.ts';
import { ImportReview } from './import-review.tsx';

export function ImportPage() {
  const [form, setForm] = useState<ImportForm>({ kind: 'importOneRoster', mode: 'strict', file: null });
  const client = useQueryClient();
  const check = useMutation({
    mutationFn: (wanted: ImportForm) => importFile(wanted, { dryRun: true, confirm: true }),
  });
  const apply = useMutation({
    mutationFn: (confirm: boolean) => importFile(form, { dryRun: false, confirm }),
    onSuccess: () => client.invalidateQueries(),
  });
  const change = (next: Partial<ImportForm>) => {
    check.reset();
    apply.reset();
    setForm({ ...form, ...next });
  };
  const result = apply.data ?? check.data;
  return (
    <Page
      title="Roster import"
      lead="Schools and people from your student information system. First you see what would change; nothing is imported until you say so."
    >
      <Panel title="1. Choose the file">
        <ImportChoice form={form} onChange={change} />
        <Group>
          <Button
            disabled={form.file === null || tooLarge(form)}
            loading={check.isPending}
            onClick={() => {
              apply.reset();
              check.mutate(form);
            }}
          >
            Check the file
          </Button>
        </Group>
      </Panel>
      {check.error ? <Problem error={check.error} title="The file cannot be imported like this" /> : null}
      {result ? (
        <ImportReview
          result={result}
          busy={apply.isPending}
          error={apply.error}
          onApply={(confirm) => apply.mutate(confirm)}
        />
      ) : null}
    </Page>
  );
}

const tooLarge = ({ kind, file }: ImportForm) => (file?.size ?? 0) > importKinds[kind].limitBytes;

function ImportChoice({ form, onChange }: { form: ImportForm; onChange: (next: Partial<ImportForm>) => void }) {
  const kind = importKinds[form.kind];
  return (
    <Stack gap="md">
      <SegmentedControl
        aria-label="Kind of file"
        style={{ alignSelf: 'start' }}
        value={form.kind}
        data={[
          { value: 'importOneRoster', label: 'OneRoster (zip)' },
          { value: 'importPeople', label: 'People (CSV)' },
        ]}
        onChange={(next) =>
          onChange({ kind: next === 'importPeople' ? 'importPeople' : 'importOneRoster', file: null })
        }
      />
      <FileInput
        label="File"
        description={kind.words}
        placeholder={`Choose a file, up to ${bytes(kind.limitBytes)}`}
        accept={kind.accept}
        maw={520}
        clearable
        value={form.file}
        onChange={(file) => onChange({ file })}
        error={tooLarge(form) ? 'The file is larger than the limit.' : null}
      />
      <Radio.Group
        label="When a row has a problem"
        value={form.mode}
        onChange={(mode) => onChange({ mode: mode === 'lenient' ? 'lenient' : 'strict' })}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="strict" label="Strict" description="Any error stops the whole import." />
          <Radio
            value="lenient"
            label="Lenient"
            description="Bad rows are left out and listed; the others are imported."
          />
        </Stack>
      </Radio.Group>
      <Text size="xs" c="dimmed">
        Demographics and passwords in the file are never read.
      </Text>
    </Stack>
  );
}
