/**
 * Lets V8 compile hot code from now on. An agent starts without (`--battery-saver-mode`, installers/agent-node-flags.json): at
 * rest and under reports nothing is hot enough to be worth the compilers' memory (docs/decisions/0042). V8 made this mode to
 * be switched while it runs. Does nothing in a process that was started without the flag.
 */
export function compileHotCode(): void {
  process.getBuiltinModule('node:v8').setFlagsFromString('--no-battery-saver-mode');
}
