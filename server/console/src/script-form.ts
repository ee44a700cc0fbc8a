import type { ScriptContent, ScriptView } from '../../../shared/api/schemas.ts';
import type { Action } from '../../../shared/commands/action.ts';

type Parameter = ScriptContent['parameters'][number];
/** By the parameter's name; undefined: nothing was written. */
export type ParameterValues = Readonly<Record<string, string | number | boolean | undefined>>;

/** What the parameters of a script are before anything is written. */
export function startValues(parameters: readonly Parameter[]): ParameterValues {
  return Object.fromEntries(parameters.flatMap(({ name, kind }) => (kind === 'boolean' ? [[name, false]] : [])));
}

/** What is wrong with the value of a parameter, in words. */
export function parameterProblem({ required, kind, choices = [] }: Parameter, value: ParameterValues[string]) {
  if (value === undefined) return required ? 'It must be given.' : undefined;
  return kind === 'choice' && !choices.includes(String(value)) ? 'It is none of the choices.' : undefined;
}

/** Running the script as it was published; undefined while a parameter is missing. */
export function scriptAction({ id, content, published }: ScriptView, values: ParameterValues): Action | undefined {
  if (published === null) return undefined;
  if (content.parameters.some((parameter) => parameterProblem(parameter, values[parameter.name]) !== undefined))
    return undefined;
  const given = Object.entries(values).filter(
    (entry): entry is [string, string | number | boolean] => entry[1] !== undefined,
  );
  return {
    ...{ kind: 'run-script', scriptId: id, revision: published.revision, hash: published.hash },
    parameters: Object.fromEntries(given),
  };
}

const parameterName = /^[A-Z][A-Z0-9_]{0,39}$/;

/** Everything the server would refuse, in words with the place. */
export function scriptProblems({ name, source, parameters, timeoutSeconds, outputBytes }: ScriptContent): string[] {
  const names = parameters.map((one) => one.name);
  return [
    ...(name.trim() === '' ? ['Name: Give the script a name.'] : []),
    ...(source.trim() === '' ? ['Script: Write what runs.'] : []),
    ...parameters.flatMap((parameter, place) => {
      const problem = nameProblem(parameter, names);
      return problem === undefined ? [] : [`Parameter ${place + 1}: ${problem}`];
    }),
    ...(isWhole(timeoutSeconds, 1, 600) ? [] : ['Time limit: Between 1 and 600 seconds.']),
    ...(isWhole(outputBytes, 0, 65_536) ? [] : ['Output: Between 0 and 65,536 bytes.']),
  ];
}

function nameProblem({ name, kind, choices = [] }: Parameter, names: readonly string[]): string | undefined {
  if (!parameterName.test(name)) return 'Its name is of capitals, figures and underscores, such as DAYS.';
  if (names.indexOf(name) !== names.lastIndexOf(name)) return `${name} is there twice.`;
  return kind === 'choice' && choices.length === 0 ? `Say what can be chosen for ${name}.` : undefined;
}

const isWhole = (number: number, least: number, most: number) =>
  Number.isInteger(number) && number >= least && number <= most;

/** A script before anything is written. */
export const blankScript: ScriptContent = {
  ...{ name: '', description: '', platform: 'linux', interpreter: 'sh', source: '', parameters: [] },
  ...{ timeoutSeconds: 60, outputBytes: 8192 },
};

export const interpretersOf = {
  linux: ['sh', 'bash'],
  darwin: ['zsh', 'sh', 'bash'],
  win32: ['powershell'],
} as const satisfies Record<ScriptContent['platform'], readonly ScriptContent['interpreter'][]>;
