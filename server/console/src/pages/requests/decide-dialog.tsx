import { Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { UnblockRequestView } from '../../../../../shared/api/schemas.ts';
import { ApiError, call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { ReasonField } from '../../components/reason-field.tsx';
import { SpanField } from '../../components/span-field.tsx';
import { useAct } from '../../components/use-act.ts';
import { useNow } from '../../components/when.tsx';
import { minutesOf, minutesProblem, reasonProblem, type Span } from '../../override-form.ts';
import type { Input } from '../../request.ts';

export interface Asked {
  request: UnblockRequestView;
  outcome: 'granted' | 'refused';
}

type Decision = Input<'decideRequest'>['body'];
type Target = NonNullable<Decision['target']>;

/** Grants a request for a time, or refuses it; with a reason that the person reads. */
export function DecideDialog({ asked, onClose }: { asked: Asked | undefined; onClose: () => void }) {
  return asked ? <Decide key={`${asked.request.id} ${asked.outcome}`} {...asked} onClose={onClose} /> : null;
}

function Decide({ request, outcome, onClose }: Asked & { onClose: () => void }) {
  const granting = outcome === 'granted';
  const [target, setTarget] = useState<Target>(request.person ? 'person' : 'device');
  const [span, setSpan] = useState<Span>({ kind: 'hour' });
  const [reason, setReason] = useState('');
  const now = useNow();
  const decide = useAct({
    act: (body: Decision) => call('decideRequest', { params: { id: request.id }, body }),
    done: granting
      ? `${request.name} opens on the device within moments.`
      : `The request for ${request.name} is refused.`,
    stale: ['requests', 'overrides', 'classes'],
    onDone: onClose,
  });
  const send = () => {
    const minutes = minutesOf(span, Date.now(), null);
    if (!granting) decide.mutate({ outcome, reason: reason.trim() });
    else if (minutes !== undefined) decide.mutate({ outcome, reason: reason.trim(), minutes, target });
  };
  const unfinished =
    reasonProblem(reason) !== undefined || (granting && minutesProblem(minutesOf(span, now, null)) !== undefined);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={granting ? `Grant ${request.name}` : `Refuse ${request.name}`}
      action={granting ? 'Grant' : 'Refuse'}
      unfinished={unfinished}
      onConfirm={send}
      busy={decide.isPending}
      error={inPlainWords(decide.error)}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {request.person?.name ?? request.deviceName}: {request.words ? `“${request.words}”` : 'no reason given'}
        </Text>
        {granting ? <For request={request} target={target} onChange={setTarget} /> : null}
        {granting ? <SpanField span={span} onChange={setSpan} /> : null}
        <ReasonField
          description="The person reads it on the device"
          placeholder={granting ? 'For your project, until tomorrow' : 'Ask your teacher to open it in class'}
          value={reason}
          onChange={setReason}
        />
      </Stack>
    </ConfirmDialog>
  );
}

interface ForProps {
  request: UnblockRequestView;
  target: Target;
  onChange: (target: Target) => void;
}

function For({ request, target, onChange }: ForProps) {
  const { person, deviceName, orgName } = request;
  return (
    <Radio.Group label="For whom" value={target} onChange={(next) => onChange(next as Target)}>
      <Stack gap="xs" mt="xs">
        {person ? <Radio value="person" label={`${person.name}, on every device they have`} /> : null}
        <Radio value="device" label={`The device ${deviceName} alone`} />
        {orgName ? <Radio value="school" label={`Everybody at ${orgName}`} /> : null}
      </Stack>
    </Radio.Group>
  );
}

/** What a refused grant means and what to do instead. */
function inPlainWords(error: Error | null): Error | null {
  if (!(error instanceof ApiError) || error.code !== 'not-liftable') return error;
  const remedy = 'Refuse the request, or change the profile that blocks it.';
  return new ApiError(error.status, error.code, `${error.message} ${remedy}`, error.details);
}
