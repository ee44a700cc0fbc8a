import { Button, Group, Modal, Text } from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { Selector } from '../../../../../shared/policy/selector.ts';
import { queries } from '../../queries.ts';
import { reachWords } from '../../reach-words.ts';
import { SelectorReach } from './reached.tsx';

/** How many a selector reaches now, with a way to see whom exactly. */
export function ReachLine({ selector }: { selector: Selector }) {
  const [asked] = useDebouncedValue(selector, 400);
  const [opened, dialog] = useDisclosure();
  const reach = useQuery(queries.reachCount(asked));
  const behind = asked !== selector || reach.isPlaceholderData || reach.isFetching;
  return (
    <Group gap="xs">
      <Text size="sm" c="dimmed" role="status" aria-busy={behind} className="numeric">
        {reach.data ? reachWords(reach.data) : reach.error ? `Not counted: ${reach.error.message}` : 'Counting…'}
      </Text>
      {reach.data ? (
        <Button size="compact-xs" variant="subtle" onClick={dialog.open}>
          Show whom
        </Button>
      ) : null}
      <Modal opened={opened} onClose={dialog.close} size="xl" title="Exactly whom it reaches">
        <SelectorReach selector={asked} />
      </Modal>
    </Group>
  );
}
