import { Text } from '@mantine/core';
import { IconAlertCircle, IconCircleCheck, IconCircleMinus, IconCircleX, IconHelpCircle } from '@tabler/icons-react';
import type Type from 'typebox';
import type { CheckFinding } from '../../../../shared/compliance/verdict.ts';
import { findingStatusWords, severityWords } from '../words.ts';
import classes from './check-list.module.css';
import { Tag } from './tag.tsx';
import { WaiveCheck, type WaiverTargets } from './waive-dialog.tsx';
import { useNow } from './when.tsx';

type Finding = Type.Static<typeof CheckFinding>;

const signs = {
  pass: <IconCircleCheck color="var(--verdict-compliant)" aria-hidden="true" />,
  fail: <IconCircleX color="var(--verdict-noncompliant)" aria-hidden="true" />,
  unknown: <IconHelpCircle color="var(--verdict-unknown)" aria-hidden="true" />,
  'not-applicable': <IconCircleMinus color="var(--verdict-unknown)" aria-hidden="true" />,
} as const;
/** A failure that turns no verdict. */
const notice = <IconAlertCircle color="var(--verdict-silent)" aria-hidden="true" />;

/** A finding of an earlier server has no severity: every check counted then. */
const informs = ({ severity }: Finding) => severity === 'minor';
const severityOrder = ['critical', 'major', 'minor'] as const;
const statusOrder = ['fail', 'unknown', 'pass', 'not-applicable'] as const;
/** What makes the verdict what it is comes first, then what else is wrong, then what is well. */
const rankOf = (finding: Finding) => {
  const { status, severity = 'critical' } = finding;
  const isWell = status === 'pass' || status === 'not-applicable';
  return (
    (isWell ? 100 : informs(finding) ? 50 : 0) + statusOrder.indexOf(status) * 10 + severityOrder.indexOf(severity)
  );
};

interface Props {
  findings: readonly Finding[];
  /** For whom a failure may be waived here. */
  waivable?: WaiverTargets;
}

/** Compliance checks, in the order of what they ask for: what was expected and seen; where something is to be done, why and how. */
export function CheckList({ findings, waivable = [] }: Props) {
  if (findings.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No check has been evaluated yet. Checks follow the first report of the device.
      </Text>
    );
  const ordered = findings.toSorted((a, b) => rankOf(a) - rankOf(b));
  return (
    <ul className={classes.checks}>
      {ordered.map((finding) => (
        <CheckItem key={finding.check} finding={finding} waivable={waivable} />
      ))}
    </ul>
  );
}

function CheckItem({ finding, waivable }: { finding: Finding; waivable: WaiverTargets }) {
  const { status, severity } = finding;
  const asksForWork = status === 'fail' || status === 'unknown';
  return (
    <li className={classes.check}>
      {status === 'fail' && informs(finding) ? notice : signs[status]}
      <div className={classes.words}>
        <Text fw={600} size="sm" component="div">
          {finding.title}{' '}
          <Text span size="sm" c="dimmed">
            · {findingStatusWords[status]}
          </Text>{' '}
          {severity && asksForWork ? (
            <Tag tone={status === 'fail' ? severityTones[severity] : 'plain'}>{severityWords[severity]}</Tag>
          ) : null}{' '}
          <LetPass finding={finding} />
        </Text>
        <Text size="sm" c="dimmed">
          Expected: {finding.expected}. Seen: {finding.actual}.
        </Text>
        {asksForWork ? <Remedy finding={finding} /> : null}
        {asksForWork && !informs(finding) && !finding.waiver && waivable.length > 0 ? (
          <div className={classes.waive}>
            <WaiveCheck check={finding.check} title={finding.title} targets={waivable} />
          </div>
        ) : null}
      </div>
    </li>
  );
}

/** Until when a failure is let pass, and by what. */
function LetPass({ finding: { grace, waiver } }: { finding: Finding }) {
  const now = useNow();
  if (waiver) return <Tag tone="waived">{capitalised(waiver.words)}</Tag>;
  if (!grace) return null;
  const isOver = grace.until !== null && Date.parse(grace.until) <= now;
  return isOver ? <Tag tone="bad">Grace is over</Tag> : <Tag tone="grace">{capitalised(grace.words)}</Tag>;
}

const capitalised = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

const severityTones = { critical: 'bad', major: 'warn', minor: 'plain' } as const;

/** The words for the person first; those for a technician on demand. */
function Remedy({ finding: { why, fix, fixTechnician, reference } }: { finding: Finding }) {
  return (
    <div className={classes.remedy}>
      <p>{why}</p>
      <p>
        <b>How to fix it:</b> {fix}
      </p>
      {fixTechnician || reference ? (
        <details>
          <summary>For technicians</summary>
          {fixTechnician ? <p>{fixTechnician}</p> : null}
          {reference ? <p>{reference}</p> : null}
        </details>
      ) : null}
    </div>
  );
}
