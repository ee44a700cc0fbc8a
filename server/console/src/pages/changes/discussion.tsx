import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { ChangeView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { requirementWords } from '../../change-words.ts';
import { Panel } from '../../components/panel.tsx';
import { Problem } from '../../components/problem.tsx';
import { Tag } from '../../components/tag.tsx';
import { useAct } from '../../components/use-act.ts';
import { When } from '../../components/when.tsx';
import { numbered } from '../../form-rows.ts';
import { actorWords } from '../../words.ts';
import classes from './discussion.module.css';

interface Said {
  by: string;
  at: string;
  words: string;
  decision?: ChangeView['decisions'][number];
}

/** What was said and decided, oldest first, and a place to say more. */
export function Discussion({ view }: { view: ChangeView }) {
  const { comments, decisions } = view;
  const said: Said[] = [...comments, ...decisions.map((decision) => ({ ...decision, decision }))];
  const ordered = said.toSorted((a, b) => a.at.localeCompare(b.at));
  return (
    <Panel title="Discussion">
      {ordered.length > 0 ? (
        <ol className={classes.said}>
          {numbered(ordered).map(({ key, row }) => (
            <li key={key}>
              <Group gap={6}>
                <Text size="sm" fw={600}>
                  {actorWords(row.by)}
                </Text>
                {row.decision ? <Decision decision={row.decision} /> : null}
                <Text size="xs" c="dimmed" component="span">
                  <When at={row.at} />
                </Text>
              </Group>
              {row.words ? <p>{row.words}</p> : null}
            </li>
          ))}
        </ol>
      ) : (
        <Text size="sm" c="dimmed">
          Nobody has said anything yet.
        </Text>
      )}
      <CommentForm id={view.change.id} />
    </Panel>
  );
}

function Decision({ decision: { decision, side } }: { decision: ChangeView['decisions'][number] }) {
  const approved = decision === 'approved';
  return (
    <Tag tone={approved ? 'good' : 'bad'}>
      {approved ? 'approved' : 'rejected'} as {side === 'it' ? 'IT' : requirementWords[side].toLowerCase()}
    </Tag>
  );
}

function CommentForm({ id }: { id: string }) {
  const [words, setWords] = useState('');
  const comment = useAct({
    act: () => call('commentChange', { params: { id }, body: { words: words.trim() } }),
    done: 'Your comment is there.',
    stale: ['changes'],
    onDone: () => setWords(''),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (words.trim() !== '') comment.mutate();
      }}
    >
      <Stack gap="xs">
        <Textarea
          label="Comment"
          autosize
          minRows={2}
          maxRows={10}
          maxLength={2000}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        {comment.error ? <Problem error={comment.error} title="It was not said" /> : null}
        <Button
          type="submit"
          variant="default"
          disabled={words.trim() === ''}
          loading={comment.isPending}
          style={{ alignSelf: 'start' }}
        >
          Comment
        </Button>
      </Stack>
    </form>
  );
}
