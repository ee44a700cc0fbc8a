import type { Check } from './check.ts';
import { agentCurrent } from './checks/agent-current.ts';
import { diskEncrypted } from './checks/disk-encrypted.ts';
import { firewallOn } from './checks/firewall-on.ts';

/** The library of checks, in the order people read them. A new check is added here and nowhere else. */
export const checks: readonly Check[] = [agentCurrent, diskEncrypted, firewallOn];
