import type { Commands } from '../../platform/commands.ts';
import type { PostureReaders } from '../collector.ts';
import { macPosture } from './darwin.ts';
import { linuxPosture } from './linux.ts';
import { windowsPosture } from './win32.ts';

/** The facts behind the compliance checks, read afresh at each call; files of Linux below `root`. */
export function postureReaders(platform: 'linux' | 'darwin' | 'win32', commands: Commands, root = '/'): PostureReaders {
  const readers = { linux: linuxPosture, darwin: macPosture, win32: windowsPosture };
  return readers[platform](commands, root);
}
