/**
 * Nobody is spied on with this product: there is no code that could, and these rules keep it so. What is forbidden is listed
 * by the way it would be done: packages, programs and files of the systems, programming interfaces, and what routes, messages,
 * logs and names in the code may be called. Prose may speak of it (“no camera is ever used”).
 */
interface Forbidden {
  what: string;
  /** Packages, as they are imported. */
  packages: RegExp;
  /** Programs, devices and interfaces, wherever they stand in the code. */
  traces: RegExp;
  /** In a name of the code, a route, a code or a log line. */
  words: RegExp;
}

/** A name of a program where a path or a text ends with it, or where arguments follow. */
const program = (names: string) => `(?<=['"\`/\\\\])(?:${names})(?:\\.exe)?(?=['"\`\\s])`;

export const forbidden: readonly Forbidden[] = [
  {
    what: 'cameras',
    packages: /^(?:node-webcam|opencv4nodejs|.*webcam.*|v4l2camera|pi-camera|raspicam)$/,
    traces: new RegExp(
      [
        ...['/dev/video\\d?', 'getUserMedia', 'enumerateDevices', 'ImageCapture\\b', 'mediaDevices', 'AVCapture\\w+'],
        ...['Windows\\.Media\\.Capture', 'capCreateCaptureWindow', 'v4l2src', 'org\\.freedesktop\\.portal\\.Camera'],
        program('fswebcam|imagesnap|v4l2-ctl|guvcview|ffmpeg|gst-launch-1\\.0|avconv'),
      ].join('|'),
    ),
    words: /camera|webcam|facetime/i,
  },
  {
    what: 'microphones',
    packages: /^(?:mic|node-record-lpcm16|naudiodon\d?|node-audiorecorder|portaudio|speaker-recorder|.*microphone.*)$/,
    traces: new RegExp(
      [
        ...[
          '/dev/(?:dsp|snd)\\b',
          'MediaRecorder\\b',
          'SpeechRecognition\\b',
          'AVAudioRecorder',
          'waveInOpen',
          'mciSendString',
        ],
        program('arecord|parecord|parec|pw-record|pw-cat|sox|ffmpeg'),
      ].join('|'),
    ),
    words: /microphone|eavesdrop|audio_?(?:capture|record)|voice_?record/i,
  },
  {
    what: 'keystrokes',
    packages:
      /^(?:iohook(?:-.*)?|uiohook-napi|node-global-key-listener|gkm|keypress-logger|.*keylogger.*|robotjs|@nut-tree.*)$/,
    traces: new RegExp(
      [
        ...[
          '/dev/(?:input|uinput)',
          'SetWindowsHookEx',
          'Get(?:Async)?KeyState',
          'RegisterRawInputDevices',
          'CGEventTap\\w*',
        ],
        ...[
          'addGlobalMonitorForEvents',
          'XRecord\\w+',
          'IOHIDManager',
          'org\\.freedesktop\\.portal\\.(?:RemoteDesktop|InputCapture)',
        ],
        program('logkeys|showkey|evtest|xinput|libinput|xdotool|ydotool|wtype|xev'),
      ].join('|'),
    ),
    words: /key_?log|key_?stroke|key_?capture|typed_?keys/i,
  },
  {
    what: 'pictures of the screen',
    packages:
      /^(?:screenshot-desktop|desktop-screenshot|node-screenshots|robotjs|.*screen-?(?:shot|capture).*|rfb2|.*novnc.*)$/,
    traces: new RegExp(
      [
        ...['getDisplayMedia', 'desktopCapturer', 'captureStream\\(', 'CopyFromScreen', 'BitBlt\\b', 'PrintWindow\\b'],
        ...['CGDisplayCreateImage', 'CGWindowListCreateImage', 'ScreenCaptureKit', 'SCStream\\b', '/dev/fb\\d'],
        ...[
          'org\\.freedesktop\\.portal\\.(?:ScreenCast|Screenshot)',
          'org\\.gnome\\.Shell\\.Screenshot',
          'Windows\\.Graphics\\.Capture',
        ],
        program('screencapture|gnome-screenshot|scrot|grim|maim|flameshot|xwd|x11vnc|wayvnc|vncserver|wf-recorder'),
      ].join('|'),
    ),
    words: /screen_?shot|screen_?(?:capture|record|cast|grab)|remote_?desktop/i,
  },
  {
    what: 'the browsing history',
    packages: /^(?:node-browser-history|.*browser-history.*|chrome-cookies.*|chrome-remote-interface)$/,
    traces: new RegExp(
      [
        ...[
          'places\\.sqlite',
          'formhistory\\.sqlite',
          'cookies\\.sqlite',
          'logins\\.json',
          'key4\\.db',
          'WebCacheV\\d+',
          'History\\.db',
        ],
        ...[
          '(?:Default|Profile \\d+|Profile)[\\\\/]{1,2}(?:History|Cookies|Login Data|Web Data|Bookmarks|Sessions)',
          'chrome\\.history',
        ],
        ...[
          'recently-used\\.xbel',
          '\\.(?:bash|zsh|python)_history',
          'ConsoleHost_history',
          'TypedURLs',
          '--remote-debugging-p(?:ort|ipe)',
        ],
      ].join('|'),
    ),
    words: /brows(?:er|ing)_?history|visited_?(?:sites|urls|pages)|surf_?(?:log|history)/i,
  },
  {
    what: 'the clipboard',
    packages: /^(?:clipboardy|clipboard-event|copy-paste|.*clipboard-(?:listener|watcher).*)$/,
    traces: new RegExp(
      [
        ...[
          'clipboard\\s*\\.\\s*read(?:Text)?\\b',
          'Get-Clipboard',
          'GetClipboardData',
          'OpenClipboard',
          'NSPasteboard',
          'AddClipboardFormatListener',
        ],
        program('xclip|xsel|wl-paste|pbpaste'),
      ].join('|'),
    ),
    words: /clipboard_?(?:read|history|watch|capture|contents?)|pasteboard/i,
  },
  {
    what: 'where somebody is',
    packages: /^(?:geoip-lite|maxmind|@maxmind\/.*|node-geocoder|.*geolocat.*|wifi-location.*)$/,
    traces: new RegExp(
      [
        ...[
          'navigator\\s*\\.\\s*geolocation',
          'CLLocationManager',
          'CoreLocation',
          'GeoCoordinateWatcher',
          'Windows\\.Devices\\.Geolocation',
        ],
        ...[
          'org\\.freedesktop\\.(?:GeoClue2|portal\\.Location)',
          'location\\.services\\.mozilla',
          'googleapis\\.com/geolocation',
        ],
        program('whereami|CoreLocationCLI|geoclue'),
      ].join('|'),
    ),
    words: /geo_?(?:locat|coord|fence|track)|latitude|longitude|\bgps\b/i,
  },
];

