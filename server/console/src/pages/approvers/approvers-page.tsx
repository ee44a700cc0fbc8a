import { Alert, Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconClockPause, IconFingerprint } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ApproversView } from '../../../../../shared/api/schemas.ts';
import { Empty } from '../../components/empty.tsx';
import { Facts } from '../../components/facts.tsx';
import { TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Meter } from '../../components/meter.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { type Column, Rows } from '../../components/rows.tsx';
import { When } from '../../components/when.tsx';
import { helpdeskQueries } from '../../helpdesk-queries.ts';
import { list } from '../../rollout-words.ts';
import { useMay } from '../../use-may.ts';
import { count } from '../../words.ts';
import { ProposeApproversDialog } from './propose-approvers-dialog.tsx';

export function ApproversPage() {
  const approvers = useQuery(helpdeskQueries.approvers());
  const may = useMay();
  const [proposing, propose] = useDisclosure();
  return (
    <Page
      title="Approvers"
      lead="Those whose passkeys devices obey for dangerous commands. Each device keeps this roster for itself: a stolen server cannot change it."
      actions={
        may('proposeApprovers') ? (
          <Button
            variant="default"
            disabled={!approvers.data || approvers.data.pending !== null}
            onClick={propose.open}
          >
            Propose others…
          </Button>
        ) : null
      }
    >
      <Loaded query={approvers}>
        {(view) => (
          <>
            {view.pending ? <Pending pending={view.pending} /> : null}
            <Roster approvers={view} />
            <Budget budget={view.budget} />
            {proposing ? <ProposeApproversDialog approvers={view} onClose={propose.close} /> : null}
          </>
        )}
      </Loaded>
    </Page>
  );
}

type Member = ApproversView['members'][number];

const columns: readonly Column<Member>[] = [
  { title: 'Name', main: true, cell: ({ name }) => <b>{name}</b> },
  {
    title: 'Passkeys',
    wide: true,
    cell: ({ passkeys }) =>
      passkeys.length === 0 ? (
        <Text size="sm" c="var(--verdict-noncompliant-text)">
          None: they cannot sign.
        </Text>
      ) : (
        passkeys.map(({ name }) => name).join(', ')
      ),
  },
];

function Roster({ approvers: { members, version } }: { approvers: ApproversView }) {
  if (members.length === 0)
    return (
      <Empty icon={IconFingerprint} title="No approvers are named yet">
        Propose at least two people who have a passkey. Until then no device can be locked, wiped or set to lost mode.
      </Empty>
    );
  return (
    <Panel title="Roster" note={`The ${ordinal(version)} one. Any two of them, but not who asks, sign a command.`}>
      <Rows label="Approvers" rows={members} keyOf={({ staffId }) => staffId} columns={columns} />
    </Panel>
  );
}

const endings = new Map([
  ['one', 'st'],
  ['two', 'nd'],
  ['few', 'rd'],
]);
const rules = new Intl.PluralRules('en', { type: 'ordinal' });
const ordinal = (number: number) => `${number}${endings.get(rules.select(number)) ?? 'th'}`;

function Pending({
  pending: { approvalId, effectiveAt, members },
}: {
  pending: NonNullable<ApproversView['pending']>;
}) {
  return (
    <Alert
      variant="default"
      role="status"
      icon={<IconClockPause color="var(--verdict-silent)" />}
      title={effectiveAt === null ? 'Another roster waits for its signatures' : 'Another roster is on its way'}
    >
      <Text size="sm">{list(members)}.</Text>
      <Text size="sm" c="dimmed" component="div">
        {effectiveAt === null ? null : (
          <>
            Devices follow it <When at={effectiveAt} as="moment" />, each by its own clock; until then the earlier
            roster holds.
          </>
        )}{' '}
        {approvalId === null ? null : (
          <TextLink to="/approvals/$id" params={{ id: approvalId }} size="sm">
            See what is signed
          </TextLink>
        )}
      </Text>
    </Alert>
  );
}

function Budget({ budget: { commandsPerDay, devicesPerCommand, usedToday } }: Pick<ApproversView, 'budget'>) {
  return (
    <Panel title="Budget" note="Every device counts for itself, and obeys no more than this whoever signs.">
      <Meter
        label="Dangerous commands today"
        value={commandsPerDay === 0 ? 100 : (usedToday / commandsPerDay) * 100}
        warnFrom={60}
        badFrom={100}
        detail={`${usedToday} of ${commandsPerDay}`}
      />
      <Facts facts={[['In one of them at most', count(devicesPerCommand, 'device')]]} />
    </Panel>
  );
}
