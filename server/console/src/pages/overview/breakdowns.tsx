import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Overview, VerdictCounts } from '../../../../../shared/api/schemas.ts';
import { PlainLink, TextLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { totalOf, VerdictBar, VerdictLegend } from '../../components/verdict-bar.tsx';
import { roleWords } from '../../words.ts';
import classes from './breakdowns.module.css';

export function SchoolBreakdown({ schools }: Pick<Overview, 'schools'>) {
  return (
    <Panel title="By school" note={<VerdictLegend />}>
      {schools.length === 0 ? <Text c="dimmed">No schools have been imported.</Text> : null}
      <div className={classes.bars}>
        {schools.map((school) => (
          <Bar
            key={school.orgId}
            counts={school.verdicts}
            failing={<FailingOf org={school.orgId} counts={school.verdicts} />}
            bar={
              <PlainLink
                to="/compliance"
                search={{ org: school.orgId }}
                className={classes.bar ?? ''}
                aria-label={`Checks of ${school.name}`}
              >
                <VerdictBar counts={school.verdicts} />
              </PlainLink>
            }
          >
            <TextLink to="/people" search={{ org: school.orgId, holdsDevice: 'true' }}>
              {school.name}
            </TextLink>
          </Bar>
        ))}
      </div>
    </Panel>
  );
}

export function RoleBreakdown({ roles }: Pick<Overview, 'roles'>) {
  return (
    <Panel title="By role">
      <div className={classes.bars}>
        {roles
          .filter(({ verdicts }) => totalOf(verdicts) > 0)
          .map(({ role, verdicts }) => (
            <Bar
              key={role}
              counts={verdicts}
              bar={<VerdictBar counts={verdicts} />}
              failing={
                verdicts.noncompliant > 0 ? (
                  <TextLink
                    to="/people"
                    search={{ role, verdict: 'noncompliant', holdsDevice: 'true' }}
                    c="var(--verdict-noncompliant-text)"
                  >
                    {verdicts.noncompliant} failing
                  </TextLink>
                ) : null
              }
            >
              <TextLink to="/people" search={{ role, holdsDevice: 'true' }}>
                {roleWords[role].many}
              </TextLink>
            </Bar>
          ))}
      </div>
    </Panel>
  );
}

interface BarProps {
  counts: VerdictCounts;
  failing: ReactNode;
  bar: ReactNode;
  children: ReactNode;
}

function Bar({ counts, failing, bar, children }: BarProps) {
  return (
    <div className={classes.row}>
      <div className={classes.words}>
        {children}
        <span className={classes.numbers}>
          {failing}
          <span>{totalOf(counts).toLocaleString('en')}</span>
        </span>
      </div>
      {bar}
    </div>
  );
}

function FailingOf({ org, counts }: { org: string; counts: VerdictCounts }) {
  if (counts.noncompliant === 0) return null;
  return (
    <TextLink
      to="/people"
      search={{ org, verdict: 'noncompliant', holdsDevice: 'true' }}
      c="var(--verdict-noncompliant-text)"
    >
      {counts.noncompliant} failing
    </TextLink>
  );
}
