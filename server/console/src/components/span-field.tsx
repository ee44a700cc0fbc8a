import { NumberInput, Select, SimpleGrid } from '@mantine/core';
import { longestMinutes, minutesProblem, type Span, spansAt } from '../override-form.ts';
import { useNow } from './when.tsx';

interface Props {
  label?: string;
  span: Span;
  /** When the lesson that is on now ends; null: there is none. */
  lessonEnds?: string | null;
  onChange: (span: Span) => void;
}

/** For how long something is opened or closed. It always ends by itself. */
export function SpanField({ label = 'For how long', span, lessonEnds = null, onChange }: Props) {
  const now = useNow();
  const choose = (kind: Span['kind']) => onChange(kind === 'minutes' ? { kind, minutes: 30 } : { kind });
  const problem = span.kind === 'minutes' ? minutesProblem(span.minutes) : undefined;
  return (
    <SimpleGrid cols={span.kind === 'minutes' ? { base: 1, xs: 2 } : 1}>
      <Select
        label={label}
        allowDeselect={false}
        value={span.kind}
        data={spansAt(now, lessonEnds)}
        onChange={(kind) => kind && choose(kind)}
      />
      {span.kind === 'minutes' ? (
        <NumberInput
          label="Minutes"
          min={1}
          max={longestMinutes}
          clampBehavior="none"
          allowDecimal={false}
          allowNegative={false}
          value={span.minutes ?? ''}
          error={problem}
          onChange={(minutes) =>
            onChange({ kind: 'minutes', minutes: typeof minutes === 'number' ? minutes : undefined })
          }
        />
      ) : null}
    </SimpleGrid>
  );
}
