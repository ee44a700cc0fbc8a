import { Group, List, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import type { ChangeView } from '../../../../../shared/api/schemas.ts';
import { requirementWords } from '../../change-words.ts';
import { TextLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { When } from '../../components/when.tsx';
import { actorWords } from '../../words.ts';
import { ChangeActions } from './change-actions.tsx';
import classes from './change-standing.module.css';

/** What a change needs and has, what hinders it, and what may be done with it. */
export function ChangeStanding({ view }: { view: ChangeView }) {
  const { change, requirements } = view;
  const hindrances = otherHindrances(view);
  const waits = change.state === 'open' || change.state === 'scheduled';
  return (
    <Panel title={waits ? 'Before it goes out' : 'What became of it'} note={<Fate view={view} />}>
      {requirements.length > 0 ? (
        <ul className={classes.requirements}>
          {requirements.map((requirement) => (
            <Requirement key={requirement.kind} requirement={requirement} waits={waits} />
          ))}
        </ul>
      ) : (
        <Text size="sm">It {waits ? 'needs' : 'needed'} nobody’s approval.</Text>
      )}
      {waits && hindrances.length > 0 ? (
        <div>
          <Text size="sm" fw={600}>
            What hinders it now
          </Text>
          <List size="sm" style={{ overflowWrap: 'anywhere' }}>
            {hindrances.map((words) => (
              <List.Item key={words}>{words}</List.Item>
            ))}
          </List>
        </div>
      ) : null}
      {waits ? <ChangeActions view={view} /> : null}
    </Panel>
  );
}

/** An approval that is missing stands among the requirements already. */
const otherHindrances = ({ requirements, hindrances }: ChangeView) =>
  hindrances.filter((words) => !requirements.some(({ why, metBy }) => metBy === null && words.includes(why)));

function Fate({ view: { change, decisions } }: { view: ChangeView }) {
  const { state, publishAt, publishedAt, rolloutId } = change;
  if (state === 'published')
    return (
      <Group gap={6}>
        <span>
          Published <When at={publishedAt} as="moment" />
          {rolloutId === null ? ', to everybody at once.' : '.'}
        </span>
        {rolloutId === null ? null : (
          <TextLink to="/rollouts/$id" params={{ id: rolloutId }} fw={600}>
            Watch the rollout
          </TextLink>
        )}
      </Group>
    );
  if (state === 'rejected') {
    const rejection = decisions.findLast(({ decision }) => decision === 'rejected');
    return rejection ? `Rejected by ${actorWords(rejection.by)}: ${rejection.words}` : 'Rejected.';
  }
  if (state === 'withdrawn') return 'Taken back by its author; the drafts are still there.';
  return publishAt === null ? null : (
    <span>
      It goes out <When at={publishAt} as="moment" /> when it has what it needs by then.
    </span>
  );
}

function Requirement({
  requirement: { kind, why, metBy, metAt },
  waits,
}: {
  requirement: ChangeView['requirements'][number];
  waits: boolean;
}) {
  const missing = waits ? 'has not approved yet' : 'did not approve';
  return (
    <li data-met={metBy !== null}>
      {metBy === null ? <IconCircleDashed aria-hidden="true" /> : <IconCircleCheck aria-hidden="true" />}
      <div>
        <Text size="sm">
          <b>{requirementWords[kind]}</b> {metBy === null ? missing : `approved: ${actorWords(metBy)}`}
          {metAt === null ? null : (
            <>
              , <When at={metAt} />
            </>
          )}
        </Text>
        <Text size="sm" c="dimmed">
          {why}
        </Text>
      </div>
    </li>
  );
}
