import { linuxSecureBoot, type SecureBoot } from '../../health/posture/secure-boot.ts';
import type { Host } from '../capability.ts';

export function observeOnLinux({ commands, files }: Host): Promise<SecureBoot> {
  return linuxSecureBoot(commands, { list: (folder) => files.list(folder) });
}
