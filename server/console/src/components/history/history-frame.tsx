import { Group, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ComplianceMeasures } from '../../../../../shared/api/schemas.ts';
import { type SpanDays, spanReaching, spanStart, usualSpan } from '../../as-of.ts';
import type { MomentSearch } from '../../compliance-routes.tsx';
import { AsOf } from '../as-of.tsx';
import { Measures } from '../measures.tsx';
import { Panel } from '../panel.tsx';
import { SpanChoice } from '../span-choice.tsx';
import { VerdictLegend } from '../verdict-bar.tsx';

/** The span of time that an address asks for. */
export interface ShownSpan {
  days: SpanDays;
  /** ISO 8601 in UTC; the same all day. */
  from: string;
}

export function shownSpan({ at, span }: MomentSearch, now: number): ShownSpan {
  const days = spanReaching(at, span ?? usualSpan, now);
  return { days, from: spanStart(days, now) };
}

interface Props {
  span: ShownSpan;
  /** Where the line begins, ISO 8601. */
  since: string;
  at: string | undefined;
  measures: ComplianceMeasures;
  aside?: ReactNode;
  /** Another moment or span was chosen. */
  onMoment: (change: MomentSearch) => void;
  children: ReactNode;
}

/** What the histories of a person and of a device have in common: measures, the choice of span and moment. */
export function HistoryFrame({ span, since, at, measures, aside, onMoment, children }: Props) {
  return (
    <Panel
      title="Compliance over time"
      note={<VerdictLegend />}
      aside={
        <Group gap="xs">
          <SpanChoice span={span.days} onChange={(days) => onMoment({ span: days })} />
          {aside}
        </Group>
      }
    >
      <Stack gap="lg">
        <Measures measures={measures} />
        <AsOf at={at} since={since} onChange={(next) => onMoment({ at: next })} />
        {children}
      </Stack>
    </Panel>
  );
}
