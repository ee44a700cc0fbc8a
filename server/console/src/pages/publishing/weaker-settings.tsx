import { Alert, Button, List, Stack, Text } from '@mantine/core';
import { IconShieldExclamation } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../api.ts';
import { Problem } from '../../components/problem.tsx';
import { useAct } from '../../components/use-act.ts';
import { When } from '../../components/when.tsx';
import { queries } from '../../queries.ts';
import type { Output } from '../../request.ts';
import { actorWords } from '../../words.ts';

interface Props {
  proposed: NonNullable<Output<'readPublishing'>['proposed']>;
  version: number;
}

/** Settings that weaken the review of changes hold when a second person saves the same. */
export function WeakerSettings({ proposed, version }: Props) {
  const { data: session } = useQuery(queries.session());
  const own = session?.staff?.name === actorWords(proposed.by);
  const agree = useAct({
    act: () => call('savePublishing', { body: { settings: proposed.settings, version } }),
    done: 'The settings are saved. They hold for what is proposed from now on.',
    stale: ['changes'],
  });
  return (
    <Alert
      variant="default"
      icon={<IconShieldExclamation color="var(--verdict-silent)" />}
      title={`${own ? 'You want' : `${actorWords(proposed.by)} wants`} weaker settings`}
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          Proposed <When at={proposed.at} />. They hold when a second person agrees:
        </Text>
        <List size="sm" style={{ overflowWrap: 'anywhere' }}>
          {proposed.weakens.map((words) => (
            <List.Item key={words}>{words}</List.Item>
          ))}
        </List>
        {agree.error ? <Problem error={agree.error} title="Nothing was saved" /> : null}
        {own ? null : (
          <Button size="xs" loading={agree.isPending} onClick={() => agree.mutate()}>
            Agree, and save them
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
