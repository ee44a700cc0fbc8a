import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import type { HistoryMark, PersonHistory, VerdictIntervalView } from '../../../../../shared/api/schemas.ts';
import { dateAndTime, duration, stretch } from '../../time.ts';
import { devicesBehind, marksOf } from '../../timeline.ts';
import { actorWords } from '../../words.ts';
import { TextLink } from '../links.tsx';
import { Verdict } from '../verdict.tsx';
import { useNow } from '../when.tsx';
import classes from './verdict-list.module.css';

interface Props {
  intervals: readonly VerdictIntervalView[];
  marks: readonly HistoryMark[];
  /** Of a person: what they held, to say which device a verdict is about. */
  devices?: PersonHistory['devices'];
}

const few = 12;

/** The same as the line, in words, newest first: from when to when, why, on which device, and who moved it. */
export function VerdictList({ intervals, marks, devices = [] }: Props) {
  const [all, setAll] = useState(false);
  const sorted = intervals.toSorted((a, b) => Date.parse(b.from) - Date.parse(a.from));
  if (sorted.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No verdict was reached in this time.
      </Text>
    );
  return (
    <div>
      <ol className={classes.line}>
        {(all ? sorted : sorted.slice(0, few)).map((interval) => (
          <Item key={interval.from} interval={interval} all={sorted} marks={marks} devices={devices} />
        ))}
      </ol>
      {sorted.length > few ? (
        <Button size="compact-sm" variant="subtle" onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show ${sorted.length - few} older`}
        </Button>
      ) : null}
    </div>
  );
}

interface ItemProps extends Required<Omit<Props, 'intervals'>> {
  interval: VerdictIntervalView;
  all: readonly VerdictIntervalView[];
}

function Item({ interval, all, marks, devices }: ItemProps) {
  const now = useNow();
  const { state, until, from, to, reasons } = interval;
  const { moved, meanwhile } = marksOf(interval, marks, all);
  return (
    <li className={classes.interval} data-state={state}>
      <div className={classes.head}>
        <Verdict state={state} until={until ?? undefined} />
        <Text size="xs" c="dimmed" component="span">
          {words(from, to, now)}
        </Text>
      </div>
      {reasons.map((reason) => (
        <Text key={reason} size="sm" mt={2}>
          {reason}
        </Text>
      ))}
      {state === 'compliant' ? null : <Behind devices={devicesBehind(interval, devices)} />}
      <Marks marks={moved} lead="Moved by" />
      <Marks marks={meanwhile} lead="Meanwhile" />
    </li>
  );
}

function words(from: string, to: string | null, now: number): string {
  const [begin, end] = [Date.parse(from), to === null ? undefined : Date.parse(to)];
  return `${stretch(begin, end)} · ${duration((end ?? now) - begin)}`;
}

function Behind({ devices }: { devices: readonly { id: string; name: string }[] }) {
  if (devices.length === 0) return null;
  return (
    <Text size="xs" c="dimmed" mt={2}>
      On{' '}
      {devices.map(({ id, name }, place) => (
        <span key={id}>
          {place > 0 ? ', ' : ''}
          <TextLink to="/devices/$id" params={{ id }}>
            {name}
          </TextLink>
        </span>
      ))}
    </Text>
  );
}

function Marks({ marks, lead }: { marks: readonly HistoryMark[]; lead: string }) {
  return marks.map(({ at, code, words: said, by }) => (
    <Text key={`${at} ${code} ${said}`} size="xs" c="dimmed" mt={2} style={{ overflowWrap: 'anywhere' }}>
      {lead === 'Moved by' ? `Moved by ${actorWords(by)}` : `Meanwhile, ${actorWords(by)}`},{' '}
      {dateAndTime(Date.parse(at))}: {said}
    </Text>
  ));
}
