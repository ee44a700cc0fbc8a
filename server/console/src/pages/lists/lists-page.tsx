import { Button, Stack } from '@mantine/core';
import { IconBooks, IconLink, IconListCheck, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { May } from '../../components/may.tsx';
import { Page } from '../../components/page.tsx';
import { queries } from '../../queries.ts';
import { type ListAct, ListDialogs } from './list-dialogs.tsx';
import { ListTable } from './list-table.tsx';
import { Rollouts } from './rollouts.tsx';

export function ListsPage() {
  const lists = useQuery(queries.lists());
  const [act, setAct] = useState<ListAct>();
  const ways = (
    <May call="importList">
      <Button variant="default" leftSection={<IconBooks size={16} />} onClick={() => setAct({ kind: 'catalogue' })}>
        Catalogue
      </Button>
      <Button variant="default" leftSection={<IconLink size={16} />} onClick={() => setAct({ kind: 'subscribe' })}>
        Subscribe
      </Button>
      <Button leftSection={<IconUpload size={16} />} onClick={() => setAct({ kind: 'upload' })}>
        Import a list
      </Button>
    </May>
  );
  return (
    <Page
      title="Filter lists"
      lead="Categories of names that the web filter can block, each from a file or an address you trust. Rollcall ships no list."
      actions={ways}
    >
      <Loaded query={lists}>
        {({ items }) =>
          items.length > 0 ? (
            <Stack gap="md">
              <Rollouts lists={items} onAct={setAct} />
              <ListTable lists={items} onAct={setAct} />
            </Stack>
          ) : (
            <Empty icon={IconListCheck} title="No lists yet">
              Look through the catalogue of well-known lists, or import hosts files, plain domains, wildcards, Adblock
              DNS or RPZ lists of your own.
            </Empty>
          )
        }
      </Loaded>
      <ListDialogs act={act} onAct={setAct} />
    </Page>
  );
}
