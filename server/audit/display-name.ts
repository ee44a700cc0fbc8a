/** Whoever acts, as people outside the office read it: `staff:Kim Lee` is Kim Lee. */
export function displayName(actor: string, nameless = 'the district'): string {
  return actor.replace(/^[a-z]+:/, '').slice(0, 200) || nameless;
}
