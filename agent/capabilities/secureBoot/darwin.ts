import { macSecureBoot, type SecureBoot } from '../../health/posture/secure-boot.ts';
import type { Host } from '../capability.ts';

export function observeOnMac({ commands }: Host): Promise<SecureBoot> {
  return macSecureBoot(commands);
}
