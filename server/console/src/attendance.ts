const unattendedAfterMs = 300_000;
let touchedAt = Date.now();

for (const kind of ['pointerdown', 'pointermove', 'keydown', 'wheel'])
  window.addEventListener(
    kind,
    () => {
      touchedAt = Date.now();
    },
    { passive: true, capture: true },
  );

/** Nobody has touched this page for five minutes: what it loads by itself must not keep the session from idling. */
export function isUnattended(): boolean {
  return Date.now() - touchedAt > unattendedAfterMs;
}
