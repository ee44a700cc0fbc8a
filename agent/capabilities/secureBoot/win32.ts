import { type SecureBoot, windowsSecureBoot } from '../../health/posture/secure-boot.ts';
import type { Host } from '../capability.ts';

export function observeOnWindows({ commands }: Host): Promise<SecureBoot> {
  return windowsSecureBoot(commands);
}
