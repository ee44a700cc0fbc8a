import Type from 'typebox';
import { strictObject } from '../schema.ts';
import { AccessibilitySettings, accessibility } from './accessibility.ts';
import { AntivirusSettings, antivirus } from './antivirus.ts';
import { ApplicationsSettings, applications } from './applications.ts';
import { BrowserSettings, browser } from './browser.ts';
import { DiskEncryptionSection, DiskEncryptionSettings, diskEncryption } from './disk-encryption.ts';
import { FirewallSettings, firewall } from './firewall.ts';
import { GuestAccountSettings, guestAccount } from './guest-account.ts';
import type { CapabilityDefinition } from './keywords.ts';
import { LocalAdminsSettings, localAdmins } from './local-admins.ts';
import { PasswordRulesSettings, passwordRules } from './password-rules.ts';
import { ScreenLockSettings, screenLock } from './screen-lock.ts';
import { SecureBootSettings, secureBoot } from './secure-boot.ts';
import { TimeSyncSettings, timeSync } from './time-sync.ts';
import { UpdatesSettings, updates } from './updates.ts';
import { UsbStorageSettings, usbStorage } from './usb-storage.ts';
import { WebFilterSection, WebFilterSettings, webFilter } from './web-filter.ts';
import { WifiSettings, wifi } from './wifi.ts';

/** Every capability there is, in the order people see them. To add one: docs/checklists/add-a-capability.md */
export const capabilities = {
  webFilter,
  browser,
  diskEncryption,
  firewall,
  usbStorage,
  guestAccount,
  localAdmins,
  passwordRules,
  applications,
  screenLock,
  updates,
  timeSync,
  antivirus,
  secureBoot,
  wifi,
  accessibility,
} as const satisfies Record<string, CapabilityDefinition>;

export type CapabilityName = keyof typeof capabilities;
export const capabilityNames = Object.keys(capabilities) as CapabilityName[];

/** The settings of a profile's revision: capability → its settings. An absent capability is left alone. */
export const ProfileSettings = strictObject({
  webFilter: Type.Optional(WebFilterSettings),
  browser: Type.Optional(BrowserSettings),
  diskEncryption: Type.Optional(DiskEncryptionSettings),
  firewall: Type.Optional(FirewallSettings),
  usbStorage: Type.Optional(UsbStorageSettings),
  guestAccount: Type.Optional(GuestAccountSettings),
  localAdmins: Type.Optional(LocalAdminsSettings),
  passwordRules: Type.Optional(PasswordRulesSettings),
  applications: Type.Optional(ApplicationsSettings),
  screenLock: Type.Optional(ScreenLockSettings),
  updates: Type.Optional(UpdatesSettings),
  timeSync: Type.Optional(TimeSyncSettings),
  antivirus: Type.Optional(AntivirusSettings),
  secureBoot: Type.Optional(SecureBootSettings),
  wifi: Type.Optional(WifiSettings),
  accessibility: Type.Optional(AccessibilitySettings),
});
export type ProfileSettings = Type.Static<typeof ProfileSettings>;

/** What the device receives for each capability (a section of its desired state). */
export const sectionSchemas = {
  webFilter: WebFilterSection,
  browser: BrowserSettings,
  diskEncryption: DiskEncryptionSection,
  firewall: FirewallSettings,
  usbStorage: UsbStorageSettings,
  guestAccount: GuestAccountSettings,
  localAdmins: LocalAdminsSettings,
  passwordRules: PasswordRulesSettings,
  applications: ApplicationsSettings,
  screenLock: ScreenLockSettings,
  updates: UpdatesSettings,
  timeSync: TimeSyncSettings,
  antivirus: AntivirusSettings,
  secureBoot: SecureBootSettings,
  wifi: WifiSettings,
  accessibility: AccessibilitySettings,
} as const;

export interface Sections {
  webFilter?: WebFilterSection;
  browser?: BrowserSettings;
  diskEncryption?: DiskEncryptionSection;
  firewall?: FirewallSettings;
  usbStorage?: UsbStorageSettings;
  guestAccount?: GuestAccountSettings;
  localAdmins?: LocalAdminsSettings;
  passwordRules?: PasswordRulesSettings;
  applications?: ApplicationsSettings;
  screenLock?: ScreenLockSettings;
  updates?: UpdatesSettings;
  timeSync?: TimeSyncSettings;
  antivirus?: AntivirusSettings;
  secureBoot?: SecureBootSettings;
  wifi?: WifiSettings;
  accessibility?: AccessibilitySettings;
}
