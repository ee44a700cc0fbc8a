import { Menu } from '@mantine/core';
import { Fragment } from 'react';
import { type ActionKind, dangerousActions } from '../../../../../shared/commands/action.ts';
import { actionGroups, actionWords } from '../../command-words.ts';

/** What devices can be told to do, as items of a menu. */
export function ActionItems({ onPick }: { onPick: (kind: ActionKind) => void }) {
  return actionGroups.map((kinds, place) => (
    <Fragment key={kinds.join()}>
      {place > 0 ? <Menu.Divider /> : null}
      {kinds.map((kind) => (
        <Menu.Item
          key={kind}
          {...(dangerousActions.has(kind) ? { c: 'var(--verdict-noncompliant-text)' } : {})}
          onClick={() => onPick(kind)}
        >
          {actionWords[kind]}…
        </Menu.Item>
      ))}
    </Fragment>
  ));
}
