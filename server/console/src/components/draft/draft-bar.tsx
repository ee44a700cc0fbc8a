import { Button, Group, Popover, Text } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { count } from '../../words.ts';
import { LeaveGuard } from '../leave-guard.tsx';
import { notifyDone } from '../notify.ts';
import { Problem } from '../problem.tsx';
import classes from '../save-bar.module.css';
import { DraftConflict } from './draft-conflict.tsx';

/** What the server would refuse: where, and why. */
export interface DraftProblem {
  place: string;
  words: string;
}

interface Props {
  draft: {
    dirty: boolean;
    conflict: boolean;
    busy: boolean;
    error: Error | null;
    save: () => Promise<unknown>;
    saveOver: () => void;
    takeTheirs: () => void;
    undo: () => void;
    discard: () => void;
  };
  /** What is saved: `hasDraft` and which revision is published. */
  saved: { hasDraft: boolean; publishedRevision: number | null };
  problems: readonly DraftProblem[];
  /** Where the draft is previewed and proposed as a change. */
  proposal: string;
  /** What is lost by leaving, in words. */
  lost: string;
}

/** Stays in sight while a draft is edited: what is to be put right, saving, and the way to review it. */
export function DraftBar({ draft, saved, problems, proposal, lost }: Props) {
  const { history } = useRouter();
  const faulty = problems.length > 0;
  const proposable = draft.dirty || saved.hasDraft || saved.publishedRevision === null;
  const save = () =>
    void draft.save().then(
      () => notifyDone('The draft is saved. Devices keep what is published.'),
      () => undefined,
    );
  const propose = () => {
    const open = () => history.push(proposal, undefined, { ignoreBlocker: true });
    if (draft.dirty) void draft.save().then(open, () => undefined);
    else open();
  };
  return (
    <>
      {draft.conflict ? <DraftConflict draft={draft} /> : null}
      {draft.error ? <Problem error={draft.error} title="The draft was not saved" /> : null}
      <div className={classes.bar}>
        {faulty ? <Faults problems={problems} /> : <State dirty={draft.dirty} saved={saved} />}
        <Group gap="xs">
          {draft.dirty ? (
            <Button variant="subtle" onClick={draft.undo}>
              Undo changes
            </Button>
          ) : saved.hasDraft && saved.publishedRevision !== null ? (
            <Button variant="subtle" loading={draft.busy} onClick={draft.discard}>
              Throw the draft away
            </Button>
          ) : null}
          <Button variant="default" disabled={!draft.dirty || faulty} loading={draft.busy} onClick={save}>
            Save draft
          </Button>
          <Button disabled={!proposable || faulty || draft.conflict || draft.busy} onClick={propose}>
            Preview and propose
          </Button>
        </Group>
      </div>
      <LeaveGuard dirty={draft.dirty} keptOnPage lost={lost} />
    </>
  );
}

function State({ dirty, saved }: Pick<Props['draft'], 'dirty'> & Pick<Props, 'saved'>) {
  const words = dirty
    ? 'Changes not saved'
    : saved.hasDraft
      ? 'Draft saved, not published'
      : saved.publishedRevision === null
        ? 'Nothing published yet'
        : `As published in revision ${saved.publishedRevision}`;
  return (
    <Text size="sm" c="dimmed" role="status">
      {words}
    </Text>
  );
}

function Faults({ problems }: Pick<Props, 'problems'>) {
  return (
    <Popover position="top-start" width={360} withArrow>
      <Popover.Target>
        <Button variant="subtle" c="var(--verdict-noncompliant-text)">
          {count(problems.length, 'thing')} to put right
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        {problems.map(({ place, words }) => (
          <Text key={`${place} ${words}`} size="sm" style={{ overflowWrap: 'anywhere' }}>
            <b>{place}</b>: {words}
          </Text>
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}
