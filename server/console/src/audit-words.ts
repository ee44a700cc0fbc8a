import type { AuditRow, LookView } from '../../../shared/api/schemas.ts';
import { actorWords } from './words.ts';

/** Instead of words that are gone. */
export const erasedWords = 'Erased: its time was over, or the person it was about was erased.';

/** `Ada Byrne, helpdesk` */
export function whoWords({ actor, role, isErased }: Pick<AuditRow | LookView, 'actor' | 'role' | 'isErased'>): string {
  if (isErased) return 'Erased';
  return role ? `${actorWords(actor)}, ${role.replaceAll('-', ' ')}` : actorWords(actor);
}

/** `compliance-policy-saved` → `Compliance policy saved` */
export function codeWords(code: string): string {
  const words = code.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The days of a filter as the instants between which the rows lie, in the reader's own zone. */
export function spanOf({ from, to }: { from?: string | undefined; to?: string | undefined }): {
  from?: string;
  to?: string;
} {
  const end = to === undefined ? undefined : new Date(`${to}T00:00`);
  end?.setDate(end.getDate() + 1);
  return {
    ...(from !== undefined && { from: new Date(`${from}T00:00`).toISOString() }),
    ...(end && { to: end.toISOString() }),
  };
}
