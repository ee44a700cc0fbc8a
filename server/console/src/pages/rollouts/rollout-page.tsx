import { Alert, Text } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { RolloutView } from '../../../../../shared/api/schemas.ts';
import { TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { reviewQueries } from '../../review-queries.ts';
import { isLive, rolloutKindWords, rolloutStateWords } from '../../rollout-words.ts';
import { actorWords } from '../../words.ts';
import { PlanDetails } from '../changes/plan-panel.tsx';
import { DecisionsPanel } from './decisions-panel.tsx';
import { GatesPanel } from './gates-panel.tsx';
import { RingList } from './ring-list.tsx';
import { Rings } from './rings.tsx';
import { RolloutActions } from './rollout-actions.tsx';
import classes from './rollout-page.module.css';

const route = getRouteApi('/shell/rollouts/$id');
const parent = { to: '/rollouts', label: 'Rollouts' } as const;

export function RolloutPage() {
  const { id } = route.useParams();
  const rollout = useQuery(reviewQueries.rollout(id));
  if (rollout.data) return <Watched key={id} view={rollout.data} />;
  return (
    <Page title="Rollout" parent={parent}>
      <Loaded query={rollout}>{(view) => <Watched key={id} view={view} />}</Loaded>
    </Page>
  );
}

function Watched({ view }: { view: RolloutView }) {
  const { rollout, plan, gates, decisions } = view;
  const { label, tone } = rolloutStateWords[rollout.state];
  return (
    <Page title={rollout.title} parent={parent} badge={<Tag tone={tone}>{label}</Tag>} lead={<Origin view={view} />}>
      {isLive(rollout.state) ? <RolloutActions view={view} /> : null}
      {rollout.state === 'halted' || rollout.state === 'paused' ? <Why view={view} /> : null}
      <Panel title="Rings" note={<Next view={view} />}>
        <div className={classes.rings}>
          <Rings view={view} />
          <RingList view={view} />
        </div>
      </Panel>
      <GatesPanel gates={gates} />
      <DecisionsPanel decisions={decisions} />
      <Panel title="The plan">
        <PlanDetails plan={plan} />
      </Panel>
    </Page>
  );
}

function Origin({ view: { rollout } }: { view: RolloutView }) {
  return (
    <>
      {rolloutKindWords[rollout.kind]}, started by {actorWords(rollout.by)} <When at={rollout.startedAt} />.{' '}
      {rollout.changeId === null ? null : (
        <TextLink to="/changes/$id" params={{ id: rollout.changeId }}>
          What it changes
        </TextLink>
      )}
    </>
  );
}

function Why({ view: { rollout } }: { view: RolloutView }) {
  const halted = rollout.state === 'halted';
  return (
    <Alert
      role="alert"
      variant="default"
      icon={<IconHandStop color={halted ? 'var(--verdict-noncompliant)' : 'var(--verdict-silent)'} />}
      title={halted ? 'It is halted: nobody else is given it' : 'It is paused: no further ring opens'}
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {rollout.reason ?? 'No reason was given.'}
      </Text>
      <Text size="xs" c="dimmed" component="div">
        <When at={rollout.since} />
      </Text>
    </Alert>
  );
}

function Next({ view: { nextAt, nextWords } }: { view: RolloutView }) {
  return (
    <span role="status">
      {nextWords}
      {nextAt === null ? null : (
        <>
          {' '}
          About <When at={nextAt} as="moment" />.
        </>
      )}
    </span>
  );
}
