import { Text } from '@mantine/core';
import { IconCircleCheck, IconCircleMinus, IconCircleX, IconHelpCircle } from '@tabler/icons-react';
import type Type from 'typebox';
import type { CheckFinding } from '../../../../shared/compliance/verdict.ts';
import { findingStatusWords } from '../words.ts';
import classes from './check-list.module.css';

type Finding = Type.Static<typeof CheckFinding>;

const signs = {
  pass: <IconCircleCheck color="var(--verdict-compliant)" aria-hidden="true" />,
  fail: <IconCircleX color="var(--verdict-noncompliant)" aria-hidden="true" />,
  unknown: <IconHelpCircle color="var(--verdict-unknown)" aria-hidden="true" />,
  'not-applicable': <IconCircleMinus color="var(--verdict-unknown)" aria-hidden="true" />,
} as const;

/** Compliance checks: what was expected and seen; for those that do not pass, why it matters and how to fix it. */
export function CheckList({ findings }: { findings: readonly Finding[] }) {
  if (findings.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No check has been evaluated yet. Checks follow the first report of the device.
      </Text>
    );
  return (
    <ul className={classes.checks}>
      {findings.map((finding) => (
        <li key={finding.check} className={classes.check}>
          {signs[finding.status]}
          <div className={classes.words}>
            <Text fw={600} size="sm">
              {finding.title}{' '}
              <Text span size="sm" c="dimmed">
                · {findingStatusWords[finding.status]}
              </Text>
            </Text>
            <Text size="sm" c="dimmed">
              Expected: {finding.expected}. Seen: {finding.actual}.
            </Text>
            {finding.status === 'fail' || finding.status === 'unknown' ? (
              <div className={classes.remedy}>
                <p>{finding.why}</p>
                <p>
                  <b>How to fix it:</b> {finding.fix}
                </p>
              </div>
            ) : null}
          </div>
        </li>
      ))}
    </ul>
  );
}
