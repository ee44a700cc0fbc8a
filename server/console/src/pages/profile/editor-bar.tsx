import { Button, Group, Popover, Text } from '@mantine/core';
import type { ProfileDetail } from '../../../../../shared/api/schemas.ts';
import { notifyDone } from '../../components/notify.ts';
import classes from '../../components/save-bar.module.css';
import type { SettingProblem } from '../../content.ts';
import { selectorProblem } from '../../selector-words.ts';
import { count } from '../../words.ts';
import type { Draft } from './use-draft.ts';

interface Props {
  detail: ProfileDetail;
  draft: Draft;
  problems: readonly SettingProblem[];
  onReview: () => void;
}

/** Stays in sight while a long form is edited. */
export function EditorBar({ detail, draft, problems, onReview }: Props) {
  const unfinished = draft.content.assignments.filter(({ to }) => selectorProblem(to) !== undefined).length;
  const faulty = problems.length + unfinished > 0;
  const publishable = draft.dirty || detail.profile.hasDraft || detail.profile.publishedRevision === null;
  const save = () =>
    void draft.save().then(
      () => notifyDone('The draft is saved. Devices keep what is published.'),
      () => undefined,
    );
  return (
    <div className={classes.bar}>
      {faulty ? <Faults problems={problems} unfinished={unfinished} /> : <State detail={detail} draft={draft} />}
      <Group gap="xs">
        {draft.dirty ? (
          <Button variant="subtle" onClick={draft.undo}>
            Undo changes
          </Button>
        ) : detail.profile.hasDraft && detail.profile.publishedRevision !== null ? (
          <Button variant="subtle" loading={draft.busy} onClick={draft.discard}>
            Throw the draft away
          </Button>
        ) : null}
        <Button variant="default" disabled={!draft.dirty || faulty} loading={draft.busy} onClick={save}>
          Save draft
        </Button>
        <Button disabled={!publishable || faulty || draft.conflict} onClick={onReview}>
          Review and publish
        </Button>
      </Group>
    </div>
  );
}

function State({ detail, draft }: Pick<Props, 'detail' | 'draft'>) {
  const words = draft.dirty
    ? 'Changes not saved'
    : detail.profile.hasDraft
      ? 'Draft saved, not published'
      : detail.profile.publishedRevision === null
        ? 'Nothing published yet'
        : `As published in revision ${detail.profile.publishedRevision}`;
  return (
    <Text size="sm" c="dimmed" role="status">
      {words}
    </Text>
  );
}

function Faults({ problems, unfinished }: { problems: readonly SettingProblem[]; unfinished: number }) {
  return (
    <Popover position="top-start" width={360} withArrow>
      <Popover.Target>
        <Button variant="subtle" c="var(--verdict-noncompliant-text)">
          {count(problems.length + unfinished, 'thing')} to put right
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        {unfinished > 0 ? <Text size="sm">An assignment is not filled in.</Text> : null}
        {problems.map((problem) => (
          <Text key={problem.place} size="sm" style={{ overflowWrap: 'anywhere' }}>
            <b>{problem.place}</b>: {problem.words}
          </Text>
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}
