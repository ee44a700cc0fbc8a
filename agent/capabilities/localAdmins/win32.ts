import { member as field, items } from '../../health/json.ts';
import type { Line } from '../baseline/baseline.ts';
import { CapabilityError, type Host } from '../capability.ts';
import { quoted, runScript } from '../webFilter/powershell.ts';
import { systemFolder } from '../webFilter/win32.ts';
import type { AdminGroups } from './admins.ts';
import type { Member } from './choice.ts';

/** By its number: the name of the group is translated. */
const group = "-SID 'S-1-5-32-544'";

/** Prints `{"members":[{"sid":…,"name":…,"enabled":"True"}]}`; `enabled` is empty for what is no account of this device. */
export const membersStatements = [
  `$m=@(Get-LocalGroupMember ${group} | ForEach-Object { $u=Get-LocalUser -SID $_.SID -ErrorAction SilentlyContinue; [pscustomobject]@{sid=[string]$_.SID;name=[string]$_.Name;enabled=[string]$u.Enabled} })`,
  '[pscustomobject]@{members=$m} | ConvertTo-Json -Compress -Depth 3',
];

/** Undefined when the script printed something else. */
export function parseMembers(answer: unknown): Member[] | undefined {
  const found = field(answer, 'members');
  if (!Array.isArray(found)) return undefined;
  const members = items(found).map(parseMember);
  return members.every((one) => one !== undefined) ? members : undefined;
}

function parseMember(found: unknown): Member | undefined {
  const [sid, name, enabled] = ['sid', 'name', 'enabled'].map((key) => field(found, key));
  if (typeof sid !== 'string' || !/^S-1(-\d{1,15}){2,15}$/.test(sid) || typeof name !== 'string') return undefined;
  const number = Number(sid.slice(sid.lastIndexOf('-') + 1));
  const role = isFixed(sid) ? 'fixed' : 'person';
  return { id: sid, name: name.slice(name.lastIndexOf('\\') + 1), role, isUsable: enabled !== 'False', number };
}

/** The built-in account, groups of the domain's administrators, roles of Entra ID, services: Windows or the directory puts them there. */
function isFixed(sid: string): boolean {
  return /^S-1-5-21-.*-(500|512|518|519)$/.test(sid) || /^S-1-(12-1|5-80)-/.test(sid);
}

export function removeStatement(sid: string): string {
  return `Remove-LocalGroupMember ${group} -Member ${quoted(sid)}`;
}

/** An account that is gone, or a member already, is no failure. */
export function addStatement(sid: string): string {
  return `try { Add-LocalGroupMember ${group} -Member ${quoted(sid)} } catch [Microsoft.PowerShell.Commands.PrincipalNotFoundException],[Microsoft.PowerShell.Commands.MemberExistsException] { }`;
}

/** Windows: the group with SID S-1-5-32-544. Tested from documented output; never run on a real PC. */
export class WindowsAdminGroups implements AdminGroups {
  readonly unsupportedWhy?: string;
  readonly keptPath = `${systemFolder}\\administrators.json`;
  readonly ignoresCase = true;
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
    if (!host.files.isHost) this.unsupportedWhy = 'Groups are no files: a trial under a folder leaves them alone.';
  }

  async members(): Promise<Member[]> {
    const what = 'The administrators could not be read; an entry without an account in the group leads to this';
    const members = parseMembers(await runScript(this.#host.commands, what, membersStatements));
    if (members) return members;
    throw new CapabilityError(
      'powershell-failed',
      'The administrators could not be read: PowerShell printed something else.',
    );
  }

  notes(): Promise<Line[]> {
    return Promise.resolve([]);
  }

  remove(members: readonly Member[]): Promise<void> {
    return this.#change(members.map(({ id }) => removeStatement(id)));
  }

  /** A number is never given to another account. */
  stillThere(members: readonly Member[]): Promise<Member[]> {
    return Promise.resolve([...members]);
  }

  putBack(members: readonly Member[]): Promise<void> {
    return this.#change(members.map(({ id }) => addStatement(id)));
  }

  watched(): string[] {
    return [];
  }

  async #change(statements: readonly string[]): Promise<void> {
    await runScript(this.#host.commands, 'The group of administrators could not be changed', statements);
  }
}
