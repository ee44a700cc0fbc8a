import { Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { type FieldSchema, lengthProblem, lineProblems, linesOf } from '../form-fields.ts';
import { count } from '../words.ts';

const shownProblems = 4;

interface Props {
  schema: FieldSchema;
  labelId: string;
  value: readonly string[];
  onChange: (value: string[]) => void;
  /** What an empty list means. */
  none?: string;
  minRows?: number;
  /** A dialog begins here. */
  initialFocus?: boolean;
}

/** A list as lines of text: type or paste as many as wanted, each checked where it stands. */
export function LinesField({
  schema,
  labelId,
  value,
  onChange,
  none = 'Left alone',
  minRows = 2,
  initialFocus = false,
}: Props) {
  const [text, setText] = useState(() => value.join('\n'));
  const [sent, setSent] = useState(value);
  if (sent.join('\n') !== value.join('\n')) {
    setSent(value);
    setText(value.join('\n'));
  }
  const change = (next: string) => {
    setText(next);
    const lines = linesOf(next);
    setSent(lines);
    onChange(lines);
  };
  const problems = lineProblems(schema, text);
  return (
    <div>
      <Textarea
        {...(initialFocus ? { 'data-autofocus': true } : {})}
        aria-labelledby={labelId}
        placeholder={schema['x-example'] ? `One per line, for example\n${schema['x-example']}` : 'One per line'}
        autosize
        minRows={minRows}
        maxRows={14}
        spellCheck={false}
        autoCapitalize="off"
        value={text}
        error={problems.length > 0 || lengthProblem(schema, value.length) !== undefined}
        onChange={(event) => change(event.currentTarget.value)}
        onBlur={() => setText(linesOf(text).join('\n'))}
      />
      <Text size="xs" c="dimmed" mt={4}>
        {value.length === 0 ? none : count(value.length, 'entry', 'entries')}
      </Text>
      <div role="status">
        {problems.slice(0, shownProblems).map((problem) => (
          <Text
            key={`${problem.line} ${problem.text}`}
            size="xs"
            c="var(--mantine-color-error)"
            style={{ overflowWrap: 'anywhere' }}
          >
            Line {problem.line}: “{problem.text.slice(0, 80)}” {problem.words}.
          </Text>
        ))}
        {problems.length > shownProblems ? (
          <Text size="xs" c="var(--mantine-color-error)">
            and {problems.length - shownProblems} more.
          </Text>
        ) : null}
        <Text size="xs" c="var(--mantine-color-error)">
          {lengthProblem(schema, value.length)}
        </Text>
      </div>
    </div>
  );
}
