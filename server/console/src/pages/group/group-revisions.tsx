import { Group, Stack, Text } from '@mantine/core';
import type { GroupDetail } from '../../../../../shared/api/schemas.ts';
import { selectorWords } from '../../../../../shared/policy/words.ts';
import { Panel } from '../../components/panel.tsx';
import { useSelectorNames } from '../../components/selector/use-selector-names.ts';
import { When } from '../../components/when.tsx';
import { listWords } from '../../group-form.ts';
import { actorWords, capital } from '../../words.ts';

/** Every published revision, newest first. */
export function GroupRevisions({ revisions }: { revisions: GroupDetail['revisions'] }) {
  const names = useSelectorNames(
    revisions.flatMap(({ content }) => (content.kind === 'rule' ? [content.selector] : [])),
  );
  const newestFirst = revisions.toSorted((a, b) => b.number - a.number);
  return (
    <Panel title="Revisions">
      {newestFirst.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing has been published yet. Until then, profiles cannot name it.
        </Text>
      ) : null}
      <Stack gap="sm">
        {newestFirst.map(({ number, publishedAt, by, note, content }) => (
          <div key={number} style={{ overflowWrap: 'anywhere' }}>
            <Group gap="xs">
              <Text size="sm" fw={600}>
                Revision {number}
              </Text>
              <Text size="sm" c="dimmed" component="span">
                <When at={publishedAt} /> · {actorWords(by)}
              </Text>
            </Group>
            <Text size="sm">
              {content.kind === 'rule'
                ? capital(selectorWords(content.selector, names))
                : `A list of ${listWords(content)}`}
            </Text>
            {note ? (
              <Text size="sm" c="dimmed">
                {note}
              </Text>
            ) : null}
          </div>
        ))}
      </Stack>
    </Panel>
  );
}
