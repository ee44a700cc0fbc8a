import { describe, expect, it } from 'vitest';
import { parseOsRelease } from '../../../../agent/identity/about-host.ts';
import { readHardware } from '../../../../agent/identity/hardware.ts';
import type { CommandResult, Commands } from '../../../../agent/platform/commands.ts';

/** Documented output: in the form the programs print, not run there. */
const registry = `\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Cryptography\r\n    MachineGuid    REG_SZ    6f1c9c2e-7f0a-4b0e-9d3a-2f5d3c1e8a77\r\n\r\n`;
const product = `{"Vendor":"LENOVO","Name":"82GK","IdentifyingNumber":"PF3ABCDE","UUID":"4C4C4544-0042-3510-8052-B4C04F563433"}\r\n`;
const ioreg = `+-o J313AP  <class IOPlatformExpertDevice, id 0x100000227, registered, matched, active, busy 0, retain 32>
    {
      "IOPlatformUUID" = "5B1F2E8A-1111-5222-8333-444455556666"
      "manufacturer" = <"Apple Inc.">
      "model" = <"MacBookAir10,1">
      "IOPlatformSerialNumber" = "FVFABCDEFGHI"
    }
`;

const nothing: Commands = { run: async () => ({ code: -1, stdout: '', stderr: '', failure: 'missing' }) };
const documented = (outputs: Record<string, string>): Commands => ({
  async run(path): Promise<CommandResult> {
    const stdout = Object.entries(outputs).find(([program]) => path.endsWith(program))?.[1] ?? '';
    return { code: 0, stdout, stderr: '' };
  },
});
const from = (files: Record<string, string>) => async (path: string) => files[path];
const board = { '/etc/machine-id': 'abc', '/sys/class/dmi/id/product_uuid': 'uuid-1' };

describe('the hardware', () => {
  it('of a Linux host is read from the kernel, makers’ fillers left out', async () => {
    const files = {
      ...board,
      '/sys/class/dmi/id/product_serial': 'To be filled by O.E.M.',
      '/sys/class/dmi/id/sys_vendor': 'Dell Inc.',
      '/sys/class/dmi/id/product_name': 'Latitude 3120',
    };
    const hardware = await readHardware('linux', nothing, from(files));
    expect(hardware).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      maker: 'Dell Inc.',
      model: 'Latitude 3120',
    });
  });

  it('has the same id each time, and another one on another board with the same disk image', async () => {
    const id = async (files: Record<string, string>) => (await readHardware('linux', nothing, from(files))).id;
    expect(await id(board)).toBe(await id(board));
    expect(await id({ ...board, '/sys/class/dmi/id/product_uuid': 'uuid-2' })).not.toBe(await id(board));
  });

  it('has an id also where the system offers none', async () => {
    const id = async (name: string) => (await readHardware('linux', nothing, from({}), () => name)).id;
    expect(await id('a')).toMatch(/^[0-9a-f]{64}$/);
    expect(await id('a')).not.toBe(await id('b'));
  });

  it('of a Windows host is read from the registry and CIM', async () => {
    const hardware = await readHardware('win32', documented({ 'reg.exe': registry, 'powershell.exe': product }));
    expect(hardware).toMatchObject({ maker: 'LENOVO', model: '82GK', serial: 'PF3ABCDE' });
    const guidOnly = await readHardware('win32', documented({ 'reg.exe': registry, 'powershell.exe': 'not JSON' }));
    expect(guidOnly.id).not.toBe(hardware.id);
  });

  it('of a Mac is read from ioreg', async () => {
    expect(await readHardware('darwin', documented({ ioreg }))).toMatchObject({
      maker: 'Apple Inc.',
      model: 'MacBookAir10,1',
      serial: 'FVFABCDEFGHI',
    });
  });
});

describe('the operating system', () => {
  it.each([
    ['NAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n', { name: 'Debian GNU/Linux', version: '12' }],
    ["NAME='Arch Linux'\nBUILD_ID=rolling\n", { name: 'Arch Linux', version: 'rolling' }],
    ['NAME=Fedora\nVERSION_ID=41\n', { name: 'Fedora', version: '41' }],
  ])('is named by os-release: %j', (content, expected) => {
    expect(parseOsRelease(content)).toEqual(expected);
  });

  it('has no name without os-release', () => {
    expect(parseOsRelease('')).toBeUndefined();
  });
});
