import { Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { CommandView } from '../../../../../shared/api/schemas.ts';
import { commandStateWords, deviceTotal, resultWords } from '../../command-words.ts';
import { DeviceState, Said } from '../../components/commands/command-device-list.tsx';
import classes from '../../components/event-list.module.css';
import { TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { helpdeskQueries } from '../../helpdesk-queries.ts';
import { actorWords } from '../../words.ts';

const limit = 20;

/** What the device was told to do, for this ticket first, and what became of it. */
export function CommandsTab({ deviceId, ticketId }: { deviceId: string; ticketId: string }) {
  const commands = useQuery(helpdeskQueries.commands({ device: deviceId, limit }));
  return (
    <Loaded query={commands}>
      {({ items }) =>
        items.length === 0 ? (
          <Text size="sm" c="dimmed">
            It has not been told to do anything. Press m, or choose “Actions”.
          </Text>
        ) : (
          <ol className={classes.events} aria-label="Commands">
            {ofTicketFirst(items, ticketId).map((command) => (
              <li key={command.id} className={classes.event}>
                <Told command={command} isOfTicket={command.ticketId === ticketId} />
              </li>
            ))}
          </ol>
        )
      }
    </Loaded>
  );
}

const ofTicketFirst = (items: readonly CommandView[], ticketId: string) =>
  items.toSorted((a, b) => Number(b.ticketId === ticketId) - Number(a.ticketId === ticketId));

function Told({ command, isOfTicket }: { command: CommandView; isOfTicket: boolean }) {
  const { id, words, state, by, createdAt, approvalId } = command;
  const { label, tone } = commandStateWords[state];
  return (
    <Stack gap={4}>
      <Group gap={6}>
        <TextLink to="/commands/$id" params={{ id }} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {words}
        </TextLink>
        <Tag tone={tone}>{label}</Tag>
      </Group>
      <Text size="xs" c="dimmed" component="div">
        <When at={createdAt} /> · {actorWords(by)}
        {isOfTicket ? ' · for this ticket' : ''}
        {state === 'waiting' && approvalId !== null ? (
          <>
            {' · '}
            <TextLink to="/approvals/$id" params={{ id: approvalId }} size="xs">
              Who must sign
            </TextLink>
          </>
        ) : null}
      </Text>
      {state === 'waiting' ? null : deviceTotal(command) === 1 ? (
        <OneAnswer id={id} />
      ) : (
        <Text size="xs">{resultWords(command)}</Text>
      )}
    </Stack>
  );
}

/** What the only device of a command answered. */
function OneAnswer({ id }: { id: string }) {
  const answers = useQuery(helpdeskQueries.commandDevices(id, { limit: 1 }));
  const row = answers.data?.items[0];
  if (!row) return null;
  return (
    <Text size="sm" component="div" role="status" style={{ overflowWrap: 'anywhere' }}>
      <DeviceState row={row} /> <Said row={row} />
    </Text>
  );
}
