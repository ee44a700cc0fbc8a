import { Tooltip } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconHelpCircle, IconMoon } from '@tabler/icons-react';
import type { VerdictState } from '../../../../shared/compliance/verdict.ts';
import { verdictWords } from '../words.ts';
import classes from './verdict.module.css';

const icons = {
  compliant: IconCircleCheck,
  noncompliant: IconCircleX,
  silent: IconMoon,
  unknown: IconHelpCircle,
} as const;

/** A verdict by word, shape and colour: never by colour alone. */
export function Verdict({ state }: { state: VerdictState }) {
  const Sign = icons[state];
  return (
    <Tooltip label={verdictWords[state].meaning} multiline maw={260}>
      <span className={classes.badge} data-state={state}>
        <Sign size={15} stroke={2} aria-hidden="true" />
        {verdictWords[state].label}
      </span>
    </Tooltip>
  );
}
