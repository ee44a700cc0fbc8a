import { useState } from 'react';

/** A saved value being edited. What others save meanwhile comes in by itself until something is changed here. */
export function useEdited<T>(saved: T, version: string | number) {
  const [base, setBase] = useState({ saved, version });
  const [value, setValue] = useState(saved);
  const dirty = JSON.stringify(value) !== JSON.stringify(base.saved);
  const moved = version !== base.version;
  const take = (fresh: T, at: string | number) => {
    setBase({ saved: fresh, version: at });
    setValue(fresh);
  };
  if (moved && !dirty) take(saved, version);
  return {
    value,
    set: (change: Partial<T>) => setValue((before) => ({ ...before, ...change })),
    /** The version the changes were made on. */
    version: base.version,
    dirty,
    /** Somebody saved meanwhile, and there are changes here too. */
    conflict: moved && dirty,
    undo: () => setValue(base.saved),
    take,
    takeTheirs: () => take(saved, version),
  };
}

export type Edited<T> = ReturnType<typeof useEdited<T>>;
