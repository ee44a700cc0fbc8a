import { Tooltip } from '@mantine/core';
import {
  IconCircleCheck,
  IconCircleX,
  IconClockExclamation,
  IconHelpCircle,
  IconMoon,
  IconShieldHalf,
} from '@tabler/icons-react';
import type { VerdictState } from '../../../../shared/compliance/verdict.ts';
import { untilDay, verdictWords } from '../words.ts';
import classes from './verdict.module.css';
import { useNow } from './when.tsx';

const icons = {
  compliant: IconCircleCheck,
  waived: IconShieldHalf,
  'in-grace': IconClockExclamation,
  noncompliant: IconCircleX,
  silent: IconMoon,
  unknown: IconHelpCircle,
} as const;

interface Props {
  state: VerdictState;
  /** Until when it is let pass, in grace and waived. */
  until?: string | undefined;
}

/** A verdict by word, shape and colour: never by colour alone. */
export function Verdict({ state, until }: Props) {
  const Sign = icons[state];
  const now = useNow();
  return (
    <Tooltip label={verdictWords[state].meaning} multiline maw={260}>
      <span className={classes.badge} data-state={state}>
        <Sign size={15} stroke={2} aria-hidden="true" />
        {verdictWords[state].label} {untilDay(until, now)}
      </span>
    </Tooltip>
  );
}
