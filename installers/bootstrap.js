// Makes `npm start`, `npm test` and every other script work on a fresh clone with any Node >= 20.
// Plain JavaScript without dependencies, because it runs before anything is installed.
// When nothing changed since the last set-up it only compares two hashes.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.rollcall-setup.json');
const windows = process.platform === 'win32';

/** The pinned Node 24 that npm installed for this platform; undefined where no package exists for it. */
export function pinnedNode() {
  const arch = process.arch;
  const names = [`node-${process.platform}-${arch}`, `node-bin-${process.platform}-${arch}`, `node-win-${arch}`];
  for (const name of names) {
    const path = join(modules, name, 'bin', windows ? 'node.exe' : 'node');
    if (existsSync(path)) return path;
  }
  return Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : undefined;
}

/** Stops with one sentence a newcomer can act on. */
export function fail(sentence) {
  console.error(`rollcall: ${sentence}`);
  process.exit(1);
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(path).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

function filesBelow(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .filter((path) => !path.includes('console/dist/'))
    .sort();
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return {};
    throw error;
  }
}

function writeStamp(change) {
  writeFileSync(stampFile, JSON.stringify({ ...readStamp(), ...change }));
}

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (result.error) fail(`could not run ${command}: ${result.error.message}`);
  if (result.status !== 0) fail(`${command} ${args.join(' ')} ended with exit code ${result.status}`);
}

function installPackages() {
  const lock = hashOf(['package-lock.json']);
  if (readStamp().lock === lock && pinnedNode()) return;
  console.error('rollcall: installing packages (first run, or package-lock.json changed); this takes a minute or two');
  const npm = process.env.npm_execpath;
  const args = [
    'ci',
    '--ignore-scripts',
    '--include=optional',
    '--include=dev',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  if (npm) run(process.execPath, [npm, ...args]);
  else run(windows ? 'npm.cmd' : 'npm', args, { shell: windows });
  if (!pinnedNode())
    fail(`no Node 24 package exists for ${process.platform}-${process.arch}; install Node 24 and try again`);
  writeStamp({ lock });
}

/** `npx rollcall` and `npx rollcall-agent` work in the checkout itself, not only where the package is installed. */
function linkCommands() {
  for (const name of ['rollcall', 'rollcall-agent']) {
    const link = join(modules, '.bin', name);
    if (existsSync(link)) continue;
    mkdirSync(join(modules, '.bin'), { recursive: true });
    rmSync(link, { force: true });
    if (windows) writeFileSync(`${link}.cmd`, `@node "%~dp0\\..\\..\\installers\\bin\\${name}.js" %*\r\n`);
    else symlinkSync(join('..', '..', 'installers', 'bin', `${name}.js`), link);
  }
}

function buildConsole() {
  const sources = [...filesBelow('server/console'), ...filesBelow('shared'), 'package-lock.json'];
  const console_ = hashOf(sources);
  if (readStamp().console === console_ && existsSync(join(root, 'server/console/dist/index.html'))) return;
  console.error('rollcall: building the console');
  run(pinnedNode(), [join(modules, 'vite/bin/vite.js'), 'build', '--logLevel', 'warn', 'server/console']);
  writeStamp({ console: console_ });
}

/**
 * System packages the tests use, installed when this may be done (root and apt), and otherwise named. Programs alone: none of
 * them starts a service or sets anything on this machine.
 */
const systemPackages = [
  { command: 'chromium', package: 'chromium', for: 'browser tests' },
  { command: 'dig', package: 'dnsutils', for: 'resolver tests' },
  { command: 'openssl', package: 'openssl', for: 'TLS tests' },
  { command: 'nft', package: 'nftables', for: 'firewall tests' },
  { command: 'ip', package: 'iproute2', for: 'tests in network namespaces' },
  { command: 'modprobe', package: 'kmod', for: 'USB storage tests' },
  { command: 'dconf', package: 'dconf-cli', for: 'screen lock and accessibility tests' },
  { command: 'cryptsetup', package: 'cryptsetup-bin', for: 'disk encryption tests' },
];

/** Packages that would change this machine: they are only fetched, and tests install them on hosts of their own. */
const fetchedPackages = [{ command: 'ufw', package: 'ufw', for: 'tests of the firewall through ufw' }];

function onPath(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, command)));
}

