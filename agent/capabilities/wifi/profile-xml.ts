import type { WifiNetwork } from '../../../shared/profile/wifi.ts';

const authentications = {
  open: { authentication: 'open', encryption: 'none' },
  wpa2: { authentication: 'WPA2PSK', encryption: 'AES' },
  wpa3: { authentication: 'WPA3SAE', encryption: 'AES' },
} as const;

/** A profile of the WLAN service: https://learn.microsoft.com/windows/win32/nativewifi/wlan-profileschema-schema */
export function profileXml({ name, security, passphrase, hidden }: WifiNetwork): string {
  if (security === 'wpa2-enterprise') throw new TypeError('an enterprise network has no such profile');
  const { authentication, encryption } = authentications[security];
  const hex = Buffer.from(name, 'utf8').toString('hex').toUpperCase();
  const key =
    passphrase === undefined || security === 'open'
      ? ''
      : `<sharedKey><keyType>passPhrase</keyType><protected>false</protected><keyMaterial>${escaped(passphrase)}</keyMaterial></sharedKey>`;
  return [
    '<?xml version="1.0"?>',
    '<WLANProfile xmlns="http://www.microsoft.com/networking/WLAN/profile/v1">',
    `<name>${escaped(name)}</name>`,
    `<SSIDConfig><SSID><hex>${hex}</hex><name>${escaped(name)}</name></SSID><nonBroadcast>${hidden}</nonBroadcast></SSIDConfig>`,
    '<connectionType>ESS</connectionType><connectionMode>auto</connectionMode>',
    `<MSM><security><authEncryption><authentication>${authentication}</authentication><encryption>${encryption}</encryption><useOneX>false</useOneX></authEncryption>${key}</security></MSM>`,
    '</WLANProfile>',
    '',
  ].join('\n');
}

function escaped(text: string): string {
  const names: Record<string, string> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };
  return text.replace(/[&<>"']/g, (sign) => `&${names[sign]};`);
}
