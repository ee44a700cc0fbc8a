import { Card, Text, Title } from '@mantine/core';
import type { Overview } from '../../../../../shared/api/schemas.ts';
import { verdictStates } from '../../../../../shared/compliance/verdict.ts';
import { PlainLink, TextLink } from '../../components/links.tsx';
import { Verdict } from '../../components/verdict.tsx';
import { totalOf, VerdictBar } from '../../components/verdict-bar.tsx';
import { count, percent } from '../../words.ts';
import classes from './people-verdicts.module.css';

/** The one figure of the page: how many people comply, and where the others are. */
export function PeopleVerdicts({ overview }: { overview: Overview }) {
  const { people, peopleWithoutDevice } = overview;
  const total = totalOf(people);
  return (
    <Card component="section" aria-labelledby="people-verdicts">
      <div className={classes.head}>
        <Title order={2} id="people-verdicts">
          People
        </Title>
        <Text size="sm" c="dimmed">
          {count(total, 'person', 'people')} with a device,{' '}
          <TextLink to="/people" search={{ holdsDevice: 'false' }}>
            {count(peopleWithoutDevice, 'person', 'people')} without
          </TextLink>
          {' · '}
          <TextLink to="/compliance">By check, and over time</TextLink>
        </Text>
      </div>
      <div className={classes.body}>
        <TextLink
          to="/people"
          search={{ verdict: 'compliant', holdsDevice: 'true' }}
          className={classes.share ?? ''}
          underline="never"
        >
          <span className={classes.figure}>{total > 0 ? percent((people.compliant / total) * 100) : '–'}</span>
          <span className={classes.caption}>of people with a device comply</span>
        </TextLink>
        <div className={classes.split}>
          <PlainLink to="/compliance" aria-label="Compliance by school and check">
            <VerdictBar counts={people} height={18} />
          </PlainLink>
          <div className={classes.counts}>
            {verdictStates.map((state) => (
              <PlainLink
                key={state}
                to="/people"
                search={{ verdict: state, holdsDevice: 'true' }}
                className={classes.count ?? ''}
              >
                <span className={classes.number}>{people[state].toLocaleString('en')}</span>
                <Verdict state={state} />
              </PlainLink>
            ))}
          </div>
        </div>
      </div>
    </Card>
  );
}
