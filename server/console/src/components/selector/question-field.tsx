import { Select, SimpleGrid, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { places } from '../../../../../shared/filter/place.ts';
import {
  type CustodyKind,
  custodyKinds,
  personRoles,
  type SelectorLeaf,
} from '../../../../../shared/policy/selector.ts';
import { queries } from '../../queries.ts';
import { questionProblem } from '../../selector-form.ts';
import { gradeWords, platformWords, roleWords } from '../../words.ts';
import { TextLink } from '../links.tsx';
import { OrgSelect } from '../org-select.tsx';
import { DeviceWordField } from './device-word-field.tsx';
import { ClassSelect, PersonSelect } from './roster-selects.tsx';

const grades = ['PK', 'KG', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'];
const platforms = ['win32', 'darwin', 'linux'] as const;
const custodyWords: Record<CustodyKind, string> = {
  primary: 'To one person for good',
  loan: 'On loan',
  none: 'To nobody',
};
const placeWords = { 'on-campus': 'On campus', 'off-campus': 'Off campus', unknown: 'Not known' } as const;

interface Props {
  question: SelectorLeaf;
  onChange: (question: SelectorLeaf) => void;
}

/** Which role, school, class, model …: the picker that fits the kind of question. */
export function QuestionField({ question, onChange }: Props) {
  const error = questionProblem(question);
  switch (question.kind) {
    case 'everyone':
      return (
        <Text size="sm" c="dimmed" pt={4}>
          Every device in service, whoever has it.
        </Text>
      );
    case 'role':
      return (
        <OneOf
          label="Role"
          value={question.role}
          options={personRoles.map((value) => ({ value, label: roleWords[value].many }))}
          onChange={(role) => onChange({ kind: 'role', role })}
        />
      );
    case 'org':
      return (
        <OrgSelect
          label="School or unit, with all below it"
          placeholder="Choose a school"
          by="sourcedId"
          value={question.org === '' ? undefined : question.org}
          error={error}
          onChange={(org) => onChange({ kind: 'org', org: org ?? '' })}
        />
      );
    case 'grade':
      return (
        <GradeSelect grade={question.grade} error={error} onChange={(grade) => onChange({ kind: 'grade', grade })} />
      );
    case 'class':
      return (
        <ClassSelect
          label="Class"
          value={question.class}
          error={error}
          onChange={(id) => onChange({ kind: 'class', class: id })}
        />
      );
    case 'person':
      return (
        <PersonSelect
          label="Person"
          value={question.person}
          error={error}
          onChange={(person) => onChange({ kind: 'person', person })}
        />
      );
    case 'group':
      return (
        <GroupSelect group={question.group} error={error} onChange={(group) => onChange({ kind: 'group', group })} />
      );
    case 'tag':
      return (
        <DeviceWordField
          of="tag"
          label="Tag"
          placeholder="cart-3"
          value={question.tag}
          error={error}
          onChange={(tag) => onChange({ kind: 'tag', tag })}
        />
      );
    case 'platform':
      return (
        <OneOf
          label="System"
          value={question.platform}
          options={platforms.map((value) => ({ value, label: platformWords[value] }))}
          onChange={(platform) => onChange({ kind: 'platform', platform })}
        />
      );
    case 'model':
      return (
        <DeviceWordField
          of="model"
          label="Model, exactly as the device says it"
          placeholder="ThinkPad L13 Gen 4"
          value={question.model}
          error={error}
          onChange={(model) => onChange({ kind: 'model', model })}
        />
      );
    case 'os':
      return <OsFields os={question} error={error} onChange={onChange} />;
    case 'custody':
      return (
        <OneOf
          label="Handed out"
          value={question.custody}
          options={custodyKinds.map((value) => ({ value, label: custodyWords[value] }))}
          onChange={(custody) => onChange({ kind: 'custody', custody })}
        />
      );
    case 'place':
      return (
        <OneOf
          label="Place"
          description="Where the server last saw it: a device that is offline keeps what it had. What must hold the moment it leaves school is a schedule in the web filter."
          value={question.place}
          options={places.map((value) => ({ value, label: placeWords[value] }))}
          onChange={(place) => onChange({ kind: 'place', place })}
        />
      );
  }
}

interface OneOfProps<V extends string> {
  label: string;
  description?: string;
  value: V;
  options: readonly { value: V; label: string }[];
  onChange: (value: V) => void;
}

function OneOf<V extends string>({ label, description, value, options, onChange }: OneOfProps<V>) {
  return (
    <Select
      label={label}
      description={description}
      inputWrapperOrder={['label', 'input', 'description']}
      allowDeselect={false}
      value={value}
      data={options}
      onChange={(next) => next && onChange(next)}
    />
  );
}

interface TextProps {
  error: string | undefined;
  onChange: (value: string) => void;
}

function GradeSelect({ grade, error, onChange }: TextProps & { grade: string }) {
  const shown = grade === '' || grades.includes(grade) ? grades : [...grades, grade];
  return (
    <Select
      label="Grade"
      placeholder="Choose a grade"
      searchable
      value={grade === '' ? null : grade}
      data={shown.map((value) => ({ value, label: gradeWords(value) }))}
      error={error}
      onChange={(next) => onChange(next ?? '')}
    />
  );
}

function GroupSelect({ group, error, onChange }: TextProps & { group: string }) {
  const groups = useQuery(queries.groups());
  const known = (groups.data?.items ?? []).filter((one) => one.publishedRevision !== null).map(({ name }) => name);
  const names = group === '' || known.includes(group) ? known : [...known, group];
  const gone = groups.data !== undefined && group !== '' && !known.includes(group);
  return (
    <Select
      label="Saved group"
      placeholder="Choose a group"
      description={
        groups.data && known.length === 0 ? (
          <>
            No group is published yet. <TextLink to="/groups">Make one</TextLink>
          </>
        ) : undefined
      }
      searchable
      value={group === '' ? null : group}
      data={names}
      error={gone ? 'No such group is published' : error}
      onChange={(next) => onChange(next ?? '')}
      nothingFoundMessage="No group of that name"
    />
  );
}

type Os = Extract<SelectorLeaf, { kind: 'os' }>;

function OsFields({ os, error, onChange }: { os: Os; error: string | undefined; onChange: (os: Os) => void }) {
  const set = (part: 'name' | 'atLeast' | 'below', typed: string) => {
    const { [part]: _, ...rest } = os;
    onChange(typed === '' ? rest : { ...rest, [part]: typed });
  };
  return (
    <div>
      <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="xs">
        <DeviceWordField
          of="os"
          label="System"
          placeholder="Any"
          value={os.name ?? ''}
          onChange={(name) => set('name', name)}
        />
        <TextInput
          label="From version"
          placeholder="Any"
          maxLength={34}
          value={os.atLeast ?? ''}
          onChange={(event) => set('atLeast', event.currentTarget.value.trim())}
        />
        <TextInput
          label="Before version"
          placeholder="Any"
          maxLength={34}
          value={os.below ?? ''}
          onChange={(event) => set('below', event.currentTarget.value.trim())}
        />
      </SimpleGrid>
      {error ? (
        <Text size="xs" c="var(--mantine-color-error)" mt={4} role="status">
          {error}
        </Text>
      ) : null}
    </div>
  );
}
