import { changeWords } from '../setting-words.ts';
import classes from './setting-change.module.css';
import { Tag } from './tag.tsx';

const few = 6;

interface Props {
  capability: string;
  setting: string;
  before: unknown;
  after: unknown;
}

/** A setting before → after; of a list only what comes and what goes. */
export function SettingChange({ capability, setting, before, after }: Props) {
  const words = changeWords(capability, setting, before, after);
  if (words.kind === 'value')
    return (
      <span>
        {words.before} <span aria-hidden="true">→</span>
        <span className={classes.hidden}> becomes </span> <b>{words.after}</b>
      </span>
    );
  const rest = Math.max(0, words.added.length - few) + Math.max(0, words.removed.length - few);
  return (
    <span className={classes.items}>
      {words.added.slice(0, few).map((item) => (
        <Tag key={`+${item}`} tone="good">
          + {item}
        </Tag>
      ))}
      {words.removed.slice(0, few).map((item) => (
        <Tag key={`-${item}`} tone="bad">
          − {item}
        </Tag>
      ))}
      {rest > 0 ? <span>and {rest.toLocaleString('en')} more</span> : null}
    </span>
  );
}
