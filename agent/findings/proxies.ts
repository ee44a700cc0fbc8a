/*
 * Places where a proxy for the whole device or a whole desktop is set. Only the place is ever reported: a proxy's address may
 * hold a name and a password.
 */

const variable = /^\s*(?:export\s+|set(?:env)?\s+)?(?:https?|all|socks)_proxy\s*[= ]\s*(?!["']?\s*["']?\s*$)\S/im;

/** `KEY=value` files and shell scripts: http_proxy, https_proxy, all_proxy in any spelling. */
export function setsProxyVariable(content: string): boolean {
  return variable.test(content);
}

/** A key file of dconf(7): `[system/proxy]` with `mode='manual'` or `'auto'`. */
export function setsDconfProxy(content: string): boolean {
  return /^\[system\/proxy\]\s*$[^[]*^mode\s*=\s*'(manual|auto)'/m.test(content);
}

/** KDE's kioslaverc: 0 is no proxy, 1 to 4 are the ways to have one. */
export function setsKdeProxy(content: string): boolean {
  return /^\[Proxy Settings\][^[]*^ProxyType\s*=\s*[1-4]\s*$/m.test(content);
}

/** `scutil --proxy` of macOS; the kinds that are on. */
export function proxiesOfScutil(output: string): string[] {
  const on = output.matchAll(/^\s*(HTTP|HTTPS|SOCKS|ProxyAutoConfig)Enable : 1$/gm);
  return [...on].map(([, kind = '']) => `network settings (${kind})`);
}

export function proxyWords(places: readonly string[]): string {
  return places.length === 0 ? '' : `A proxy is set in ${[...new Set(places)].sort().join(', ')}.`;
}
