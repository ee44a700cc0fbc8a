import { Text } from '@mantine/core';
import type { SettingView } from '../../../../../shared/api/schemas.ts';
import { TextLink } from '../../components/links.tsx';
import { ValueText } from '../../components/value-text.tsx';
import { capabilityTitle } from '../../setting-words.ts';
import classes from './effective-settings.module.css';

/** Every setting in force, by capability. */
export function EffectiveSettings({ settings }: { settings: readonly SettingView[] }) {
  const byCapability = Map.groupBy(settings, (setting) => setting.capability);
  return [...byCapability].map(([capability, group]) => (
    <div key={capability}>
      <Text fw={600} size="sm" mb={4}>
        {capabilityTitle(capability)}
      </Text>
      <dl className={classes.settings}>
        {group.map((setting) => (
          <div key={setting.setting} className={classes.setting}>
            <dt>{setting.title}</dt>
            <dd>
              <ValueText capability={setting.capability} setting={setting.setting} value={setting.value} />
              <Sources setting={setting} />
              {setting.limitedBy ? <div className={classes.sources}>limited by {setting.limitedBy}</div> : null}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  ));
}

function Sources({ setting }: { setting: SettingView }) {
  return (
    <div className={classes.sources}>
      {setting.limitedBy ? <div>no more by {setting.limitedBy}</div> : null}
      {setting.from.map((source) => (
        <div key={`${source.profileId} ${source.to}`}>
          from <ProfileLink source={source} />
        </div>
      ))}
      {setting.beaten.map((source) => (
        <div key={`${source.profileId} ${source.to}`} className={classes.beaten}>
          beat <ProfileLink source={source} />, which says{' '}
          <ValueText capability={setting.capability} setting={setting.setting} value={source.value} inline />
        </div>
      ))}
    </div>
  );
}

function ProfileLink({ source }: { source: SettingView['from'][number] }) {
  return (
    <>
      <TextLink to="/profiles/$id" params={{ id: source.profileId }} inherit>
        {source.profile}
      </TextLink>{' '}
      (revision {source.revision}, to {source.to}, priority {source.priority})
    </>
  );
}
