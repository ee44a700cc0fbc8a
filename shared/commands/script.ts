import Type from 'typebox';
import { choice, EpochMs, Sha256, strictObject, text } from '../schema.ts';

const Id = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' });

export const ScriptParameter = strictObject({
  name: Type.String({ pattern: '^[A-Z][A-Z0-9_]{0,39}$' }),
  title: text(120),
  kind: choice(['text', 'number', 'boolean', 'choice']),
  choices: Type.Optional(Type.Array(text(100), { maxItems: 50 })),
  required: Type.Boolean(),
});
export type ScriptParameter = Type.Static<typeof ScriptParameter>;

/** How a script may run; two approvers sign all of it together with the hash of its source. */
export const scriptTerms = {
  name: text(120, { minLength: 1 }),
  description: text(1000),
  platform: choice(['linux', 'darwin', 'win32']),
  interpreter: choice(['sh', 'bash', 'powershell', 'zsh']),
  parameters: Type.Array(ScriptParameter, { maxItems: 20 }),
  timeoutSeconds: Type.Integer({ minimum: 1, maximum: 600 }),
  outputBytes: Type.Integer({ minimum: 0, maximum: 65_536 }),
};

/** The text by which a script becomes one that devices run. */
export const Publication = strictObject({
  format: Type.Literal(1),
  kind: Type.Literal('script'),
  audience: Sha256,
  scriptId: Id,
  revision: Type.Integer({ minimum: 1 }),
  /** Of the source's UTF-8 bytes. */
  hash: Sha256,
  ...scriptTerms,
  roster: Type.Integer({ minimum: 1 }),
  issuedAt: EpochMs,
  /** A script nobody has looked at for so long is reviewed again. */
  expiresAt: EpochMs,
});
export type Publication = Type.Static<typeof Publication>;

/** Names that mean something to a shell or a loader are never given to a script. */
const reserved = new RegExp(
  `^(${[
    'PATH|HOME|IFS|ENV|SHELL|USER|LOGNAME|LANG|PS\\d|TMPDIR|TEMP|TMP|CDPATH|FPATH|MODULE_PATH|ZDOTDIR|SHELLOPTS|GLOBIGNORE',
    'PROMPT_COMMAND|PAGER|EDITOR|VISUAL|BROWSER|OPENSSL_CONF|HOSTALIASES|LOCALDOMAIN|RES_OPTIONS|GLIBC_TUNABLES|GCONV_PATH',
    'LOCPATH|NLSPATH|TZDIR|TERMINFO|ROLLCALL_RUN|PATHEXT|COMSPEC|WINDIR|SYSTEMROOT|SYSTEMDRIVE|PSMODULEPATH|APPDATA|PROGRAMDATA',
    '(HTTPS?|FTP|ALL|NO)_PROXY|(BASH|LD_|DYLD_|LC_|NODE_|PYTHON|PERL|RUBY|JAVA_|JDK_|MALLOC_|GIT_|SSL_|CURL_|XDG_|DBUS_|SUDO_).*',
    '(COR|CORECLR|DOTNET|COMPLUS)_.*|_JAVA_OPTIONS|SYSTEMD_.*|APT_CONFIG|DEBIAN_FRONTEND|DPKG_.*',
  ].join('|')})$`,
);

export function isReservedName(name: string): boolean {
  return reserved.test(name);
}

type Values = Readonly<Record<string, string | number | boolean>>;

/** What does not fit the declared parameters, in words; undefined: all does. */
export function problemOfParameters(parameters: readonly ScriptParameter[], values: Values): string | undefined {
  const known = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  const unknown = Object.keys(values).find((name) => !known.has(name));
  if (unknown !== undefined) return `The script has no parameter ${unknown}.`;
  for (const parameter of parameters) {
    const value = values[parameter.name];
    if (value === undefined ? parameter.required : !fits(parameter, value))
      return `The parameter ${parameter.name} must be ${expected(parameter)}.`;
  }
  return undefined;
}

function fits({ kind, choices = [] }: ScriptParameter, value: string | number | boolean): boolean {
  if (kind === 'choice') return typeof value === 'string' && choices.includes(value);
  if (kind === 'text') return typeof value === 'string' && !value.includes('\0');
  return typeof value === kind;
}

function expected({ kind, choices = [] }: ScriptParameter): string {
  if (kind === 'choice') return `one of ${choices.join(', ')}`;
  if (kind === 'boolean') return 'true or false';
  return kind === 'number' ? 'a number' : 'a text';
}
