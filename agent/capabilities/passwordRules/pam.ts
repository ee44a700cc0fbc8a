import type { Values } from './config-text.ts';

/** The stacks that services include: Debian's, then Red Hat's. pam-auth-update(8), authselect(8) */
export const passwordStacks = ['/etc/pam.d/common-password', '/etc/pam.d/system-auth', '/etc/pam.d/password-auth'];
export const authStacks = ['/etc/pam.d/common-auth', '/etc/pam.d/system-auth', '/etc/pam.d/password-auth'];

/** What one stack does with a module. */
export interface Use {
  isAsked: boolean;
  /** Values in its lines; they win over those of files. */
  values: Values;
}

/** Arguments of each line of pam.conf(5) that names a module in a facility. */
function moduleLines(text: string, facility: string, module: string): string[][] {
  const form = new RegExp(`^-?${facility}\\s+(?:\\[[^\\]]*\\]|\\S+)\\s+(?:\\S*/)?${module}\\.so\\b(.*)$`);
  return text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .flatMap((words) => form.exec(words.trim())?.[1] ?? [])
    .map((args) => args.replace(/#.*/, '').trim().split(/\s+/));
}

export function readPwquality(text: string): Use {
  const lines = moduleLines(text, 'password', 'pam_pwquality');
  return { isAsked: lines.length > 0, values: valuesOf(lines) };
}

/** Locks only where it is asked before the password and told of a wrong one. pam_faillock(8) */
export function readFaillock(text: string): Use {
  const lines = moduleLines(text, 'auth', 'pam_faillock');
  const isAsked = ['preauth', 'authfail'].every((word) => lines.some((args) => args.includes(word)));
  return { isAsked, values: valuesOf(lines) };
}

function valuesOf(lines: readonly string[][]): Values {
  const found = lines.flat().flatMap((word) => {
    const [, key, value] = /^([a-z_]+)=(\d+|never)$/.exec(word) ?? [];
    return key && value ? [[key, value === 'never' ? 0 : Number(value)] as const] : [];
  });
  return new Map(found);
}
