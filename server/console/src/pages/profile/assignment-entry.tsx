import { Group, NumberInput, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core';
import type { AssignmentInput } from '../../../../../shared/policy/selector.ts';
import { type SelectorNames, selectorWords } from '../../../../../shared/policy/words.ts';
import { asException, assignmentProblem, asUsual, hasEnded } from '../../assignment-form.ts';
import { ReachLine } from '../../components/selector/reach-line.tsx';
import { SelectorBuilder } from '../../components/selector/selector-builder.tsx';
import { Tag } from '../../components/tag.tsx';
import { useNow, When } from '../../components/when.tsx';
import { toLocal } from '../../time.ts';
import { capital } from '../../words.ts';
import classes from './entries-field.module.css';
import { EntryLine } from './entry-line.tsx';

interface Props {
  assignment: AssignmentInput;
  names: SelectorNames;
  open: boolean;
  onToggle: () => void;
  onChange: (assignment: AssignmentInput) => void;
  onRemove: () => void;
}

/** One assignment: in words with how many it reaches, or open to be changed. */
export function AssignmentEntry({ assignment, names, open, onToggle, onChange, onRemove }: Props) {
  const problem = assignmentProblem(assignment);
  const words = problem && !open ? 'An assignment that is not filled in' : capital(selectorWords(assignment.to, names));
  const head = (
    <div className={classes.words}>
      {open ? null : (
        <Text size="sm" fw={600}>
          {words}
        </Text>
      )}
      <Marks assignment={assignment} />
    </div>
  );
  return (
    <EntryLine
      {...{ words, head, open, onToggle, onRemove, problem }}
      form={<AssignmentForm assignment={assignment} onChange={onChange} />}
      note={<ReachLine selector={assignment.to} />}
    />
  );
}

function Marks({ assignment }: { assignment: AssignmentInput }) {
  const now = useNow();
  const { priority, override } = assignment;
  return (
    <Group gap={6}>
      <Tag>Priority {priority}</Tag>
      {override ? (
        <Tag tone={hasEnded(assignment, now) ? 'bad' : 'warn'}>
          {hasEnded(assignment, now) ? 'Exception, ended' : 'Exception'}
          {override.until ? ' until ' : ' without an end'}
          {override.until ? <When at={override.until} as="moment" /> : null}
        </Tag>
      ) : null}
      {override?.reason ? (
        <Text size="xs" c="dimmed">
          {override.reason}
        </Text>
      ) : null}
    </Group>
  );
}

function AssignmentForm({ assignment, onChange }: Pick<Props, 'assignment' | 'onChange'>) {
  const { priority, override } = assignment;
  return (
    <Stack gap="md">
      <SelectorBuilder selector={assignment.to} onChange={(to) => onChange({ ...assignment, to })} />
      <NumberInput
        label="Priority"
        description="Decides only where profiles differ and are equally near: the higher number goes first."
        min={0}
        max={1000}
        maw={360}
        clampBehavior="strict"
        allowDecimal={false}
        value={priority}
        onChange={(next) => typeof next === 'number' && onChange({ ...assignment, priority: next })}
      />
      <Switch
        label="An exception"
        description="Goes before what is nearer or has a higher priority. Locked minimums stay before it."
        checked={override !== undefined}
        onChange={(event) =>
          onChange(event.currentTarget.checked ? asException(assignment, '', '') : asUsual(assignment))
        }
      />
      {override ? <ExceptionForm assignment={assignment} override={override} onChange={onChange} /> : null}
    </Stack>
  );
}

interface ExceptionProps extends Pick<Props, 'assignment' | 'onChange'> {
  override: NonNullable<AssignmentInput['override']>;
}

function ExceptionForm({ assignment, override: { reason, until }, onChange }: ExceptionProps) {
  const now = useNow();
  return (
    <Group gap="md" align="flex-start">
      <Textarea
        label="Why"
        placeholder="State exam in week 20: the calculator site must open"
        required
        autosize
        minRows={1}
        maxRows={4}
        maxLength={300}
        flex="1 1 260px"
        value={reason}
        error={reason.trim().length < 3 ? 'Say why it is an exception' : undefined}
        onChange={(event) => onChange(asException(assignment, event.currentTarget.value, until ? toLocal(until) : ''))}
      />
      <TextInput
        type="datetime-local"
        label="Ends"
        description="Empty: until somebody takes it away"
        flex="0 1 240px"
        value={until ? toLocal(until) : ''}
        error={hasEnded(assignment, now) ? 'That is over: it reaches nobody' : undefined}
        onChange={(event) => onChange(asException(assignment, reason, event.currentTarget.value))}
      />
    </Group>
  );
}
