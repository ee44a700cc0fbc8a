import { Button, Code, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type DeliveryView, deliveryStates, type WebhookView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Pager } from '../../components/pager.tsx';
import { Panel } from '../../components/panel.tsx';
import { Problem } from '../../components/problem.tsx';
import { type Column, Rows } from '../../components/rows.tsx';
import { Tag } from '../../components/tag.tsx';
import { useAct } from '../../components/use-act.ts';
import { When } from '../../components/when.tsx';
import { interfaceQueries } from '../../interface-queries.ts';
import { deliveryStateWords, eventTitle } from '../../interface-words.ts';

const route = getRouteApi('/shell/webhooks/$id');
const limit = 50;
const tones = { waiting: 'warn', delivered: 'good', dead: 'bad' } as const;
const choices = [
  { value: 'all', label: 'All' },
  ...deliveryStates.map((value) => ({ value, label: deliveryStateWords[value] })),
];

/** What was sent, what waits and what was given up; each can be sent again. */
export function DeliveriesPanel({ webhook }: { webhook: WebhookView }) {
  const { page = 1, cursor, state } = route.useSearch();
  const navigate = route.useNavigate();
  const deliveries = useQuery(interfaceQueries.deliveries(webhook.id, { limit, cursor, state }));
  const again = useAct({
    act: (id: string) => call('redeliver', { params: { id } }),
    done: 'It is sent again.',
    stale: ['webhooks'],
  });
  return (
    <Panel
      title="Deliveries"
      note="Tried again for a day, with growing pauses, then given up. Kept for 30 days."
      aside={
        <SegmentedControl
          size="xs"
          aria-label="Which deliveries"
          data={choices}
          value={state ?? 'all'}
          onChange={(wanted) =>
            void navigate({ search: { state: deliveryStates.find((each) => each === wanted) }, replace: true })
          }
        />
      }
    >
      {again.error ? <Problem error={again.error} /> : null}
      <Loaded query={deliveries}>
        {(found) => (
          <Stack gap="md">
            {found.items.length > 0 ? (
              <Rows
                label="Deliveries"
                rows={found.items}
                keyOf={({ id }) => id}
                columns={columnsOf(webhook.active ? (id) => again.mutate(id) : undefined)}
              />
            ) : (
              <Empty icon={IconSend} title={state === undefined ? 'Nothing was sent yet' : 'There is none of these'}>
                {state === undefined && webhook.active ? 'Choose “Send a test” to try the receiver.' : null}
              </Empty>
            )}
            <Pager page={page} limit={limit} found={found} onGo={(to) => void navigate({ search: { state, ...to } })} />
          </Stack>
        )}
      </Loaded>
    </Panel>
  );
}

function columnsOf(onAgain: ((id: string) => void) | undefined): Column<DeliveryView>[] {
  return [
    { title: 'Event', main: true, cell: (delivery) => <What delivery={delivery} /> },
    { title: 'Happened', cell: ({ at }) => <When at={at} as="moment" /> },
    { title: 'State', cell: (delivery) => <State delivery={delivery} /> },
    { title: 'Tries', align: 'right', cell: ({ attempts }) => attempts.toLocaleString('en') },
    {
      title: 'Change',
      cell: ({ id, event }) =>
        onAgain ? (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`Send again: ${eventTitle(event)}, ${id}`}
            onClick={() => onAgain(id)}
          >
            Send again
          </Button>
        ) : (
          '–'
        ),
    },
  ];
}

function What({ delivery: { event, body } }: { delivery: DeliveryView }) {
  return (
    <div>
      <Text fw={600} size="sm">
        {eventTitle(event)}
      </Text>
      <details>
        <summary>What is sent</summary>
        <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {body}
        </Code>
      </details>
    </div>
  );
}

function State({ delivery: { state, lastProblem, lastAt, nextAt } }: { delivery: DeliveryView }) {
  return (
    <div>
      <Tag tone={tones[state]}>{deliveryStateWords[state]}</Tag>
      <Text size="xs" c="dimmed" component="div">
        {lastProblem}{' '}
        {state === 'waiting' ? (
          <>
            Next try <When at={nextAt} />
          </>
        ) : (
          <When at={lastAt} />
        )}
      </Text>
    </div>
  );
}
