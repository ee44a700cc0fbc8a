import { Select, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CommandInput, CommandView, DeviceSummary, TicketView } from '../../../../../shared/api/schemas.ts';
import { type Action, type ActionKind, dangerousActions } from '../../../../../shared/commands/action.ts';
import { call } from '../../api.ts';
import { actionProblem, actionWords, blankAction } from '../../command-words.ts';
import { helpdeskQueries } from '../../helpdesk-queries.ts';
import { count } from '../../words.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { ReasonField } from '../reason-field.tsx';
import { useAct } from '../use-act.ts';
import { ActionFields } from './action-fields.tsx';
import { CommandPreview } from './command-preview.tsx';

interface Props {
  kind: ActionKind;
  deviceIds: readonly string[];
  /** Of the devices, where it is one: only scripts for it are offered. */
  platform?: DeviceSummary['platform'];
  /** The ticket it is done for. */
  ticket?: TicketView;
  onClose: () => void;
  onGiven: (command: CommandView) => void;
}

/** Signing takes time: what must be signed is obeyed for a day, unless somebody says otherwise. */
const expiries = [
  { value: '15', label: '15 minutes' },
  { value: '60', label: 'an hour' },
  { value: '480', label: '8 hours' },
  { value: '1440', label: 'a day' },
  { value: '10080', label: 'a week' },
];
const leastReason = 5;

/** Tells devices to do something: what exactly is said in words before, and how many must sign it. */
export function GiveCommandDialog({ kind, deviceIds, platform, ticket, onClose, onGiven }: Props) {
  const [action, setAction] = useState<Action | undefined>(() => blankAction(kind));
  const [reason, setReason] = useState(ticket ? `Ticket ${ticket.number}: ${ticket.subject}`.slice(0, 300) : '');
  const [minutes, setMinutes] = useState(dangerousActions.has(kind) ? '1440' : '60');
  const problem = actionProblem(action);
  const written = reason.trim().length >= leastReason;
  const body: CommandInput | undefined =
    action === undefined || problem !== undefined || !written
      ? undefined
      : {
          ...{ action, deviceIds: [...deviceIds], reason: reason.trim(), expiresInMinutes: Number(minutes) },
          ...(ticket ? { ticketId: ticket.id } : {}),
        };
  const [asked] = useDebouncedValue(body, 300);
  const preview = useQuery({
    ...helpdeskQueries.commandPreview(asked ?? ({} as CommandInput)),
    enabled: asked !== undefined,
  });
  const give = useAct({
    act: (input: CommandInput) => call('createCommand', { body: input }),
    done: ({ state }) =>
      state === 'waiting' ? 'It waits for the approvers to sign it.' : `${actionWords[kind]}: the devices are told.`,
    stale: ['commands', 'approvals', 'ticket', 'tickets'],
    onDone: (command) => {
      onClose();
      onGiven(command);
    },
  });
  const refused = preview.data === undefined || preview.data.problem !== null;
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`${actionWords[kind]}: ${deviceIds.length === 1 ? 'one device' : count(deviceIds.length, 'device')}`}
      action={(preview.data?.needs ?? 0) > 0 ? 'Ask for the signatures' : actionWords[kind]}
      onConfirm={() => body && give.mutate(body)}
      busy={give.isPending}
      error={give.error}
      dangerous={dangerousActions.has(kind)}
      unfinished={body === undefined || refused}
    >
      <ActionFields kind={kind} action={action} platform={platform} onChange={setAction} />
      <ReasonField
        description="Kept with the command, and shown where the person is told"
        value={reason}
        minLength={leastReason}
        onChange={setReason}
      />
      <Select
        label="A device that is off may still obey within"
        value={minutes}
        data={expiries}
        allowDeselect={false}
        onChange={(next) => next && setMinutes(next)}
      />
      {body === undefined ? (
        <Text size="sm" c="dimmed" role="status">
          {problem ?? 'Say why.'}
        </Text>
      ) : (
        <CommandPreview query={preview} />
      )}
    </ConfirmDialog>
  );
}