function fetchPackages() {
  for (const tool of fetchedPackages.filter(({ command }) => !onPath(command))) {
    const folder = join(modules, '.cache/packages', tool.package);
    if (existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.deb'))) continue;
    mkdirSync(join(folder, 'partial'), { recursive: true });
    const args = ['install', '-y', '-qq', '--no-install-recommends', '--download-only'];
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const whole = [...args, '-o', `Dir::Cache::archives=${folder}`, tool.package];
    const fetch = () => spawnSync('apt-get', whole, { stdio: 'ignore', env }).status === 0;
    const update = () => spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env }).status === 0;
    if (!fetch() && !(update() && fetch()))
      console.error(`rollcall: apt-get could not fetch ${tool.package}; ${tool.for} will be skipped`);
  }
}

function installSystemPackages() {
  installPrograms();
  if (process.getuid?.() === 0 && onPath('apt-get')) fetchPackages();
}

function installPrograms() {
  const missing = systemPackages.filter((tool) => !onPath(tool.command));
  if (missing.length === 0) return;
  const mayInstall = process.getuid?.() === 0 && onPath('apt-get');
  if (!mayInstall) {
    for (const tool of missing) console.error(`rollcall: ${tool.command} is missing: ${tool.for} will be skipped`);
    return;
  }
  const names = missing.map((tool) => tool.package);
  console.error(`rollcall: installing ${names.join(', ')} for the tests`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env });
  const done = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], {
    stdio: 'ignore',
    env,
  });
  if (done.status !== 0)
    console.error(`rollcall: apt-get could not install ${names.join(', ')}; tests that need them are skipped`);
}

/**
 * Runs the pinned Node with these arguments, passing signals on, and ends with its exit code. `env` is set beside what is in
 * `environment`, and over it.
 */
export function runPinned(args, env = {}, environment = process.env) {
  const node = pinnedNode();
  if (!node) fail('set-up has not run here: run `npm start` or `npm test` once');
  const path = [join(modules, '.bin'), process.env.PATH].join(delimiter);
  // Types stripped once: the stripper costs each process 25 MB and a part of a second (docs/decisions/0009).
  const cache = { NODE_COMPILE_CACHE: join(modules, '.cache', 'node') };
  const child = spawn(node, args, { stdio: 'inherit', env: { ...cache, ...environment, PATH: path, ...env } });
  const forward = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => forward(signal));
  child.on('error', (error) => fail(`could not start ${node}: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}

const tasks = {
  start: (args) => {
    buildConsole();
    runPinned([join(root, 'installers/start.ts'), ...args]);
  },
  test: (args) => {
    installSystemPackages();
    buildConsole();
    runPinned([join(modules, 'vitest/vitest.mjs'), 'run', ...args]);
  },
  'test:long': (args) => {
    installSystemPackages();
    buildConsole();
    runPinned([join(modules, 'vitest/vitest.mjs'), 'run', ...args], { ROLLCALL_LONG: '1' });
  },
  check: (args) => runPinned([join(root, 'installers/check.js'), ...args]),
  docs: () => runPinned([join(root, 'installers/generate-api-docs.ts')]),
  bench: (args) => runPinned([join(root, 'test/bench/main.ts'), ...args]),
  setup: () => buildConsole(),
};

function main() {
  if (Number(process.versions.node.split('.')[0]) < 20)
    fail(`Node ${process.versions.node} is too old: Node 20 or newer is needed`);
  const [name, ...args] = process.argv.slice(2);
  const task = tasks[name];
  if (!task) fail(`no task called ${name}; there are ${Object.keys(tasks).join(', ')}`);
  process.chdir(root);
  installPackages();
  linkCommands();
  task(args);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
