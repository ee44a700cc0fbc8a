/** One thing `doctor` looked at. `fix` says what to do when it is not as it should be. */
export interface Finding {
  check: string;
  ok: boolean;
  seen: string;
  fix?: string;
}

export function good(check: string, seen: string): Finding {
  return { check, ok: true, seen };
}

export function bad(check: string, seen: string, fix: string): Finding {
  return { check, ok: false, seen, fix };
}
