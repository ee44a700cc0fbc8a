import { Text } from '@mantine/core';
import type { CommandView } from '../../../../../shared/api/schemas.ts';
import { actionWords, commandStateWords, resultWords } from '../../command-words.ts';
import { TextLink } from '../../components/links.tsx';
import { type Column, Rows } from '../../components/rows.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { actorWords } from '../../words.ts';

const columns: readonly Column<CommandView>[] = [
  { title: 'Command', main: true, cell: (command) => <What command={command} /> },
  {
    title: 'State',
    cell: ({ state }) => <Tag tone={commandStateWords[state].tone}>{commandStateWords[state].label}</Tag>,
  },
  { title: 'Devices', cell: (command) => <span className="numeric">{resultWords(command) || '–'}</span> },
  { title: 'Given by', cell: (command) => <Who command={command} /> },
];

export function CommandTable({ commands }: { commands: readonly CommandView[] }) {
  return <Rows label="Commands" rows={commands} keyOf={({ id }) => id} columns={columns} />;
}

function What({ command: { id, words, action, reason } }: { command: CommandView }) {
  return (
    <div>
      <TextLink to="/commands/$id" params={{ id }} fw={600}>
        {words}
      </TextLink>
      <Text size="xs" c="dimmed">
        {actionWords[action.kind]} · {reason}
      </Text>
    </div>
  );
}

function Who({ command: { by, createdAt } }: { command: CommandView }) {
  return (
    <div>
      {actorWords(by)}
      <Text size="xs" c="dimmed" component="div">
        <When at={createdAt} />
      </Text>
    </div>
  );
}
