const address = '[address]';
const hardware = '[hardware address]';

/** Six or more pairs; macOS leaves out leading noughts; Cisco writes three groups of four. */
const pairs = /(?<![0-9a-f])[0-9a-f]{1,2}(?:[:-][0-9a-f]{1,2}){5,19}(?![0-9a-f:])/gi;
const groups = /(?<![0-9a-f.])[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}(?![0-9a-f.])/gi;
const bare = /(?<![0-9a-z])(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{12}(?![0-9a-z])/gi;
/** Anything that may be version 6: with `::`, or with four colons and more. */
const six = /(?<![0-9a-f:])[0-9a-f]*:[0-9a-f:]*(?:\d{1,3}(?:\.\d{1,3}){3})?(?:%[\w.-]+)?/gi;
const four = /(?<![0-9])[0-9]{1,3}(?:\.[0-9]{1,3}){3,}(?![0-9])/g;
/** As names of hosts hold them: `ip-10-0-0-1`. */
const dashed = /(?<![0-9])(?<!\d-)[0-9]{1,3}(?:-[0-9]{1,3}){3}(?![0-9]|-\d)/g;
/** These name no device: this one itself, nowhere, and everybody. */
const nobody = /^(?:127(?:\.\d{1,3}){3}|0\.0\.0\.0|255\.255\.255\.255|::1?)$/;

/** Network and hardware addresses but those that `isTold` and those that are nobody's. */
export function withoutAddresses(text: string, isTold: (address: string) => boolean): string {
  const judged = (found: string, told = found) => (nobody.test(told) || isTold(told) ? found : address);
  const mac = (found: string) => (isTold(plainHardware(found)) ? found : hardware);
  return text
    .replace(pairs, mac)
    .replace(groups, mac)
    .replace(bare, mac)
    .replace(six, (found) => (isSix(found) ? judgedSix(found, judged) : found))
    .replace(four, (found) => judged(found))
    .replace(dashed, (found) => judged(found, found.replaceAll('-', '.')));
}

function isSix(found: string): boolean {
  return (found.includes('::') && /[0-9a-f]/i.test(found)) || (found.match(/:/g)?.length ?? 0) >= 4;
}

/** A colon at its end belongs to the sentence. */
function judgedSix(found: string, judged: (found: string, told: string) => string): string {
  const told = found.replace(/(?<!:):$/, '').replace(/%.*$/, '');
  return judged(found, told) === found ? found : `${address}${found.endsWith(':') && !found.endsWith('::') ? ':' : ''}`;
}

function plainHardware(found: string): string {
  const digits = /[:-]/.test(found)
    ? found.split(/[:-]/).map((pair) => pair.padStart(2, '0'))
    : (found.replaceAll('.', '').match(/../g) ?? []);
  return digits.join(':').toLowerCase();
}
