import { percent } from '../../words.ts';
import classes from './core-bars.module.css';

/** One bar per core, in order. */
export function CoreBars({ cores }: { cores: readonly number[] }) {
  if (cores.length === 0) return null;
  return (
    <div>
      <div className={classes.title}>{cores.length} cores</div>
      <div className={classes.cores} role="img" aria-label={cores.map((core) => percent(core)).join(', ')}>
        {cores.map((core, index) => (
          // A core is its place in the list: the order never changes.
          <div key={`core-${index + 1}`} className={classes.core} title={`Core ${index + 1}: ${percent(core)}`}>
            <div className={classes.fill} style={{ height: `${Math.max(2, core)}%` }} />
          </div>
        ))}
      </div>
    </div>
  );
}
