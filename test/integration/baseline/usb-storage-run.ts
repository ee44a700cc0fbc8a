/*
 * Run by usb-storage.test.ts in a namespace of mounts with an /etc of its own: blocks USB storage for real and prints what the
 * real modprobe says.
 */
import { createUsbStorage } from '../../../agent/capabilities/usbStorage/index.ts';
import { linuxPosture } from '../../../agent/health/posture/linux.ts';
import { SystemCommands } from '../../../agent/platform/commands.ts';
import { HostFiles } from '../../../agent/platform/host-files.ts';
import { enforceOnce, removeOnce } from '../../../agent/reconcile/enforce.ts';
import type { UsbStorageSettings } from '../../../shared/profile/usb-storage.ts';
import { everythingBelow } from '../../fakes/folder.ts';
import { MemoryOriginals } from '../../fakes/originals.ts';
import { keptLog } from '../../unit/agent/health/recorded.ts';

const commands = new SystemCommands();
const files = new HostFiles('', new MemoryOriginals());
const usb = createUsbStorage({ platform: 'linux', commands, files });
const block: UsbStorageSettings = { mode: 'enforce', access: 'block' };
const other = '/etc/modprobe.d/01-other.conf';

const pass = async () => {
  const { status, evidence } = await enforceOnce(usb, block, keptLog());
  return { status, wrong: evidence.filter(({ ok }) => !ok).map(({ item, seen }) => `${item}: ${seen}`) };
};
const load = async () => (await commands.run('/usr/sbin/modprobe', ['usb-storage'])).stderr;
const observed = async () => (await linuxPosture(commands).usbStorage()).state;

const before = everythingBelow('/etc').join('\n');
const seen = {
  before: await observed(),
  applied: await pass(),
  blocked: await observed(),
  loading: await load(),
  /** A file of somebody else that would load the driver, read after ours. */
  otherFile: await (async () => {
    await files.write('other', other, 'install usb-storage /sbin/modprobe --ignore-install usb-storage\n');
    const found = { ...(await pass()), state: await observed() };
    await files.restore('other');
    return found;
  })(),
  /** The same read before ours. */
  earlierFile: await (async () => {
    const earlier = other.replace('01-', '00-a');
    await files.write('other', earlier, 'install usb-storage /sbin/modprobe --ignore-install usb-storage\n');
    const found = { ...(await pass()), state: await observed() };
    await files.restore('other');
    return found;
  })(),
  removed: (await removeOnce(usb, keptLog())).status,
  isAsBefore: everythingBelow('/etc').join('\n') === before,
  after: await observed(),
};
process.stdout.write(`${JSON.stringify(seen)}\n`);
