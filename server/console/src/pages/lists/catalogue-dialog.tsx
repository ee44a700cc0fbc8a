import { Alert, Anchor, Button, Modal, Stack, Text } from '@mantine/core';
import { IconScale } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { CatalogueEntry } from '../../../../../shared/api/schemas.ts';
import { Loaded, RowsSkeleton } from '../../components/loaded.tsx';
import { Tag } from '../../components/tag.tsx';
import { queries } from '../../queries.ts';
import classes from './catalogue-dialog.module.css';

interface Props {
  onChoose: (entry: CatalogueEntry) => void;
  onClose: () => void;
}

/** Well-known public lists: where they are and under which terms. */
export function CatalogueDialog({ onChoose, onClose }: Props) {
  const catalogue = useQuery(queries.catalogue());
  return (
    <Modal opened onClose={onClose} size="xl" title="Well-known lists">
      <Stack>
        <Alert variant="default" icon={<IconScale color="var(--verdict-silent)" />} title="None of these is shipped">
          <Text size="sm">
            Rollcall knows their addresses and licences, nothing more. The server fetches a list when you subscribe;
            whether its licence suits your district is yours to decide.
          </Text>
        </Alert>
        <Loaded query={catalogue} skeleton={<RowsSkeleton rows={4} height={84} />}>
          {({ items }) =>
            items.length === 0 ? (
              <Text c="dimmed">The catalogue is empty.</Text>
            ) : (
              <ul className={classes.entries}>
                {items.map((entry) => (
                  <Entry key={entry.url} entry={entry} onChoose={() => onChoose(entry)} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </Stack>
    </Modal>
  );
}

function Entry({ entry, onChoose }: { entry: CatalogueEntry; onChoose: () => void }) {
  const { title, category, description, licence, url, homepage } = entry;
  return (
    <li className={classes.entry}>
      <div className={classes.words}>
        <Text fw={600} component="div">
          {title} <Tag>{category}</Tag>
        </Text>
        <Text size="sm">{description}</Text>
        <Text size="sm">
          <b>Licence:</b> {licence}
        </Text>
        <Text size="xs" c="dimmed">
          {url} ·{' '}
          <Anchor href={homepage} target="_blank" rel="noreferrer" size="xs">
            its page
          </Anchor>
        </Text>
      </div>
      <Button size="xs" variant="default" onClick={onChoose} aria-label={`Subscribe to ${title}`}>
        Subscribe…
      </Button>
    </li>
  );
}
