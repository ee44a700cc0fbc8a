import { Button, Group, List, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { CalendarPreview } from '../../../../../shared/api/schemas.ts';
import { ProblemTable } from '../../components/problem-table.tsx';

interface Props {
  preview: CalendarPreview;
  onTake: () => void;
  onBack: () => void;
}

/** What an import would make of the calendar; nothing is saved yet. */
export function ImportPreview({ preview, onTake, onBack }: Props) {
  const { summary, changes, effects, next, leftOut, problems } = preview;
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {summary}
      </Text>
      <Part title="What comes of it">
        <Rows rows={effects} />
      </Part>
      {next.length > 0 ? (
        <Part
          title={
            next.length === 1 ? 'The next school day that changes' : `The next ${next.length} school days that change`
          }
        >
          <Rows rows={next.map(({ date, before, after }) => `${date}. ${after} (now: ${before})`)} />
        </Part>
      ) : null}
      <Part title={`Changes (${changes.length})`}>
        {changes.length > 0 ? (
          <Rows rows={changes} />
        ) : (
          <Text size="sm">None: the calendar says all of it already.</Text>
        )}
      </Part>
      {leftOut.length > 0 ? (
        <Part title="Left out: no words fit">
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {leftOut.join(' · ')}
          </Text>
        </Part>
      ) : null}
      {problems.length > 0 ? (
        <Part title={`Problems (${problems.length})`}>
          <ProblemTable problems={problems} />
        </Part>
      ) : null}
      <Group justify="flex-end">
        <Button variant="default" onClick={onBack}>
          Back
        </Button>
        <Button data-autofocus disabled={changes.length === 0} onClick={onTake}>
          Take over into the form
        </Button>
      </Group>
    </Stack>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <Title order={3} mb={4}>
        {title}
      </Title>
      {children}
    </section>
  );
}

function Rows({ rows }: { rows: readonly string[] }) {
  return (
    <List size="sm" style={{ overflowWrap: 'anywhere' }}>
      {rows.map((words) => (
        <List.Item key={words}>{words}</List.Item>
      ))}
    </List>
  );
}
