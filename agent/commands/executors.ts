import { checkAgainAct, restartAgentAct, rotateCertificateAct } from './acts/agent.ts';
import { clearCacheAct } from './acts/browser-cache.ts';
import { lockAct } from './acts/lock.ts';
import { endLostModeAct, lostModeAct } from './acts/lost-mode.ts';
import { messageAct } from './acts/message.ts';
import { renewNetworkAct } from './acts/network.ts';
import { restartDeviceAct } from './acts/restart-device.ts';
import { scriptAct } from './acts/script.ts';
import { wipeAct } from './acts/wipe.ts';
import type { Executors } from './executor.ts';
import type { ActParts } from './parts.ts';

/** What this device can be told to do; on a trial root only what leaves the computer alone. */
export function createExecutors(parts: ActParts): Executors {
  const own: Executors = {
    message: messageAct(parts),
    'check-again': checkAgainAct(parts),
    'restart-agent': restartAgentAct(parts),
    'rotate-certificate': rotateCertificateAct(parts),
  };
  if (!parts.isHost) return own;
  return {
    ...own,
    'restart-device': restartDeviceAct(parts),
    'renew-network': renewNetworkAct(parts),
    'clear-browser-cache': clearCacheAct(parts),
    'run-script': scriptAct(parts),
    'lost-mode': lostModeAct(parts),
    'end-lost-mode': endLostModeAct(parts),
    lock: lockAct(parts),
    wipe: wipeAct(parts),
  };
}
