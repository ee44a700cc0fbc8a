import type { CommandResult, Commands } from '../../../../agent/platform/commands.ts';

export const ids = {
  tpm: '{8A5D13D6-7ED9-46C8-A74F-AC3ADF016EC8}',
  first: '{11111111-1111-4111-8111-111111111111}',
  second: '{22222222-2222-4222-8222-222222222222}',
} as const;

/** Each group divides by 11, as those of Windows do. */
export const passwords: Record<string, string> = {
  [ids.first]: '111111-222222-333333-444444-555555-666666-111111-222222',
  [ids.second]: '222222-333333-444444-555555-666666-111111-222222-333333',
};

const words = {
  english: ['Volume', 'All Key Protectors', 'Numerical Password', 'Password'],
  german: ['Volume', 'Alle Schlüsselschutzvorrichtungen', 'Numerisches Kennwort', 'Kennwort'],
  spanish: ['Volumen', 'Todos los protectores de clave', 'Contraseña numérica', 'Contraseña'],
} as const;

/**
 * The layout Microsoft shows for `manage-bde -protectors -get` (Microsoft Managed Desktop, "Access BitLocker recovery
 * keys"); the German and Spanish words are those of Windows' own BitLocker pages. Nothing here has run on a real PC.
 */
export function protectorsGet(
  protectors: ReadonlyMap<string, string>,
  language: keyof typeof words = 'english',
): string {
  const [volume, all, numerical, password] = words[language];
  const blocks = [...protectors].map(([id, type]) =>
    type === 'Tpm'
      ? `    TPM:\r\n      ID: ${id}\r\n      PCR Validation Profile:\r\n        0, 2, 4, 8, 9, 10, 11\r\n`
      : `    ${numerical}:\r\n      ID: ${id}\r\n      ${password}:\r\n        ${passwords[id]}\r\n`,
  );
  return `${volume} C: []\r\n${all}\r\n\r\n${blocks.join('\r\n')}`;
}

/** A PC whose drive answers as the documentation of BitLocker says. */
export class PretendedBitLocker implements Commands {
  readonly protectors = new Map<string, string>();
  volume = 'FullyDecrypted';
  protection = 'Off';
  tpmReady = true;
  language: keyof typeof words = 'english';
  /** Every command line and script. */
  readonly asked: string[] = [];
  /** Answers everything in its place. */
  answer: CommandResult | undefined;
  readonly #unused: string[] = [ids.first, ids.second];

  async run(...[path, args, options]: Parameters<Commands['run']>): Promise<CommandResult> {
    this.asked.push([path, ...args, options?.input ?? ''].join(' '));
    if (this.answer) return this.answer;
    if (path.endsWith('powershell.exe')) return done(this.#json());
    return args[0] === '-on' ? this.#on() : this.#protectors(args.slice(1));
  }

  add(type: string): void {
    const id = type === 'Tpm' ? ids.tpm : this.#unused.shift();
    if (id) this.protectors.set(id, type);
  }

  encrypted(): this {
    this.add('Tpm');
    this.volume = 'FullyEncrypted';
    this.protection = 'On';
    return this;
  }

  #json(): string {
    const protectors = [...this.protectors].map(([id, type]) => ({ id, type }));
    return JSON.stringify({ protection: this.protection, volume: this.volume, protectors, tpmReady: this.tpmReady });
  }

  #on(): CommandResult {
    if (!this.protectors.has(ids.tpm)) return { code: -1, stdout: 'ERROR: 0x8031000A', stderr: '' };
    this.volume = 'EncryptionInProgress';
    return done('Encryption is now in progress.');
  }

  #protectors([verb = '', , ...rest]: readonly string[]): CommandResult {
    if (verb === '-add') this.add(rest[0] === '-TPM' ? 'Tpm' : 'RecoveryPassword');
    if (verb === '-delete') this.protectors.delete(rest[1] ?? '');
    return done(verb === '-delete' ? '' : protectorsGet(this.protectors, this.language));
  }
}

function done(stdout: string): CommandResult {
  return { code: 0, stdout, stderr: '' };
}
