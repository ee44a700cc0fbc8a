import { Button, FileInput, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { routes } from '../../../../../shared/api/routes.ts';
import type { SignatureImport } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { Problem } from '../../components/problem.tsx';
import { ProblemTable } from '../../components/problem-table.tsx';
import { useAct } from '../../components/use-act.ts';
import { usualTitles } from '../../obligation-form.ts';
import { bytes, count } from '../../words.ts';

const limitBytes = routes.importSignatures.upload?.limitBytes ?? 0;

interface Form {
  title: string;
  mode: 'strict' | 'lenient';
  file: File | null;
}

/** Who signed, from a file: first what it would do, then the doing. */
export function SignatureDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Import who signed" size="lg">
      <SignatureForm onClose={onClose} />
    </Modal>
  );
}

function SignatureForm({ onClose }: { onClose: () => void }) {
  const [form, setForm] = useState<Form>({ title: usualTitles.agreement, mode: 'strict', file: null });
  const check = useMutation({ mutationFn: () => send(form, true) });
  const apply = useAct({
    act: () => send(form, false),
    done: ({ met }) => `${count(met, 'person', 'people')} signed.`,
    stale: ['obligations', 'people', 'overview'],
    onDone: ({ applied }) => applied && onClose(),
  });
  const change = (next: Partial<Form>) => {
    check.reset();
    apply.reset();
    setForm({ ...form, ...next });
  };
  const tooLarge = (form.file?.size ?? 0) > limitBytes;
  const isReady = form.file !== null && !tooLarge && form.title.trim().length > 2;
  const result = apply.data ?? check.data;
  const error = apply.error ?? check.error;
  return (
    <Stack gap="sm">
      <TextInput
        label="Which agreement"
        description="By the words it was asked with"
        required
        maxLength={200}
        value={form.title}
        onChange={(event) => change({ title: event.currentTarget.value })}
      />
      <FileInput
        label="File"
        description="A CSV file with a header and a column “username” or “sourcedId”"
        placeholder={`Choose a file, up to ${bytes(limitBytes)}`}
        accept=".csv,text/csv"
        clearable
        value={form.file}
        onChange={(file) => change({ file })}
        error={tooLarge ? 'The file is larger than the limit.' : null}
      />
      <Radio.Group
        label="When a row has a problem"
        value={form.mode}
        onChange={(mode) => change({ mode: mode === 'lenient' ? 'lenient' : 'strict' })}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="strict" label="Strict" description="Any error stops the whole import." />
          <Radio value="lenient" label="Lenient" description="Bad rows are left out and listed; the others count." />
        </Stack>
      </Radio.Group>
      {error ? <Problem error={error} title="The file cannot be imported like this" /> : null}
      {result ? <Result result={result} /> : null}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        {check.data && mayApply(check.data) ? (
          <Button loading={apply.isPending} onClick={() => apply.mutate()}>
            Record {count(check.data.met, 'signature')}
          </Button>
        ) : (
          <Button disabled={!isReady} loading={check.isPending} onClick={() => check.mutate()}>
            Check the file
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function mayApply({ mode, met, problems }: SignatureImport): boolean {
  return met > 0 && (mode === 'lenient' || problems.every(({ severity }) => severity !== 'error'));
}

function Result({ result: { met, already, left, problems } }: { result: SignatureImport }) {
  return (
    <Stack gap="xs">
      <Text size="sm" role="status">
        {count(met, 'person', 'people')} signed by this file
        {already > 0 ? `, ${already.toLocaleString('en')} had before` : ''}; {left.toLocaleString('en')} still to sign.
      </Text>
      {problems.length > 0 ? <ProblemTable problems={problems} /> : null}
    </Stack>
  );
}

async function send({ title, mode, file }: Form, dryRun: boolean): Promise<SignatureImport> {
  if (!file) throw new Error('Choose a file first.');
  const query = { title: title.trim(), mode, dryRun };
  return await call('importSignatures', { query, upload: { bytes: file, type: 'text/csv' } });
}
