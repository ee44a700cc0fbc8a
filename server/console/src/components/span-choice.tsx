import { SegmentedControl } from '@mantine/core';
import { type SpanDays, spans, spanWords } from '../as-of.ts';

/** Over what length of time a history is shown. */
export function SpanChoice({ span, onChange }: { span: SpanDays; onChange: (span: SpanDays) => void }) {
  return (
    <SegmentedControl
      aria-label="Over what time"
      size="xs"
      value={span}
      data={spans.map((value) => ({ value, label: spanWords[value] }))}
      onChange={onChange}
    />
  );
}
