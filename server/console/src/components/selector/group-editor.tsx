import { ActionIcon, Button, Group, Menu, SegmentedControl, Select } from '@mantine/core';
import { IconDots, IconFolderPlus, IconPlus } from '@tabler/icons-react';
import { deepestSelector, type Selector } from '../../../../../shared/policy/selector.ts';
import { depthOf } from '../../../../../shared/policy/selector-problems.ts';
import { changedAt, numbered, without } from '../../form-rows.ts';
import { freshQuestion, isGroup, type LeafKind, questions, type SelectorGroup } from '../../selector-form.ts';
import { QuestionField } from './question-field.tsx';
import classes from './selector.module.css';

/** As the schema of selectors allows. */
const mostParts = 50;

interface GroupProps {
  group: SelectorGroup;
  /** 1 for the outermost. */
  depth: number;
  onChange: (group: SelectorGroup) => void;
}

/** Conditions of which all, or any, must hold; each may be a group itself. */
export function GroupEditor({ group, depth, onChange }: GroupProps) {
  const { kind, of: parts } = group;
  const add = (part: Selector) => onChange({ ...group, of: [...parts, part] });
  const full = parts.length >= mostParts;
  return (
    <fieldset className={classes.group} data-outermost={depth === 1 || undefined}>
      <legend className={classes.hidden}>{kind === 'all' ? 'All of these' : 'Any of these'}</legend>
      {parts.length > 1 || depth > 1 ? (
        <SegmentedControl
          size="xs"
          aria-label="How the conditions go together"
          className={classes.mode ?? ''}
          value={kind}
          data={[
            { value: 'all', label: 'All of these' },
            { value: 'any', label: 'Any of these' },
          ]}
          onChange={(next) => onChange({ ...group, kind: next === 'any' ? 'any' : 'all' })}
        />
      ) : null}
      {numbered(parts).map(({ key, place, row }) => (
        <PartEditor
          key={key}
          part={row}
          depth={depth}
          joint={jointOf(kind, place, row)}
          onChange={(part) => onChange({ ...group, of: changedAt(parts, place, part) })}
          onRemove={parts.length > 1 ? () => onChange({ ...group, of: without(parts, place) }) : undefined}
        />
      ))}
      <Group gap="xs">
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} />}
          disabled={full}
          onClick={() => add(freshQuestion('role'))}
        >
          Add a condition
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={full || depth + 2 > deepestSelector}
          onClick={() => add({ kind: 'not', of: freshQuestion('org') })}
        >
          Add “but not”
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconFolderPlus size={14} />}
          disabled={full || depth + 2 > deepestSelector}
          onClick={() =>
            add({ kind: kind === 'all' ? 'any' : 'all', of: [freshQuestion('role'), freshQuestion('role')] })
          }
        >
          Add a group
        </Button>
      </Group>
    </fieldset>
  );
}

/** The word before a part: how it goes together with those above. */
function jointOf(kind: 'all' | 'any', place: number, part: Selector): string {
  const word = place === 0 ? '' : kind === 'all' ? 'and' : 'or';
  if (part.kind !== 'not') return word;
  if (place === 0) return 'not';
  return kind === 'all' ? 'but not' : 'or not';
}

interface PartProps {
  part: Selector;
  depth: number;
  joint: string;
  onChange: (part: Selector) => void;
  /** Undefined: the last one stays. */
  onRemove: (() => void) | undefined;
}

function PartEditor({ part, depth, joint, onChange, onRemove }: PartProps) {
  const inner = part.kind === 'not' ? part.of : part;
  const negated = part.kind === 'not';
  const change = (next: Selector) => onChange(negated ? { kind: 'not', of: next } : next);
  return (
    <div className={classes.part} data-group={isGroup(inner) || undefined}>
      <span className={classes.joint} data-not={negated || undefined}>
        {joint}
      </span>
      <div className={classes.body}>
        {isGroup(inner) ? (
          <GroupEditor group={inner} depth={depth + (negated ? 2 : 1)} onChange={change} />
        ) : inner.kind === 'not' ? (
          <PartEditor part={inner} depth={depth + 1} joint="not" onChange={change} onRemove={undefined} />
        ) : (
          <div className={classes.question}>
            <Select
              label="Asks about"
              allowDeselect={false}
              value={inner.kind}
              data={questions.map(({ group, items }) => ({ group, items: [...items] }))}
              onChange={(kind) => kind && kind !== inner.kind && change(freshQuestion(kind as LeafKind))}
              maxDropdownHeight={360}
            />
            <QuestionField question={inner} onChange={change} />
          </div>
        )}
      </div>
      <PartMenu part={part} depth={depth} onChange={onChange} onRemove={onRemove} />
    </div>
  );
}

function PartMenu({ part, depth, onChange, onRemove }: Omit<PartProps, 'joint'>) {
  const room = depth + depthOf(part) < deepestSelector;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" size={36} className={classes.menu ?? ''} aria-label="More about this condition">
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {part.kind === 'not' ? (
          <Menu.Item onClick={() => onChange(part.of)}>Without “but not”</Menu.Item>
        ) : (
          <Menu.Item disabled={!room} onClick={() => onChange({ kind: 'not', of: part })}>
            Turn into “but not”
          </Menu.Item>
        )}
        <Menu.Item disabled={!room} onClick={() => onChange({ kind: 'any', of: [part] })}>
          Put into a group
        </Menu.Item>
        {isGroup(part) && part.of.length === 1 && part.of[0] ? (
          <Menu.Item onClick={() => part.of[0] && onChange(part.of[0])}>Take out of its group</Menu.Item>
        ) : null}
        <Menu.Item disabled={!onRemove} onClick={onRemove}>
          Remove
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
