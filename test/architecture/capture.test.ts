import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { routes } from '../../shared/api/routes.ts';
import { actionKinds } from '../../shared/commands/action.ts';
import { probeNames } from '../../shared/diagnostics/probe.ts';
import { streamKinds } from '../../shared/diagnostics/streams.ts';
import { messages } from '../../shared/protocol/messages.ts';
import { capability, contractNames, forbidden } from './capture-rules.ts';
import { violations } from './rules.ts';

const found = (file: string, source: string) => violations(file, source, (specifier) => specifier).join('\n');
const root = fileURLToPath(new URL('../..', import.meta.url));

describe('nobody can be spied on with this product', () => {
  it('by what it depends on', () => {
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
    const names = Object.keys({ ...dependencies, ...optionalDependencies });
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => forbidden.some(({ packages }) => packages.test(name)))).toEqual([]);
  });

  const contracts: [string, unknown][] = [
    ['its routes', routes],
    ['the messages of its protocol', messages],
    ['its streams, actions and probes', { enum: [...streamKinds, ...actionKinds, ...probeNames] }],
  ];
  it.each(contracts)('by %s', (_, contract) => {
    const names = [...new Set(contractNames(contract))];
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => capability(name) !== undefined)).toEqual([]);
  });

  it('and a contract that could would be noticed', () => {
    const route = { takeScreenshot: { method: 'POST', path: '/api/devices/:id/screen-capture' } };
    const stream = { kind: { const: 'webcam' }, fields: { enum: ['keystrokes', 'ok'] } };
    expect(contractNames([route, stream]).filter((name) => capability(name))).toEqual([
      ...['takeScreenshot', '/api/devices/:id/screen-capture', 'webcam', 'keystrokes'],
    ]);
  });

  const broken: [string, string, string, RegExp][] = [
    ['a package for cameras', 'agent/health/disks.ts', "import cam from 'node-webcam';", /cameras/],
    ['a program for cameras', 'agent/x.ts', "commands.run('/usr/bin/fswebcam', []);", /cameras/],
    ['the device of a camera', 'agent/x.ts', "open('/dev/video0')", /cameras/],
    [
      'a page that asks for the camera',
      'server/console/src/x.tsx',
      'navigator.mediaDevices.getUserMedia({})',
      /cameras/,
    ],
    ['recording sound', 'agent/x.ts', "commands.run('/usr/bin/arecord', ['-d', '5'])", /microphones/],
    [
      'a stream of sound',
      'shared/diagnostics/streams.ts',
      "export const kinds = ['microphone'] as const;",
      /microphones/,
    ],
    ['keys of Linux', 'agent/x.ts', 'files.text(`/dev/input/event0`)', /keystrokes/],
    ['keys of Windows', 'agent/x.ts', "const script = 'user32 GetAsyncKeyState';", /keystrokes/],
    ['a package for keys', 'agent/x.ts', "const { default: k } = await import('uiohook-napi');", /keystrokes/],
    ['a log of keys', 'agent/x.ts', "log.info({}, 'A keystroke was seen.');", /keystrokes/],
    ['a picture of a Mac’s screen', 'agent/x.ts', "run('/usr/sbin/screencapture', ['-x'])", /screen/],
    ['a picture of a Linux screen', 'agent/x.ts', "call('org.gnome.Shell.Screenshot')", /screen/],
    ['a picture of a Windows screen', 'agent/x.ts', "const s = '$g.CopyFromScreen(0,0)';", /screen/],
    [
      'a route for pictures of the screen',
      'shared/api/routes/x.ts',
      "route('GET', '/api/devices/:id/screenshot', {})",
      /screen/,
    ],
    ['a file for it', 'agent/diagnostics/screen-recording.ts', '', /screen/],
    ['a message for it', 'shared/protocol/messages.ts', 'export const ScreenCapture = strictObject({});', /screen/],
    ['Firefox’s history', 'agent/x.ts', "join(home, 'places.sqlite')", /browsing history/],
    ['Chrome’s history', 'agent/x.ts', "join(home, '.config/google-chrome/Default/History')", /browsing history/],
    ['Chrome’s history on Windows', 'agent/x.ts', "'User Data\\\\Default\\\\History'", /browsing history/],
    ['a shell’s history', 'agent/x.ts', "files.read('/home/x/.bash_history')", /browsing history/],
    ['an event of visited sites', 'server/x.ts', "events.add({ code: 'visited-sites' });", /browsing history/],
    ['the clipboard of a page', 'server/console/src/x.tsx', 'await navigator.clipboard.readText()', /clipboard/],
    ['the clipboard of Linux', 'agent/x.ts', "run('/usr/bin/wl-paste', [])", /clipboard/],
    ['the place of a page', 'server/console/src/x.tsx', 'navigator.geolocation.watchPosition(f)', /where somebody is/],
    ['the place of a Mac', 'agent/x.ts', "run('/usr/local/bin/CoreLocationCLI', [])", /where somebody is/],
    [
      'coordinates in a report',
      'shared/protocol/health.ts',
      'strictObject({ latitude: Type.Number() })',
      /where somebody is/,
    ],
  ];
  it.each(broken)('with %s', (_, file, source, expected) => {
    expect(found(file, source)).toMatch(expected);
  });

  const allowed: [string, string, string][] = [
    ['a promise to people', 'agent/pages/words/en.ts', "const never = ['the camera and the microphone'];"],
    ['a comment', 'agent/x.ts', '/** Never a screenshot. */\nconst a = 1;\n// no keystrokes\n'],
    ['copying to the clipboard', 'server/console/src/x.tsx', 'await navigator.clipboard.writeText(code)'],
    ['an import of a module', 'agent/x.ts', "import { a } from './a.ts';\nconst b = await import('./b.ts');"],
    ['the history of a device', 'shared/api/routes/history.ts', "route('GET', '/api/devices/:id/history', {})"],
    ['tests', 'test/e2e/x.ts', 'await page.screenshot()'],
  ];
  it.each(allowed)('but %s is allowed', (_, file, source) => {
    expect(found(file, source)).toBe('');
  });
});
