import { Text } from '@mantine/core';
import type { RolloutView } from '../../../../../shared/api/schemas.ts';
import { Meter } from '../../components/meter.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { partsOf, type RingPart, ringParts } from '../../ring-shapes.ts';
import { isLive, type RolloutState, schoolHours } from '../../rollout-words.ts';
import { count, percent } from '../../words.ts';
import classes from './ring-list.module.css';

type Ring = RolloutView['rings'][number];

const partWords: Record<RingPart, string> = {
  verified: 'verified',
  failed: 'failed',
  offline: 'offline',
  waiting: 'not answered yet',
  'not-given': 'without it',
};

/** What stands beside the ring that a rollout has come to. */
const hereWords: Partial<Record<RolloutState, string>> = {
  running: 'Open now',
  paused: 'Paused here',
  halted: 'Halted here',
};

/** The rings from the first to the last, with the numbers behind the drawing. */
export function RingList({ view: { rollout, rings } }: { view: RolloutView }) {
  return (
    <div>
      <ol className={classes.rings} data-state={rollout.state}>
        {rings.map((ring, place) => {
          const open = place === rollout.ring - 1 && isLive(rollout.state);
          const here = open ? hereWords[rollout.state] : undefined;
          return (
            <li key={`${place} ${ring.title}`} data-open={open || undefined} aria-current={open ? 'step' : undefined}>
              <span className={classes.number} aria-hidden="true">
                {place + 1}
              </span>
              <div className={classes.body}>
                <RingLine ring={ring} here={here} of={rollout.devices} />
                <RingBar ring={ring} />
                {rollout.state === 'running' && open ? <Soak ring={ring} /> : null}
              </div>
            </li>
          );
        })}
      </ol>
      <Legend />
    </div>
  );
}

function RingLine({ ring, here, of }: { ring: Ring; here: string | undefined; of: number }) {
  return (
    <div className={classes.line}>
      <Text size="sm" fw={600} component="span">
        {ring.title}
      </Text>
      {here ? <Tag tone="outline">{here}</Tag> : null}
      <Text size="sm" c="dimmed" component="span" className="numeric">
        {count(ring.devices, 'device')}
        {of > 0 ? ` · ${percent((ring.devices / of) * 100)}` : ''}
        {ring.openedAt === null ? null : (
          <>
            {' '}
            · opened <When at={ring.openedAt} />
          </>
        )}
      </Text>
    </div>
  );
}

function RingBar({ ring }: { ring: Ring }) {
  const parts = partsOf(ring);
  const some = ringParts.filter((part) => parts[part] > 0);
  if (some.length === 0) return null;
  const words = some.map((part) => `${parts[part].toLocaleString('en')} ${partWords[part]}`).join(', ');
  return (
    <>
      <div className={classes.bar} aria-hidden="true">
        {some.map((part) => (
          <div key={part} className={classes.part} data-part={part} style={{ flexGrow: parts[part] }} />
        ))}
      </div>
      <Text size="xs" c="dimmed" className="numeric">
        {words}
      </Text>
    </>
  );
}

function Soak({ ring: { soakedHours, soakHours } }: { ring: Ring }) {
  if (soakHours === 0) return null;
  return (
    <Meter
      label="Watched"
      value={Math.min(100, Math.floor((soakedHours / soakHours) * 100))}
      detail={`${soakedHours.toLocaleString('en', { maximumFractionDigits: 1 })} of ${schoolHours(soakHours)}`}
    />
  );
}

function Legend() {
  return (
    <div className={classes.legend} aria-hidden="true">
      {ringParts.map((part) => (
        <span key={part}>
          <i className={classes.part} data-part={part} /> {partWords[part]}
        </span>
      ))}
    </div>
  );
}
