import { Alert, List, Text } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { ChangePreview } from '../../../../../shared/api/schemas.ts';
import { headline } from '../../change-words.ts';
import { count } from '../../words.ts';

/** What a change does, in one sentence that is seen first, and what should make a reviewer think twice. */
export function Headline({ preview }: { preview: ChangePreview }) {
  const { problems, locked } = preview;
  return (
    <>
      <Text
        role="status"
        fz={{ base: '1.125rem', sm: '1.375rem' }}
        fw={650}
        lh={1.3}
        maw={860}
        style={{ overflowWrap: 'anywhere' }}
      >
        {headline(preview)}
      </Text>
      {problems.length > 0 ? <Problems problems={problems} /> : null}
      {locked.length > 0 ? <Locked locked={locked} /> : null}
    </>
  );
}

function Problems({ problems }: Pick<ChangePreview, 'problems'>) {
  return (
    <Alert variant="default" role="alert" title="This cannot be published yet">
      <List size="sm" style={{ overflowWrap: 'anywhere' }}>
        {problems.map((problem) => (
          <List.Item key={problem}>{problem}</List.Item>
        ))}
      </List>
    </Alert>
  );
}

function Locked({ locked }: Pick<ChangePreview, 'locked'>) {
  return (
    <Alert
      role="alert"
      color="vermilion"
      variant="light"
      icon={<IconLock />}
      title={locked.length === 1 ? 'It changes a locked minimum' : `It changes ${locked.length} locked minimums`}
      styles={{ title: { color: 'var(--verdict-noncompliant-text)' }, message: { color: 'var(--mantine-color-text)' } }}
    >
      <List size="sm" style={{ overflowWrap: 'anywhere' }}>
        {locked.map((one) => (
          <List.Item key={`${one.profile} ${one.title}`}>
            <b>{one.title}</b> of {one.profile}, on {count(one.devices, 'device')}. {one.words}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
