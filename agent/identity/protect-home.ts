import type { Platform } from '../../shared/profile/keywords.ts';
import type { Commands } from '../platform/commands.ts';
import type { Home } from '../store/home.ts';

const system = '*S-1-5-18';
const administrators = '*S-1-5-32-544';

/**
 * On Windows only SYSTEM and administrators may open the home with the private key; elsewhere its mode 0700 says so.
 * https://learn.microsoft.com/windows-server/administration/windows-commands/icacls
 */
export async function protectHome(platform: Platform, commands: Commands, home: Home): Promise<void> {
  if (platform !== 'win32') return;
  const grants = [system, administrators].flatMap((who) => ['/grant:r', `${who}:(OI)(CI)F`]);
  const result = await commands.run('C:\\Windows\\System32\\icacls.exe', [home.path, '/inheritance:r', ...grants]);
  if (result.code !== 0)
    throw new Error(
      `${home.path} could not be protected: icacls ended with ${result.code}. Run it as an administrator.`,
    );
}
