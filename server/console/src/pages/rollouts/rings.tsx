import type { RolloutView } from '../../../../../shared/api/schemas.ts';
import { type Arc, arcsOf, type Band, bandsOf } from '../../ring-shapes.ts';
import { rolloutStateWords } from '../../rollout-words.ts';
import { count, percent } from '../../words.ts';
import classes from './rings.module.css';

const radius = 156;
const hole = 38;
const middle = 160;

/** The rings of a rollout, one around the other: the share of each, and where its devices stand. */
export function Rings({ view: { rollout, rings } }: { view: RolloutView }) {
  const bands = bandsOf(
    rings.map(({ devices }) => devices),
    { hole, radius, gap: 3 },
  );
  const share = rollout.devices === 0 ? 0 : (rollout.given / rollout.devices) * 100;
  const words = `${rolloutStateWords[rollout.state].label}: ring ${rollout.ring} of ${rollout.rings}, given to ${count(rollout.given, 'device')} of ${rollout.devices.toLocaleString('en')}.`;
  return (
    <svg viewBox="0 0 320 320" className={classes.rings} data-state={rollout.state} role="img" aria-label={words}>
      <defs>
        <pattern id="failed-devices" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="6" height="6" className={classes.failedGround} />
          <rect width="2" height="6" className={classes.failedLine} />
        </pattern>
      </defs>
      {rings.map((ring, place) => {
        const band = bands[place];
        return band ? (
          <RingBand
            key={`${ring.title} ${band.inner}`}
            band={band}
            arcs={arcsOf(ring)}
            open={place === rollout.ring - 1 && rollout.state !== 'completed' && rollout.state !== 'rolled-back'}
          />
        ) : null;
      })}
      <text x={middle} y={middle - 1} className={classes.share}>
        {percent(share)}
      </text>
      <text x={middle} y={middle + 15} className={classes.caption}>
        given
      </text>
    </svg>
  );
}

function RingBand({ band: { inner, outer }, arcs, open }: { band: Band; arcs: readonly Arc[]; open: boolean }) {
  const mean = (inner + outer) / 2;
  const all = 2 * Math.PI * mean;
  return (
    <g data-open={open || undefined}>
      {arcs.map(({ part, from, share }) => (
        <circle
          key={part}
          cx={middle}
          cy={middle}
          r={mean}
          className={classes.arc}
          data-part={part}
          strokeWidth={outer - inner}
          strokeDasharray={share >= 1 ? undefined : `${share * all} ${all}`}
          strokeDashoffset={-from * all}
          transform={`rotate(-90 ${middle} ${middle})`}
        />
      ))}
      {open ? (
        <>
          <circle cx={middle} cy={middle} r={outer + 1} className={classes.edge} />
          <circle cx={middle} cy={middle} r={inner - 1} className={classes.edge} />
        </>
      ) : null}
    </g>
  );
}
