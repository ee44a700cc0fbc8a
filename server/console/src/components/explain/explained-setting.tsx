import type { ExplainedSource, ExplainedValue } from '../../../../../shared/api/schemas.ts';
import { fieldSchema, mergeText } from '../../form-fields.ts';
import { actorWords, capital, count } from '../../words.ts';
import { TextLink } from '../links.tsx';
import { ValueText } from '../value-text.tsx';
import { When } from '../when.tsx';
import classes from './explained-setting.module.css';

interface Props {
  explained: ExplainedValue;
  /** What keeps the value from being more. */
  limitedBy?: string | undefined;
}

/** One value: what it is, what gave it since when and by whom, and what it beat. */
export function ExplainedSetting({ explained, limitedBy }: Props) {
  const { capability, setting, title, value, from, beaten, heldSince } = explained;
  const schema = fieldSchema(capability, setting);
  return (
    <div className={classes.setting}>
      <div className={classes.title}>{title}</div>
      <div className={classes.body}>
        <ValueText capability={capability} setting={setting} value={value} />
        {limitedBy ? <div className={classes.note}>No more than that by {limitedBy}.</div> : null}
        {from.map((source) => (
          <Source key={`${source.profileId} ${source.to}`} source={source} verb="From" />
        ))}
        {heldSince ? (
          <div className={classes.note}>
            This device is to hold it so since <When at={heldSince} as="moment" />.
          </div>
        ) : null}
        {beaten.length > 0 ? (
          <details className={classes.beaten}>
            <summary>{count(beaten.length, 'other wish', 'other wishes')} not followed</summary>
            {schema ? <div className={classes.note}>{mergeText(schema)}</div> : null}
            {beaten.map((source) => (
              <div key={`${source.profileId} ${source.to}`} className={classes.loser}>
                <ValueText capability={capability} setting={setting} value={source.value} />
                <div className={classes.why}>{capital(source.why)}</div>
                <Source source={source} verb="Wanted by" />
              </div>
            ))}
          </details>
        ) : null}
      </div>
    </div>
  );
}

function Source({ source, verb }: { source: ExplainedSource; verb: string }) {
  return (
    <div className={classes.note}>
      {verb}{' '}
      <TextLink to="/profiles/$id" params={{ id: source.profileId }} inherit>
        {source.profile}
      </TextLink>{' '}
      (revision {source.revision}) for {source.to} · {source.rank} · <When at={source.since} /> by{' '}
      {actorWords(source.by)}
    </div>
  );
}
