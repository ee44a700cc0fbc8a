import { Button, Group, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import type { SecurityView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { CodeAppForm } from '../../components/code-app-form.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { notifyDone } from '../../components/notify.ts';
import { Panel } from '../../components/panel.tsx';
import { useAct } from '../../components/use-act.ts';
import { When } from '../../components/when.tsx';

export function CodeAppPanel({ codeApp }: { codeApp: SecurityView['codeApp'] }) {
  const client = useQueryClient();
  const [adding, dialog] = useDisclosure();
  const [removing, confirmation] = useDisclosure();
  const remove = useAct({
    act: () => call('removeCodeApp', {}),
    done: 'The code app is removed.',
    stale: ['security'],
    onDone: confirmation.close,
  });
  const added = () => {
    dialog.close();
    notifyDone('The code app is added.');
    void client.invalidateQueries({ queryKey: ['security'] });
  };
  return (
    <Panel
      title="Code app"
      note="Six digits from your phone, after the password."
      aside={
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={dialog.open}>
            {codeApp ? 'Use another one' : 'Add a code app'}
          </Button>
          {codeApp ? (
            <Button size="xs" variant="subtle" onClick={confirmation.open}>
              Remove the code app
            </Button>
          ) : null}
        </Group>
      }
    >
      <Text size="sm" {...(codeApp ? {} : { c: 'dimmed' })}>
        {codeApp ? (
          <>
            Added <When at={codeApp.createdAt} as="date" />.
          </>
        ) : (
          'You have none.'
        )}
      </Text>
      <Modal opened={adding} onClose={dialog.close} title="Add a code app">
        {adding ? <CodeAppForm onAdded={added} /> : null}
      </Modal>
      <ConfirmDialog
        opened={removing}
        onClose={confirmation.close}
        title="Remove the code app"
        action="Remove it"
        dangerous
        onConfirm={() => remove.mutate(undefined)}
        busy={remove.isPending}
        error={remove.error}
      >
        <Text size="sm">Its codes let nobody in any more.</Text>
      </ConfirmDialog>
    </Panel>
  );
}
