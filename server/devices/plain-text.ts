/**
 * What a device calls itself, fit for terminals, logs and pages: control and formatting characters (ESC, line breaks,
 * bidirectional overrides) are removed, and nothing becomes `fallback`.
 */
export function plainText(said: string, fallback: string): string {
  return said.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim() || fallback;
}

/** The same for what may be missing. */
export function plainTextOrNull(said: string | undefined): string | null {
  return plainText(said ?? '', '') || null;
}
