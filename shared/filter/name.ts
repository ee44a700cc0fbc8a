/**
 * Host names in the one form everything here compares: lower case, punycode, no dot at the end (RFC 1035, RFC 5891).
 * Underscores are kept because service names use them.
 */

const plainName = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/;
const nameLimit = 253;
const labelLimit = 63;
const firstNonAscii = 0x80;

/** The name in comparable form; undefined when it cannot be the name of a host. One label ("localhost") is a name. */
export function normaliseName(text: string): string | undefined {
  const lower = text.toLowerCase();
  const bare = lower.endsWith('.') ? lower.slice(0, -1) : lower;
  const ascii = isAscii(bare) ? bare : toPunycode(bare);
  return ascii !== undefined && ascii.length <= nameLimit && plainName.test(ascii) && labelsFit(ascii)
    ? ascii
    : undefined;
}

/** True for text of the form of an IPv4 or IPv6 address: DNS lists cannot block those. */
export function looksLikeAddress(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(text) || (text.includes(':') && /^[0-9a-f:.]+(%\w+)?$/i.test(text));
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= firstNonAscii) return false;
  return true;
}

/** The URL parser carries UTS #46; what could end the host part is refused before it is asked. */
function toPunycode(text: string): string | undefined {
  if (/[\s/:?#@"'\\<>[\]%^|]/.test(text)) return undefined;
  const url = `http://${text}/`;
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

function labelsFit(name: string): boolean {
  if (name.length <= labelLimit) return true;
  for (let start = 0; ; ) {
    const dot = name.indexOf('.', start);
    if ((dot < 0 ? name.length : dot) - start > labelLimit) return false;
    if (dot < 0) return true;
    start = dot + 1;
  }
}
