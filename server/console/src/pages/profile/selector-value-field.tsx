import { Select, TextInput } from '@mantine/core';
import { personRoles } from '../../../../../shared/policy/selector.ts';
import { OrgSelect } from '../../components/org-select.tsx';
import { PersonPicker } from '../../components/person-picker.tsx';
import type { SelectorValue } from '../../selector-words.ts';
import { gradeWords, roleWords } from '../../words.ts';

const grades = ['PK', 'KG', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'];

interface Props {
  selector: SelectorValue;
  /** What the server calls a saved selector, such as a person's name. */
  words: string | undefined;
  onChange: (selector: SelectorValue) => void;
}

/** Which role, school, grade, person or tag. */
export function SelectorValueField({ selector, words, onChange }: Props) {
  switch (selector.kind) {
    case 'everyone':
      return null;
    case 'role':
      return (
        <Select
          label="Role"
          allowDeselect={false}
          value={selector.role}
          data={personRoles.map((value) => ({ value, label: roleWords[value].many }))}
          onChange={(role) => role && onChange({ kind: 'role', role })}
        />
      );
    case 'org':
      return (
        <OrgSelect
          label="School or unit, with all below it"
          placeholder="Choose a school"
          by="sourcedId"
          value={selector.org === '' ? undefined : selector.org}
          onChange={(org) => onChange({ kind: 'org', org: org ?? '' })}
        />
      );
    case 'grade':
      return (
        <Select
          label="Grade"
          placeholder="Choose a grade"
          value={selector.grade === '' ? null : selector.grade}
          data={[...new Set([...grades, ...(selector.grade ? [selector.grade] : [])])].map((value) => ({
            value,
            label: gradeWords(value),
          }))}
          onChange={(grade) => onChange({ kind: 'grade', grade: grade ?? '' })}
        />
      );
    case 'person':
      return (
        <PersonPicker
          label="Person"
          placeholder={selector.person === '' ? 'Type a name' : (words ?? selector.person)}
          onPick={(person) => onChange({ kind: 'person', person: person?.sourcedId ?? '' })}
        />
      );
    case 'tag':
      return (
        <TextInput
          label="Tag"
          placeholder="cart-3"
          maxLength={60}
          value={selector.tag}
          onChange={(event) => onChange({ kind: 'tag', tag: event.currentTarget.value })}
        />
      );
  }
}
