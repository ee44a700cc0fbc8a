import { type RefObject, useRef, useState } from 'react';
import type { ActionKind } from '../../../../../shared/commands/action.ts';
import type { PageKey } from '../../components/use-keys.ts';

const tabs = ['live', 'findings', 'timeline', 'commands'] as const;

/** What is open in the cockpit, so that the keys of the page around it can steer it. */
export function useCockpit() {
  const [tab, setTab] = useState<(typeof tabs)[number]>('findings');
  const [menu, setMenu] = useState(false);
  const [action, setAction] = useState<ActionKind>();
  const actions = useRef<HTMLButtonElement>(null);
  const reason = useRef<HTMLTextAreaElement>(null);
  const examine = useRef<HTMLButtonElement>(null);
  const stop = useRef<HTMLButtonElement>(null);
  return {
    tab,
    show: (name: string | null) => setTab(tabs.find((known) => known === name) ?? 'findings'),
    menu,
    setMenu,
    actions,
    /** What is being told to the device. */
    action,
    setAction,
    reason,
    examine,
    stop,
  };
}

export type CockpitView = ReturnType<typeof useCockpit>;

/** What closes a menu from outside: the key that opened it must not. */
export const pointerEvents = ['mousedown', 'touchstart'];

/** Presses a button where it can be seen: what opens beside a button out of sight is hidden. */
export function pressButton({ current }: RefObject<HTMLButtonElement | null>): void {
  current?.scrollIntoView({ block: 'nearest' });
  current?.click();
}

/** The keys of the cockpit. What is not there, or cannot be pressed, does nothing. */
export function cockpitKeys(view: CockpitView): PageKey[] {
  return [
    { key: 'l', words: 'Look at the device', act: () => view.reason.current?.focus() },
    { key: 'd', words: 'What is wrong?', act: () => pressButton(view.examine) },
    { key: 'e', words: 'Stop looking', act: () => pressButton(view.stop) },
    { key: 'm', words: 'Actions on the device', act: () => pressButton(view.actions) },
    ...tabs.map((name, place) => ({
      key: String(place + 1),
      words: { live: 'Live', findings: 'Findings', timeline: 'Timeline', commands: 'Commands' }[name],
      act: () => view.show(name),
    })),
  ];
}
