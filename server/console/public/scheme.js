// Sets the colour scheme before the first paint, so that a dark page never flashes white. Not inline: see the CSP.
(() => {
  const chosen = localStorage.getItem('rollcall-scheme');
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
