import { useEffect, useRef } from 'react';

/** One key of a page, and what it does there. */
export interface PageKey {
  /** As `KeyboardEvent.key` has it: `j`, `Enter`, `?`. */
  key: string;
  /** Said in the list of keys; keys without words are other ways to the same. */
  words?: string;
  act: () => void;
}

const typingIn = 'input, textarea, select, [contenteditable], [role="listbox"], [role="menu"]';
/** What the key Enter already means something to. */
const pressable = 'a, button, summary, [role="tab"], [role="button"]';

/** Keys of the page that is shown: silent while something is typed, a dialog is open, or a modifier is held. */
export function useKeys(keys: readonly PageKey[]): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isMeantForElse(event)) return;
      const found = latest.current.find(({ key }) => key === event.key);
      if (!found) return;
      event.preventDefault();
      found.act();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function isMeantForElse({ target, key }: KeyboardEvent): boolean {
  if (document.querySelector('[role="dialog"]')) return true;
  if (!(target instanceof HTMLElement)) return false;
  return target.closest(typingIn) !== null || (key === 'Enter' && target.closest(pressable) !== null);
}
