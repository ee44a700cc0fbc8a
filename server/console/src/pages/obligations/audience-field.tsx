import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Audience } from '../../../../../shared/api/schemas.ts';
import { personRoles } from '../../../../../shared/policy/selector.ts';
import { OrgSelect } from '../../components/org-select.tsx';
import { PersonPicker } from '../../components/person-picker.tsx';
import type { AudienceKind } from '../../obligation-form.ts';
import { queries } from '../../queries.ts';
import { gradeWords, roleWords } from '../../words.ts';

const grades = ['PK', 'KG', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'];
const mostClasses = 200;

interface Props {
  kind: AudienceKind;
  to: Audience;
  onChange: (to: Audience) => void;
}

/** Which role, school, grade, class or person. */
export function AudienceField({ kind, to, onChange }: Props) {
  switch (kind) {
    case 'everybody':
      return null;
    case 'role':
      return (
        <Select
          label="Role"
          allowDeselect={false}
          value={to.role ?? null}
          data={personRoles.map((value) => ({ value, label: roleWords[value].many }))}
          onChange={(role) => role && onChange({ role })}
        />
      );
    case 'org':
      return (
        <OrgSelect
          label="School or unit, with all below it"
          placeholder="Choose a school"
          value={to.org}
          onChange={(org) => onChange(org === undefined ? {} : { org })}
        />
      );
    case 'grade':
      return (
        <Select
          label="Grade"
          placeholder="Choose a grade"
          value={to.grade ?? null}
          data={grades.map((value) => ({ value, label: gradeWords(value) }))}
          onChange={(grade) => onChange(grade === null ? {} : { grade })}
        />
      );
    case 'class':
      return <ClassSelect value={to.class} onChange={(id) => onChange(id === undefined ? {} : { class: id })} />;
    case 'person':
      return <PersonPicker label="Person" onPick={(person) => onChange(person ? { person: person.id } : {})} />;
  }
}

function ClassSelect({ value, onChange }: { value: string | undefined; onChange: (id: string | undefined) => void }) {
  const classes = useQuery(queries.classes({ limit: mostClasses }));
  return (
    <Select
      label="Class"
      placeholder="Choose a class"
      searchable
      clearable
      value={value ?? null}
      data={(classes.data?.items ?? []).map(({ id, title }) => ({ value: id, label: title }))}
      nothingFoundMessage="No class of that name"
      onChange={(id) => onChange(id ?? undefined)}
    />
  );
}
