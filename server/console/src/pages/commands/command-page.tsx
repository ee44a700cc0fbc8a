import { Alert, Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconSignature } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { CommandView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { actionWords, commandStateWords, deviceTotal, resultWords } from '../../command-words.ts';
import { CommandDeviceList } from '../../components/commands/command-device-list.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Facts } from '../../components/facts.tsx';
import { TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Pager } from '../../components/pager.tsx';
import { Panel } from '../../components/panel.tsx';
import { Tag } from '../../components/tag.tsx';
import { useAct } from '../../components/use-act.ts';
import { When } from '../../components/when.tsx';
import { helpdeskQueries } from '../../helpdesk-queries.ts';
import { actorWords, count } from '../../words.ts';

const route = getRouteApi('/shell/commands/$id');
const parent = { to: '/commands', label: 'Commands' } as const;
const limit = 50;

export function CommandPage() {
  const { id } = route.useParams();
  const command = useQuery(helpdeskQueries.command(id));
  if (command.data) return <Given command={command.data} />;
  return (
    <Page title="Command" parent={parent}>
      <Loaded query={command}>{(view) => <Given command={view} />}</Loaded>
    </Page>
  );
}

function Given({ command }: { command: CommandView }) {
  const { state, action, reason, by, createdAt, expiresAt, ticketId, approvalId, words } = command;
  const { label, tone } = commandStateWords[state];
  return (
    <Page
      title={actionWords[action.kind]}
      parent={parent}
      badge={<Tag tone={tone}>{label}</Tag>}
      lead={words}
      actions={state === 'waiting' || state === 'open' ? <Withdraw command={command} /> : null}
    >
      {state === 'waiting' && approvalId !== null ? <Waits approvalId={approvalId} /> : null}
      <Panel title="What was asked">
        <Facts
          facts={[
            ['Reason', reason],
            ['Given by', actorWords(by)],
            ['When', <When key="at" at={createdAt} as="moment" />],
            ['Obeyed until', <When key="until" at={expiresAt} as="moment" />],
            ...(ticketId === null
              ? []
              : [
                  [
                    'For',
                    <TextLink key="ticket" to="/tickets/$id" params={{ id: ticketId }}>
                      Its ticket
                    </TextLink>,
                  ] as const,
                ]),
            ...(approvalId === null
              ? []
              : [
                  [
                    'Signed',
                    <TextLink key="approval" to="/approvals/$id" params={{ id: approvalId }}>
                      The approval
                    </TextLink>,
                  ] as const,
                ]),
          ]}
        />
      </Panel>
      <Panel title="What the devices answered" note={<span role="status">{resultWords(command)}</span>}>
        <Answers command={command} />
      </Panel>
    </Page>
  );
}

function Answers({ command: { id } }: { command: CommandView }) {
  const { page = 1, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const devices = useQuery(helpdeskQueries.commandDevices(id, { limit, cursor }));
  return (
    <Loaded query={devices}>
      {(found) => (
        <Stack gap="md">
          <CommandDeviceList devices={found.items} />
          <Pager {...{ page, limit, found }} onGo={(to) => void navigate({ search: to ?? {} })} />
        </Stack>
      )}
    </Loaded>
  );
}

function Waits({ approvalId }: { approvalId: string }) {
  return (
    <Alert
      variant="default"
      icon={<IconSignature color="var(--verdict-silent)" />}
      title="No device obeys it before it is signed"
    >
      <TextLink to="/approvals/$id" params={{ id: approvalId }} size="sm">
        See what is signed, and by whom
      </TextLink>
    </Alert>
  );
}

function Withdraw({ command }: { command: CommandView }) {
  const [opened, dialog] = useDisclosure();
  const withdraw = useAct({
    act: () => call('withdrawCommand', { params: { id: command.id } }),
    done: 'The command is taken back.',
    stale: ['commands', 'approvals'],
    onDone: dialog.close,
  });
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        Take it back…
      </Button>
      <ConfirmDialog
        opened={opened}
        onClose={dialog.close}
        title="Take the command back"
        action="Take it back"
        onConfirm={() => withdraw.mutate(undefined)}
        busy={withdraw.isPending}
        error={withdraw.error}
      >
        <Text size="sm">
          Of {count(deviceTotal(command), 'device')}, those that have done it stay as they are; the others are not told,
          and a device that has it already and has not begun lets it be.
        </Text>
      </ConfirmDialog>
    </>
  );
}
