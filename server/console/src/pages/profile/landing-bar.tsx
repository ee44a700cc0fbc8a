import { Text } from '@mantine/core';
import type { Landing } from '../../../../../shared/api/schemas.ts';
import type { SectionStatus } from '../../../../../shared/protocol/messages.ts';
import { percent, sectionStatusWords } from '../../words.ts';
import classes from './landing-bar.module.css';

const order = ['verified', 'applied', 'pending', 'failed', 'unsupported'] as const satisfies readonly SectionStatus[];

/** How many devices proved the revision, and where the others are. */
export function LandingBar({ landing }: { landing: Landing }) {
  const share = (landing.verified / landing.total) * 100;
  const words = order.map((status) => `${landing[status]} ${sectionStatusWords[status].toLowerCase()}`).join(', ');
  return (
    <div>
      <Text mb={8} role="status">
        <b>{landing.verified === landing.total ? 'Verified on every device' : `Verified on ${percent(share)}`}</b>{' '}
        <Text span c="dimmed">
          {landing.verified.toLocaleString('en')} of {landing.total.toLocaleString('en')}
        </Text>
      </Text>
      <div className={classes.bar} role="img" aria-label={words}>
        {order.map((status) =>
          landing[status] > 0 ? (
            <div key={status} className={classes.part} data-status={status} style={{ flexGrow: landing[status] }} />
          ) : null,
        )}
      </div>
      <div className={classes.legend}>
        {order
          .filter((status) => landing[status] > 0)
          .map((status) => (
            <span key={status}>
              <i className={classes.part} data-status={status} /> {landing[status].toLocaleString('en')}{' '}
              {sectionStatusWords[status].toLowerCase()}
            </span>
          ))}
      </div>
    </div>
  );
}
