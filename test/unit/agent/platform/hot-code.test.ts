import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import agentNodeFlags from '../../../../installers/agent-node-flags.json' with { type: 'json' };

const hotCode = new URL('../../../../agent/platform/hot-code.ts', import.meta.url);
/** Bit of `%GetOptimizationStatus`: the function runs as a compiler of hot code made it (V8, src/runtime/runtime.h). */
const optimised = 1 << 4;
/** Calls a function until it was compiled as hot, or often enough to know that it will not be. */
const program = `
  import { compileHotCode } from ${JSON.stringify(hotCode.href)};
  const hot = (value) => value + 1;
  const isCompiled = () => (%GetOptimizationStatus(hot) & ${optimised}) !== 0;
  const heat = async (rounds) => {
    for (let round = 0; round < rounds && !isCompiled(); round++) {
      for (let call = 0; call < 100_000; call++) hot(call);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return isCompiled();
  };
  const before = await heat(10);
  compileHotCode();
  console.log(JSON.stringify({ before, after: await heat(10_000) }));
`;

it('an agent compiles nothing as hot until it is told to', () => {
  const args = [...agentNodeFlags, '--allow-natives-syntax', '--input-type=module', '--eval', program];
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd, timeout: 50_000 });
  expect(stderr.toString()).toBe('');
  expect(JSON.parse(stdout.toString())).toEqual({ before: false, after: true });
});
