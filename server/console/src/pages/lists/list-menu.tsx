import { ActionIcon, Button, Group, Menu } from '@mantine/core';
import { IconDotsVertical, IconFilterMinus, IconLink, IconRefresh, IconTrash, IconUpload } from '@tabler/icons-react';
import type { ListView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { notifyFailed } from '../../components/notify.ts';
import { useAct } from '../../components/use-act.ts';
import type { ListAct } from './list-dialogs.tsx';

interface Props {
  list: ListView;
  onAct: (act: ListAct) => void;
}

/** What can be done with one list. */
export function ListMenu({ list, onAct }: Props) {
  const refresh = useAct({
    act: () => call('refreshList', { params: { category: list.category } }),
    done: ({ changed }) =>
      changed ? `${list.title} has changed; the new version is on its way.` : `${list.title} has not changed.`,
    stale: ['lists'],
  });
  return (
    <Group gap={6} wrap="nowrap">
      {list.url ? (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconRefresh size={14} />}
          loading={refresh.isPending}
          aria-label={`Refresh ${list.title}`}
          onClick={() => refresh.mutate(undefined, { onError: notifyFailed })}
        >
          Refresh
        </Button>
      ) : (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Replace ${list.title}`}
          onClick={() => onAct({ kind: 'upload', list })}
        >
          Replace
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={28} aria-label={`More about ${list.title}`}>
            <IconDotsVertical size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconFilterMinus size={16} />} onClick={() => onAct({ kind: 'exceptions', list })}>
            Exceptions…
          </Menu.Item>
          {list.url ? (
            <Menu.Item leftSection={<IconUpload size={16} />} onClick={() => onAct({ kind: 'upload', list })}>
              Replace by a file…
            </Menu.Item>
          ) : null}
          <Menu.Item leftSection={<IconLink size={16} />} onClick={() => onAct({ kind: 'subscribe', list })}>
            {list.url ? 'Change the address…' : 'Subscribe to an address…'}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconTrash size={16} />}
            c="var(--verdict-noncompliant-text)"
            onClick={() => onAct({ kind: 'delete', list })}
          >
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
