import type { DeviceSummary } from '../../../../shared/api/schemas.ts';
import classes from './connection.module.css';
import { When } from './when.tsx';

/** Whether the device is connected now, or when it last was. */
export function Connection({ device }: { device: Pick<DeviceSummary, 'connected' | 'lastSeenAt'> }) {
  return (
    <span className={classes.connection}>
      <span className={classes.dot} data-on={device.connected || undefined} aria-hidden="true" />
      {device.connected ? (
        'Connected'
      ) : (
        <span>
          Seen <When at={device.lastSeenAt} />
        </span>
      )}
    </span>
  );
}
