import { notHere } from '../baseline/not-here.ts';

/** A Mac takes them from a configuration profile (com.apple.universalaccess), which only MDM can install. */
export const noHelpOnMac = notHere('Only MDM can set accessibility for a person on a Mac.');
