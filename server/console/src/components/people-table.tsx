import { Text } from '@mantine/core';
import type { PersonSummary } from '../../../../shared/api/schemas.ts';
import { count, gradeWords, roleWords } from '../words.ts';
import { TextLink } from './links.tsx';
import { Rows } from './rows.tsx';
import { Tag } from './tag.tsx';
import { Verdict } from './verdict.tsx';
import { When } from './when.tsx';

export function PeopleTable({ people }: { people: readonly PersonSummary[] }) {
  return (
    <Rows
      label="People"
      rows={people}
      keyOf={(person) => person.id}
      columns={[
        { title: 'Person', main: true, cell: (person) => <PersonName person={person} /> },
        { title: 'Role', cell: (person) => <RoleAndGrade person={person} /> },
        { title: 'School', cell: (person) => person.orgName ?? 'No school' },
        {
          title: 'Devices',
          cell: (person) => (person.deviceCount === 0 ? 'None' : count(person.deviceCount, 'device')),
        },
        { title: 'Verdict', cell: (person) => <Verdict state={person.verdict.state} until={person.verdict.until} /> },
        { title: 'Since', cell: (person) => <When at={person.verdict.since} /> },
      ]}
    />
  );
}

function PersonName({ person }: { person: PersonSummary }) {
  return (
    <div>
      <TextLink to="/people/$id" params={{ id: person.id }} fw={600}>
        {person.name}
      </TextLink>
      {person.active ? null : (
        <>
          {' '}
          <Tag>Left</Tag>
        </>
      )}
      <Text size="xs" c="dimmed">
        {person.username}
      </Text>
    </div>
  );
}

function RoleAndGrade({ person }: { person: PersonSummary }) {
  const role = roleWords[person.role].one;
  return person.grade ? `${role}, ${gradeWords(person.grade)}` : role;
}
