import { Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconListCheck, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ListView } from '../../../../../shared/api/schemas.ts';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Rows } from '../../components/rows.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { queries } from '../../queries.ts';
import { count } from '../../words.ts';
import { UploadListDialog } from './upload-list-dialog.tsx';

export function ListsPage() {
  const lists = useQuery(queries.lists());
  const [opened, dialog] = useDisclosure();
  const [replaced, setReplaced] = useState<ListView>();
  const upload = (list?: ListView) => {
    setReplaced(list);
    dialog.open();
  };
  const button = (
    <Button leftSection={<IconUpload size={16} />} onClick={() => upload()}>
      Import a list
    </Button>
  );
  return (
    <Page
      title="Filter lists"
      lead="Categories of names that the web filter can block, each imported from a list you trust."
      actions={button}
    >
      <Loaded query={lists}>
        {({ items }) =>
          items.length > 0 ? (
            <ListTable lists={items} onReplace={upload} />
          ) : (
            <Empty icon={IconListCheck} title="No lists yet" action={button}>
              Hosts files, plain domains, wildcards and Adblock DNS lists can be read.
            </Empty>
          )
        }
      </Loaded>
      <UploadListDialog
        key={`${replaced?.category} ${opened}`}
        replaced={replaced}
        opened={opened}
        onClose={dialog.close}
      />
    </Page>
  );
}

function ListTable({ lists, onReplace }: { lists: readonly ListView[]; onReplace: (list: ListView) => void }) {
  return (
    <Rows
      label="Filter lists"
      rows={lists}
      keyOf={(list) => list.category}
      columns={[
        { title: 'Category', main: true, cell: (list) => <Category list={list} /> },
        {
          title: 'Names',
          align: 'right',
          cell: (list) => <span className="numeric">{list.names.toLocaleString('en')}</span>,
        },
        { title: 'Left out', cell: (list) => <LeftOut list={list} /> },
        { title: 'Licence', cell: (list) => list.licence || 'Not given' },
        { title: 'Imported', cell: (list) => <When at={list.updatedAt} /> },
        {
          title: 'Change',
          cell: (list) => (
            <Button size="compact-sm" variant="default" onClick={() => onReplace(list)}>
              Replace
            </Button>
          ),
        },
      ]}
    />
  );
}

function Category({ list }: { list: ListView }) {
  return (
    <div>
      <Group gap={6}>
        <Text fw={600} size="sm">
          {list.title}
        </Text>
        <Tag>{list.category}</Tag>
      </Group>
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {list.source}
      </Text>
    </div>
  );
}

function LeftOut({ list }: { list: ListView }) {
  return list.skipped > 0 ? <Tag tone="warn">{count(list.skipped, 'row')}</Tag> : 'None';
}
