const secret = '[secret]';
const token = '[token]';
const elsewhere = '[web address]';

const pem = /-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g;
/** RFC 9110 section 11: a scheme and what proves who one is; cookies to the end of the line. */
const headers =
  /\b((?:proxy-)?authorization|(?:set-)?cookie|x-[a-z-]{0,40}(?:key|token|auth)[a-z-]{0,40})(["']?\s*[:=]\s*)[^\n]+/gi;
const schemes = /\b(bearer|basic|digest|negotiate|ntlm)\s+[^\s"',;]+/gi;
/** Telling within any name, and those that count only where a name begins with them. */
const telling = 'password|passwd|passphrase|passcode|secret|token|api[_-]?key|credential|pre-?shared|sae_password';
const short =
  'pass|pwd|psk|pin|otp|jwt|cred|sid|sig|nonce|salt|auth|signature|wep_key|access[_-]?key|private[_-]?key|recovery[_-]?key|session[_-]?id';
const secretWord = `(?:${telling}|(?<![a-z])(?:${short}))`;
const value = '(?:"(?:[^"\\\\\\n]|\\\\.)*"|\'(?:[^\'\\\\\\n]|\\\\.)*\'|[^\\s,;&|]+)';
/** `DB_PASSWORD=x`, `"token": "x"`, `psk: 'x'`. */
const assigned = new RegExp(`(${secretWord}[\\w-]{0,30}["']?\\s{0,5}[:=]\\s{0,5})${value}`, 'gi');
/** `--password x`, `password is x`, `passphrase "x"`. */
const flagged = new RegExp(`(--?[\\w-]{0,30}${secretWord}[\\w-]{0,30}\\s{1,5})${value}`, 'gi');
const said = new RegExp(
  `\\b((?:password|passphrase|passcode|psk|token|secret)\\s+(?:(?:is|was)\\s+)?)(?:(?<=is\\s|was\\s)${value}|"[^"\\n]*"|'[^'\\n]*')`,
  'gi',
);
/** RFC 7519. */
const jwt = /(?<![\w-])eyJ[\w-]+\.[\w-]*(?:\.[\w-]*)*/g;
/** Tokens known by how they begin. */
const marked =
  /\b(?:rollcall1-|gh[pousr]_|github_pat_|glpat-|xox[a-z]-|sk-|pk_live_|sk_live_|AKIA|ASIA|AIza|ya29\.|npm_|hf_)[\w.-]{8,}/g;
/** Long runs in which letters and digits mix: keys, hashes, ids of sessions; base64 may hold a slash. */
const long = /(?<![\w+-])[\w+=-]{24,}(?![\w+-])|(?<![\w+/=.-])[A-Za-z0-9+][A-Za-z0-9+/]{38,}={0,2}/g;

/** Keys, passwords, cookies and tokens. */
export function withoutSecrets(text: string): string {
  return text
    .replace(pem, secret)
    .replace(headers, (_, name: string, between: string) => `${name}${between}${secret}`)
    .replace(schemes, (_, scheme: string) => `${scheme} ${secret}`)
    .replace(jwt, token)
    .replace(marked, token)
    .replace(assigned, (_, name: string) => `${name}${secret}`)
    .replace(flagged, (_, name: string) => `${name}${secret}`)
    .replace(said, (_, name: string) => `${name}${secret}`)
    .replace(long, (run) => (/\d/.test(run) && /[A-Za-z]/.test(run) ? token : run));
}

const webAddress = /\b([a-z][a-z0-9+.-]{1,30}):\/\/[^\s"'<>]*/gi;

/**
 * Web addresses tell where somebody was: of the district's own hosts the query goes (and whoever signs in there), of
 * others the whole address.
 */
export function withoutWebAddresses(text: string, hosts: ReadonlySet<string>): string {
  return text.replace(webAddress, (whole, scheme: string) => {
    if (scheme.toLowerCase() === 'file') return whole;
    const url = URL.canParse(whole) ? new URL(whole) : undefined;
    if (!url || !hosts.has(url.hostname)) return elsewhere;
    return `${url.protocol}//${url.host}${url.pathname}${url.search || url.hash ? '?[…]' : ''}`;
  });
}
