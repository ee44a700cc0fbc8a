import Type from 'typebox';
import { strictObject } from '../schema.ts';
import { type CapabilityDefinition, type SettingOptions, setting } from './keywords.ts';
import { modeSetting } from './mode.ts';

/** What a person needs is given by whoever asks for most of it: no other profile takes it away. */
function help(options: Omit<SettingOptions, 'x-merge'>) {
  return setting({ ...options, 'x-merge': 'most-help' });
}

/** Where a person who needs it starts from; each may change it on the device. */
export const AccessibilitySettings = strictObject({
  mode: Type.Optional(modeSetting()),
  screenReader: Type.Optional(
    Type.Boolean(
      help({ title: 'Screen reader', description: 'Reads aloud what is on the screen (Orca).', 'x-group': 'Seeing' }),
    ),
  ),
  magnification: Type.Optional(
    Type.Number({
      minimum: 1.5,
      maximum: 16,
      ...help({ title: 'Magnifier', description: 'How many times larger than life.', 'x-group': 'Seeing' }),
    }),
  ),
  textScalePercent: Type.Optional(
    Type.Integer({
      minimum: 100,
      maximum: 300,
      ...help({ title: 'Size of text', description: 'Percent of the usual size.', 'x-group': 'Seeing' }),
    }),
  ),
  cursorSize: Type.Optional(
    Type.Integer({
      minimum: 24,
      maximum: 96,
      ...help({ title: 'Size of the pointer', description: 'Pixels; 24 is usual.', 'x-group': 'Seeing' }),
    }),
  ),
  highContrast: Type.Optional(
    Type.Boolean(
      help({ title: 'High contrast', description: 'Strong outlines and colours that differ.', 'x-group': 'Seeing' }),
    ),
  ),
  reduceMotion: Type.Optional(
    Type.Boolean(help({ title: 'No animations', description: 'Windows appear without moving.', 'x-group': 'Seeing' })),
  ),
  visualAlerts: Type.Optional(
    Type.Boolean(
      help({
        title: 'Flash instead of a sound',
        description: 'The screen flashes for an alert.',
        'x-group': 'Hearing',
      }),
    ),
  ),
  stickyKeys: Type.Optional(
    Type.Boolean(
      help({
        title: 'Sticky keys',
        description: 'Shift, Ctrl and Alt are pressed one after the other instead of together.',
        'x-group': 'Typing',
      }),
    ),
  ),
  slowKeysMs: Type.Optional(
    Type.Integer({
      minimum: 100,
      maximum: 2_000,
      ...help({
        title: 'Slow keys',
        description: 'Milliseconds a key must be held before it counts.',
        'x-group': 'Typing',
      }),
    }),
  ),
  bounceKeysMs: Type.Optional(
    Type.Integer({
      minimum: 100,
      maximum: 2_000,
      ...help({
        title: 'Bounce keys',
        description: 'Milliseconds in which a second press of the same key is not counted.',
        'x-group': 'Typing',
      }),
    }),
  ),
  keyRepeatDelayMs: Type.Optional(
    Type.Integer({
      minimum: 250,
      maximum: 5_000,
      ...help({
        title: 'Delay before a key repeats',
        description: 'Milliseconds a key is held before it is typed again; 500 is usual.',
        'x-group': 'Typing',
      }),
    }),
  ),
});
export type AccessibilitySettings = Type.Static<typeof AccessibilitySettings>;

export const accessibility: CapabilityDefinition<typeof AccessibilitySettings> = {
  name: 'accessibility',
  title: 'Accessibility',
  summary: 'Reading aloud, magnifying, slow keys: what a person needs, on whatever device they hold',
  settings: AccessibilitySettings,
  abilities: { linux: 'enforce', win32: 'unsupported', darwin: 'needs-mdm' },
  limits: {
    linux:
      'GNOME (with dconf-cli). These are where a person starts from: nothing is locked, and what a person chose stays theirs. They hold from the next sign-in.',
    win32: 'Windows keeps these with each person; set them there. Rollcall never changes them.',
    darwin: 'Only a configuration profile from MDM can set them for a person. Rollcall never changes them.',
  },
};
