import { Text } from '@mantine/core';
import type { Overview } from '../../../../../shared/api/schemas.ts';
import { TextLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { count } from '../../words.ts';
import classes from './reasons.module.css';

export function Reasons({ reasons }: Pick<Overview, 'reasons'>) {
  return (
    <Panel
      title="Why devices fail"
      aside={
        <TextLink to="/devices" search={{ verdict: 'noncompliant' }} size="sm">
          Failing devices
        </TextLink>
      }
    >
      {reasons.length === 0 ? (
        <Text size="sm" c="dimmed">
          No device is failing.
        </Text>
      ) : (
        <ol className={classes.reasons}>
          {reasons.slice(0, 6).map((reason) => (
            <li key={reason.words}>
              <span>{reason.words}</span>
              <span className={classes.count}>{count(reason.devices, 'device')}</span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
