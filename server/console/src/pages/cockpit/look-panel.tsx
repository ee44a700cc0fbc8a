import { Button, Group, SegmentedControl, Stack, Text, Textarea } from '@mantine/core';
import { IconEye, IconStethoscope } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { DeviceSummary, DiagnosisView, TicketView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { Panel } from '../../components/panel.tsx';
import { Problem } from '../../components/problem.tsx';
import { Tag } from '../../components/tag.tsx';
import { useAct } from '../../components/use-act.ts';
import { useSecond } from '../../components/use-second.ts';
import { When } from '../../components/when.tsx';
import { countdown, diagnosisStateWords, isUnderWay } from '../../diagnosis-words.ts';
import { helpdeskQueries } from '../../helpdesk-queries.ts';
import { useMay } from '../../use-may.ts';
import { actorWords } from '../../words.ts';
import { BundleLine } from './bundle-line.tsx';
import type { CockpitView } from './use-cockpit.ts';

interface Props {
  ticket: TicketView;
  device: DeviceSummary;
  /** Newest first. */
  looks: readonly DiagnosisView[];
  view: CockpitView;
}

/** Looks at the device for some minutes. The person is told why, asked where they must be, and can stop it there. */
export function LookPanel({ ticket, device, looks, view }: Props) {
  const last = looks[0];
  const may = useMay();
  const looking = last !== undefined && isUnderWay(last);
  const state = last ? diagnosisStateWords[last.state] : undefined;
  return (
    <Panel
      title="Look at this device"
      aside={last && state ? <Tag tone={state.tone}>{state.label}</Tag> : null}
      note={looking ? null : 'The person is told who looks and why, sees it all the time, and can stop it.'}
    >
      {looking ? (
        <UnderWay look={last} view={view} />
      ) : (
        <>
          {last ? <Last look={last} /> : null}
          {may('openDiagnosis') ? <BeginLooking ticket={ticket} device={device} view={view} /> : null}
        </>
      )}
      {looks.length > 1 ? <Earlier looks={looks.slice(1)} /> : null}
    </Panel>
  );
}

/** Puts what the server answered where the page reads it. */
function useLookAct(
  ask: (asked: undefined) => Promise<DiagnosisView>,
  done: (look: DiagnosisView) => string,
  onDone?: () => void,
) {
  const client = useQueryClient();
  return useAct({
    act: ask,
    done,
    stale: ['diagnosis', 'ticket'],
    onDone: (look) => {
      onDone?.();
      client.setQueryData(helpdeskQueries.diagnoses(look.ticketId).queryKey, (before) => ({
        items: [look, ...(before?.items ?? []).filter(({ id }) => id !== look.id)],
      }));
    },
  });
}

const leastReason = 5;

function BeginLooking({ ticket, device, view }: Omit<Props, 'looks'>) {
  const [reason, setReason] = useState(`Ticket ${ticket.number}: ${ticket.subject}`.slice(0, 500));
  const [minutes, setMinutes] = useState(15);
  const begin = useLookAct(
    () => call('openDiagnosis', { params: { id: ticket.id }, body: { reason: reason.trim(), minutes } }),
    ({ state }) => (state === 'asking' ? 'The person at the device is asked.' : 'The device has been told.'),
    () => view.show('live'),
  );
  const ready = device.connected && reason.trim().length >= leastReason;
  const submit = () => {
    if (ready && !begin.isPending) begin.mutate(undefined);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="sm">
        <Textarea
          ref={view.reason}
          label="Reason, as it is shown on the device"
          required
          autosize
          minRows={1}
          maxRows={4}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey) return;
            event.preventDefault();
            submit();
          }}
        />
        <Group justify="space-between" gap="sm">
          <SegmentedControl
            aria-label="For how long"
            size="xs"
            value={String(minutes)}
            data={[5, 15, 30, 60].map((value) => ({ value: String(value), label: `${value} min` }))}
            onChange={(next) => setMinutes(Number(next))}
          />
          <Button type="submit" leftSection={<IconEye size={16} />} disabled={!ready} loading={begin.isPending}>
            Look at this device
          </Button>
        </Group>
        {device.connected ? null : (
          <Text size="sm" c="dimmed">
            The device is not connected: it can be looked at when it is back.
          </Text>
        )}
        {begin.error ? <Problem error={begin.error} title="The look was not opened" /> : null}
      </Stack>
    </form>
  );
}

const stateWords = {
  opening: 'The device is being told.',
  asking: 'The person at the device is asked whether you may look. Nothing is shown until they agree.',
  running: 'You see what the device measures. Who looked, why and for how long is kept with the ticket.',
} as const;

function UnderWay({ look, view }: { look: DiagnosisView; view: CockpitView }) {
  const now = useSecond(true);
  const params = { id: look.id };
  const end = useLookAct(
    () => call('endDiagnosis', { params }),
    () => 'You stopped looking.',
  );
  const examine = useLookAct(
    () => call('examine', { params }),
    ({ examination }) => (examination ? 'The device has been examined.' : 'The device examines itself.'),
  );
  const left = countdown(Date.parse(look.until), now);
  const state = look.state === 'opening' || look.state === 'asking' ? look.state : 'running';
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-start">
        <Text size="sm" role="status" maw={460}>
          {stateWords[state]}
        </Text>
        <Text size="lg" fw={600} className="numeric" component="span" role="timer" aria-label={`${left} left`}>
          {left}
        </Text>
      </Group>
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        “{look.reason}” · {actorWords(look.by)}
        {look.shown.length > 0
          ? ` · Shown to the person: ${look.shown.map((words) => words.replace(/\.$/, '')).join('; ')}.`
          : ''}
      </Text>
      <Group gap="xs">
        {state === 'running' ? (
          <>
            <Button
              ref={view.examine}
              leftSection={<IconStethoscope size={16} />}
              loading={examine.isPending}
              onClick={() => examine.mutate(undefined)}
            >
              What is wrong?
            </Button>
            <BundleLine look={look} />
          </>
        ) : null}
        <Button ref={view.stop} variant="default" loading={end.isPending} onClick={() => end.mutate(undefined)}>
          Stop looking
        </Button>
      </Group>
      {examine.error ? <Problem error={examine.error} title="It was not examined" /> : null}
      {end.error ? <Problem error={end.error} /> : null}
    </Stack>
  );
}

function Last({ look }: { look: DiagnosisView }) {
  return (
    <Text size="sm" role="status" c={look.state === 'refused' ? 'var(--verdict-noncompliant-text)' : 'dimmed'}>
      {look.ended ?? 'It is over.'} {look.endedAt ? <When at={look.endedAt} /> : null}
    </Text>
  );
}

function Earlier({ looks }: { looks: readonly DiagnosisView[] }) {
  return (
    <details>
      <summary>
        <Text span size="sm">
          Earlier looks ({looks.length})
        </Text>
      </summary>
      {looks.map((look) => (
        <Text key={look.id} size="xs" c="dimmed" component="div" mt={6} style={{ overflowWrap: 'anywhere' }}>
          <When at={look.openedAt} as="moment" /> · {actorWords(look.by)} · “{look.reason}” · {look.ended}
        </Text>
      ))}
    </details>
  );
}
