/**
 * Runs in the browser. While a request waits it asks twice a second whether the name opened, less often as time goes by. An
 * answer without our header comes from the site itself, so it is open; so it is, most likely, when this page cannot be
 * reached any more, for the name then leads elsewhere.
 *
 * On the device's own pages it asks every two seconds whether somebody looks at the device by now, and says so on top.
 *
 * On "My device" it asks each second while somebody looks whether the page says something else by now, and puts that in its
 * place; the button is sent without loading the page again.
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
(() => {
  const banner = document.querySelector('[data-look]:not([data-look=""])');
  if (!banner) return;
  async function refresh(version) {
    const answer = await fetch(location.href, { cache: 'no-store' });
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-look]');
    if (!fresh) return;
    banner.replaceChildren(...fresh.childNodes);
    banner.dataset.look = version;
  }
  async function look() {
    if (document.visibilityState === 'visible') {
      try {
        const answer = await fetch('/.rollcall/look', { cache: 'no-store' });
        const { version } = await answer.json();
        if (version !== banner.dataset.look) await refresh(version);
      } catch {
        banner.dataset.failed = 'yes';
      }
    }
    setTimeout(look, 2000);
  }
  setTimeout(look, 2000);
})();
(() => {
  const form = document.querySelector('form.again');
  const said = document.getElementById('said');
  if (!said || !form) return;
  const button = form.querySelector('button');
  const problem = document.getElementById('again-problem');
  let looks = 0;
  function show(text) {
    const fresh = new DOMParser().parseFromString(text, 'text/html');
    const parts = fresh.querySelectorAll('[data-live]');
    const version = fresh.getElementById('said')?.dataset.version;
    if (version && version !== said.dataset.version) {
      const open = [...document.querySelectorAll('[data-live] details')].map((one) => one.open);
      document.querySelectorAll('[data-live]').forEach((one, index) => one.replaceChildren(...parts[index].childNodes));
      document.querySelectorAll('[data-live] details').forEach((one, index) => { one.open = open[index] === true; });
      said.dataset.version = version;
      said.textContent = document.querySelector('[data-live] h2').textContent;
    }
    return fresh.getElementById('again-problem');
  }
  async function load() {
    const answer = await fetch('/' + location.search, { cache: 'no-store' });
    if (answer.ok) show(await answer.text());
  }
  function busy(isBusy) {
    button.disabled = isBusy;
    button.textContent = isBusy ? form.dataset.busy : button.dataset.idle;
  }
  function complain(words) {
    problem.textContent = words;
    problem.hidden = words === '';
  }
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    busy(true);
    complain('');
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.action, { method: 'POST', body });
      const refusal = show(await answer.text());
      complain(answer.ok || !refusal ? '' : refusal.textContent);
    } catch {
      complain(form.dataset.failed);
    }
    looks = 0;
    busy(false);
    button.focus();
  });
  async function look() {
    if (document.visibilityState === 'visible') {
      looks += 1;
      try {
        const answer = await fetch('/.rollcall/live', { cache: 'no-store' });
        const { version } = await answer.json();
        if (version !== said.dataset.version) await load();
      } catch {
        looks += 60;
      }
    }
    setTimeout(look, looks < 600 ? 1000 : 10000);
  }
  document.addEventListener('visibilitychange', () => { looks = 0; });
  setTimeout(look, 1000);
})();
`;
