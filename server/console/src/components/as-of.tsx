import { Button, Card, Slider, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconClock, IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { momentWords, sliderScale } from '../as-of.ts';
import { dateOnly, fromLocal, toLocal } from '../time.ts';
import classes from './as-of.module.css';
import { useNow } from './when.tsx';

interface Props {
  /** The past instant that is shown; undefined: now. */
  at: string | undefined;
  /** The earliest instant that can be shown, ISO 8601; `null`: nothing is known of the past. */
  since: string | null;
  onChange: (at: string | undefined) => void;
}

/** While it moves, nothing is asked; what it came to rest on is. */
const restMs = 250;

/** Chooses the moment a page is about: a day by slider, an exact time by field, or now. */
export function AsOf({ at, since, onChange }: Props) {
  const now = useNow();
  const words = at === undefined ? 'Now' : `As of ${momentWords(Date.parse(at))}`;
  return (
    <Card
      component="section"
      aria-label="Moment"
      padding="md"
      className={classes.card ?? ''}
      data-past={at === undefined ? undefined : true}
    >
      <div className={classes.head}>
        <div className={classes.words} role="status">
          {at === undefined ? (
            <IconClock stroke={1.6} aria-hidden="true" />
          ) : (
            <IconHistory stroke={1.6} color="var(--verdict-silent)" aria-hidden="true" />
          )}
          <div>
            <Text fw={600}>{words}</Text>
            <Text size="xs" c="dimmed">
              {at === undefined ? 'Follows what devices report.' : 'It stays as it was: nothing moves here.'}
            </Text>
          </div>
        </div>
        <div className={classes.choose}>
          {at === undefined ? null : (
            <Button variant="default" onClick={() => onChange(undefined)}>
              Back to now
            </Button>
          )}
          {since === null ? null : <MomentField at={at} since={since} now={now} onChange={onChange} />}
        </div>
      </div>
      {since === null ? null : <PastSlider at={at} since={Date.parse(since)} now={now} onChange={onChange} />}
    </Card>
  );
}

interface SliderProps {
  at: string | undefined;
  since: number;
  now: number;
  onChange: (at: string | undefined) => void;
}

/** A position that is not in the address yet, and, once it rests, the moment the address will name. */
interface Moving {
  position: number;
  rested?: { at: string | undefined };
}

/** From the first that is known to now. */
function PastSlider({ at, since, now, onChange }: SliderProps) {
  const scale = sliderScale(since, now);
  const [moving, setMoving] = useState<Moving>();
  const rest = useDebouncedCallback((position: number) => {
    const next = scale.instantOf(position, at);
    setMoving({ position, rested: { at: next } });
    onChange(next);
  }, restMs);
  if (moving?.rested && moving.rested.at === at) setMoving(undefined);
  const wordsOf = (position: number) => {
    const instant = scale.instantOf(position, at);
    return instant === undefined ? 'Now' : momentWords(Date.parse(instant));
  };
  return (
    <div className={classes.slider}>
      <Slider
        min={0}
        max={scale.steps}
        value={moving?.position ?? scale.positionOf(at)}
        label={wordsOf}
        thumbSize={24}
        thumbLabel="Moment that is shown"
        thumbValueText={wordsOf}
        startPointValue={scale.steps}
        color="var(--chart-a)"
        onChange={(position) => {
          setMoving({ position });
          rest(position);
        }}
      />
      <div className={classes.ends} aria-hidden="true">
        <span>{dateOnly(since)}</span>
        <span>Now</span>
      </div>
    </div>
  );
}

interface FieldProps extends Omit<SliderProps, 'since'> {
  since: string;
}

/** The exact time. What is typed counts once it is within what is known. */
function MomentField({ at, since, now, onChange }: FieldProps) {
  const [typed, setTyped] = useState<string>();
  const rest = useDebouncedCallback((instant: string) => {
    onChange(instant);
    setTyped(undefined);
  }, restMs * 3);
  const problem = typed === undefined ? undefined : problemOf(typed, since, now);
  return (
    <TextInput
      type="datetime-local"
      aria-label="Date and time"
      min={toLocal(since)}
      max={toLocal(new Date(now).toISOString())}
      value={typed ?? toLocal(at ?? new Date(now).toISOString())}
      error={problem}
      onChange={(event) => {
        const value = event.currentTarget.value;
        const instant = fromLocal(value);
        setTyped(value);
        if (instant !== undefined && problemOf(value, since, now) === undefined) rest(instant);
        else rest.cancel();
      }}
      onBlur={() => {
        rest.flush();
        setTyped(undefined);
      }}
    />
  );
}

function problemOf(value: string, since: string, now: number): string | undefined {
  const instant = fromLocal(value);
  if (instant === undefined) return 'Choose a day and a time.';
  if (instant < since) return `Records begin on ${dateOnly(Date.parse(since))}.`;
  return Date.parse(instant) > now ? 'That is still to come.' : undefined;
}
