import { Select, UnstyledButton } from '@mantine/core';
import type { ProfileContent } from '../../../../../shared/api/schemas.ts';
import { type CapabilityName, capabilities, capabilityNames } from '../../../../../shared/profile/registry.ts';
import { settingCount } from '../../content.ts';
import { count } from '../../words.ts';
import classes from './editor.module.css';

interface Props {
  content: ProfileContent;
  /** undefined: what is set; null: something else is shown, such as what was found. */
  part: CapabilityName | undefined | null;
  onPart: (part: CapabilityName | undefined) => void;
}

/** The way through the capabilities, with how much of each is set; on a narrow screen a choice. */
export function EditorNav({ content, part, onPart }: Props) {
  const links = [
    { name: undefined, title: 'What is set, and for whom', set: 0 },
    ...capabilityNames.map((name) => ({
      name,
      title: capabilities[name].title,
      set: settingCount(content.settings, name),
    })),
  ];
  return (
    <>
      <nav className={classes.nav} aria-label="Settings by area">
        {links.map(({ name, title, set }) => (
          <UnstyledButton
            key={title}
            className={classes.link ?? ''}
            aria-current={part === name ? 'true' : undefined}
            onClick={() => onPart(name)}
          >
            <span>{title}</span>
            {set > 0 ? (
              <span className={classes.number} title={`${count(set, 'setting')} set`}>
                {set}
              </span>
            ) : null}
          </UnstyledButton>
        ))}
      </nav>
      <div className={classes.narrow}>
        <Select
          aria-label="Settings by area"
          placeholder="Choose an area"
          allowDeselect={false}
          value={part === null ? null : (part ?? 'set')}
          data={links.map(({ name, title, set }) => ({
            value: name ?? 'set',
            label: set > 0 ? `${title} (${set} set)` : title,
          }))}
          onChange={(value) => onPart(capabilityNames.find((name) => name === value))}
        />
      </div>
    </>
  );
}
