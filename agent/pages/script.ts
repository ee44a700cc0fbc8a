/**
 * Runs in the browser while a request waits: asks twice a second whether the name opened, less often as time goes by. An
 * answer without our header comes from the site itself, so it is open; so it is, most likely, when this page cannot be
 * reached any more, for the name then leads elsewhere.
 */
export const script = `'use strict';
(() => {
  const waiting = document.querySelector('[data-waiting]');
  if (!waiting) return;
  const address = '/.rollcall/state?name=' + encodeURIComponent(waiting.dataset.waiting);
  let looks = 0;
  let failures = 0;
  async function stillWaits() {
    const answer = await fetch(address, { cache: 'no-store' });
    if (answer.headers.get('rollcall-page') !== '1' || !answer.ok) return false;
    const { blocked, request } = await answer.json();
    return blocked && request === 'waiting';
  }
  async function look() {
    try {
      if (!(await stillWaits())) return location.reload();
      failures = 0;
    } catch {
      failures += 1;
      if (failures === 5) return location.reload();
    }
    looks += 1;
    setTimeout(look, looks < 240 ? 500 : looks < 800 ? 1000 : 15000);
  }
  setTimeout(look, 500);
})();
`;