const bound = /^(?:agent|server|shared)\//;
/** Pages show sentences as they are, so what they call things is not looked at there. */
const isPage = (file: string) => file.endsWith('.tsx');

/** What of a file breaks the rules, in words. */
export function captures(file: string, source: string, imported: readonly string[]): string[] {
  if (!bound.test(file)) return [];
  const code = withoutComments(source);
  const named = isPage(file) ? '' : `${namesIn(code)} ${logged(code)} ${file}`.replaceAll('-', '_');
  return forbidden.flatMap(({ what, packages, traces, words }) => {
    const brought = imported.find((specifier) => packages.test(specifier));
    const found = brought ?? traces.exec(code)?.[0] ?? words.exec(named)?.[0];
    return found === undefined ? [] : [`${file}: nothing here may look at ${what} (${found})`];
  });
}

/** What of a value is a name: of its properties, and of what it may be. Words of a contract, not its descriptions. */
export function contractNames(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(contractNames);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    const said = ['const', 'path', 'type'].includes(name) && typeof item === 'string' ? [item] : [];
    const choices = name === 'enum' && Array.isArray(item) ? item.map(String) : [];
    return [name, ...said, ...choices, ...contractNames(item)];
  });
}

/** The forbidden capability a name of a contract speaks of. */
export function capability(name: string): string | undefined {
  return forbidden.find(({ words }) => words.test(name.replaceAll('-', '_')))?.what;
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

/** The code without its sentences: a text that holds a blank is one. */
function namesIn(code: string): string {
  return code.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, (text) =>
    /\s/.test(text) ? '' : text,
  );
}

/** What is written to logs and events, sentences too. */
function logged(code: string): string {
  return [
    ...code.matchAll(/\b(?:log\.(?:debug|info|warn|error)|events\.add|openFinding|emit)\([\s\S]{0,400}?\);/g),
  ].join(' ');
}
