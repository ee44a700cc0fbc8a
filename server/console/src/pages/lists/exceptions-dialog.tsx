import { Stack, Text } from '@mantine/core';
import { useId, useState } from 'react';
import { routes } from '../../../../../shared/api/routes.ts';
import type { ListView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { LinesField } from '../../components/lines-field.tsx';
import { useAct } from '../../components/use-act.ts';
import { listProblem } from '../../content.ts';
import type { FieldSchema } from '../../form-fields.ts';
import { domainsSchema } from '../../override-form.ts';

/** A name, without the marks of a pattern: what is taken out is a name with everything below it. */
const nameSchema: FieldSchema = { maxLength: 253, pattern: '^[^\\s/:?#@"\'\\\\<>*=]+$' };
const schema: FieldSchema = {
  ...routes.setListExceptions.body.properties.names,
  items: nameSchema,
  ...(domainsSchema['x-example'] ? { 'x-example': domainsSchema['x-example'] } : {}),
};

/** Names the district takes out of a list, each with everything below it. */
export function ExceptionsDialog({ list, onClose }: { list: ListView; onClose: () => void }) {
  const id = useId();
  const [names, setNames] = useState<string[]>(list.exceptions);
  const save = useAct({
    act: () => call('setListExceptions', { params: { category: list.category }, body: { names } }),
    done: `The exceptions of ${list.title} are saved.`,
    stale: ['lists'],
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Exceptions of ${list.title}`}
      action="Save the exceptions"
      unfinished={listProblem(schema, names) !== undefined}
      onConfirm={() => save.mutate()}
      busy={save.isPending}
      error={save.error}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed" id={id}>
          Names that {list.title} does not block, each with everything below it. They stay out when the list is
          refreshed, for everybody: to open a name for some people only, allow it in a profile.
        </Text>
        <LinesField
          schema={schema}
          labelId={id}
          value={names}
          onChange={setNames}
          none="None"
          minRows={4}
          initialFocus
        />
      </Stack>
    </ConfirmDialog>
  );
}
