import { notHere } from '../baseline/not-here.ts';

/** networksetup(8) reaches the signed-in person's own list; networks for everybody come by MDM (com.apple.wifi.managed). */
export const noWifiOnMac = notHere('Only MDM can add Wi-Fi networks for everybody on a Mac.');
