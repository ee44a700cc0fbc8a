import { Button, FileInput, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { routes } from '../../../../../shared/api/routes.ts';
import type { ListView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { Problem } from '../../components/problem.tsx';
import { textProblem } from '../../form-fields.ts';
import { bytes } from '../../words.ts';
import { UploadedList } from './uploaded-list.tsx';

interface Props {
  /** The list that is replaced; undefined for a new category. */
  replaced: ListView | undefined;
  onClose: () => void;
}

const { limitBytes } = routes.importList.upload ?? { limitBytes: 0 };

export function UploadListDialog({ replaced, onClose }: Props) {
  const [about, setAbout] = useState({
    category: replaced?.category ?? '',
    title: replaced?.title ?? '',
    source: replaced?.source ?? '',
    licence: replaced?.licence ?? '',
  });
  const [file, setFile] = useState<File | null>(null);
  const client = useQueryClient();
  const upload = useMutation({
    mutationFn: ({ bytes: content }: { bytes: Blob }) => {
      const { category, ...query } = about;
      return call('importList', { params: { category }, query, upload: { bytes: content, type: 'text/plain' } });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['lists'] }),
  });
  const field = (name: keyof typeof about) => ({
    value: about[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => setAbout({ ...about, [name]: event.currentTarget.value }),
  });
  const badCategory =
    about.category !== '' && textProblem(routes.importList.params.properties.category, about.category);
  const tooLarge = file !== null && file.size > limitBytes;
  const ready = file !== null && !tooLarge && about.category !== '' && !badCategory;
  return (
    <Modal opened onClose={onClose} size="lg" title={replaced ? `Replace ${replaced.title}` : 'Import a list'}>
      {upload.data ? (
        <UploadedList result={upload.data} onClose={onClose} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (ready) upload.mutate({ bytes: file });
          }}
        >
          <Stack gap="sm">
            <FileInput
              data-autofocus
              label="File"
              description={`Hosts, plain domains, wildcards, Adblock DNS or RPZ; up to ${bytes(limitBytes)}`}
              placeholder="Choose a file"
              required
              value={file}
              onChange={setFile}
              error={tooLarge ? `The file has ${bytes(file.size)}: more than the limit.` : null}
            />
            <TextInput
              label="Category"
              description="Short id that profiles name; small letters, digits and dashes"
              placeholder="gambling"
              required
              disabled={replaced !== undefined}
              error={badCategory ? 'Small letters, digits and dashes, at most 63.' : null}
              {...field('category')}
            />
            <TextInput label="Title" placeholder="Gambling" maxLength={100} {...field('title')} />
            <TextInput label="Where it comes from" placeholder="https://…" maxLength={500} {...field('source')} />
            <TextInput label="Licence" placeholder="CC BY-SA 4.0" maxLength={200} {...field('licence')} />
            {upload.error ? <Problem error={upload.error} title="The list was not imported" /> : null}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" disabled={!ready} loading={upload.isPending}>
                Import
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
