import { useState } from 'react';

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** A saved value being edited. What others save meanwhile comes in by itself until something is changed here. */
export function useEdited<T>(saved: T, version: string | number) {
  const [base, setBase] = useState({ saved, version });
  const [value, setValue] = useState(saved);
  const [seen, setSeen] = useState(version);
  const [conflict, setConflict] = useState(false);
  const dirty = !same(value, base.saved);
  const take = (fresh: T, at: string | number) => {
    setBase({ saved: fresh, version: at });
    setValue(fresh);
    setConflict(false);
  };
  if (version !== seen) {
    setSeen(version);
    if (same(saved, base.saved)) setBase({ saved, version });
    else if (version !== base.version && dirty) setConflict(true);
    else if (version !== base.version) take(saved, version);
  }
  return {
    value,
    set: (change: Partial<T>) => setValue((before) => ({ ...before, ...change })),
    /** The version the changes were made on. */
    version: base.version,
    dirty,
    /** Somebody saved meanwhile, and there are changes here too. */
    conflict,
    undo: () => (conflict ? take(saved, version) : setValue(base.saved)),
    take,
    takeTheirs: () => take(saved, version),
  };
}
