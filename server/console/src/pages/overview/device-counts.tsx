import type { Overview } from '../../../../../shared/api/schemas.ts';
import { PlainLink } from '../../components/links.tsx';
import type { DevicesSearch } from '../../router.tsx';
import classes from './device-counts.module.css';

export function DeviceCounts({ devices }: Pick<Overview, 'devices'>) {
  const figures: { label: string; value: number; search: DevicesSearch; warn?: boolean }[] = [
    { label: 'Devices', value: devices.total, search: {} },
    { label: 'Connected now', value: devices.connected, search: { connected: 'true' } },
    { label: 'Not connected', value: devices.total - devices.connected, search: { connected: 'false' } },
    { label: 'Waiting for approval', value: devices.held, search: { status: 'held' }, warn: devices.held > 0 },
  ];
  return (
    <nav className={classes.strip} aria-label="Devices">
      {figures.map(({ label, value, search, warn }) => (
        <PlainLink
          key={label}
          to="/devices"
          search={search}
          className={classes.figure ?? ''}
          data-warn={warn || undefined}
        >
          <span className={classes.value}>{value.toLocaleString('en')}</span>
          <span className={classes.label}>
            {label}
            {label === 'Devices' && devices.simulated > 0 ? `, ${devices.simulated} simulated` : ''}
          </span>
        </PlainLink>
      ))}
    </nav>
  );
}
