import type { Health } from '../../protocol/health.ts';
import type { ProbeResult } from '../probe.ts';
import { bytesWords, counted, percentWords } from './measures.ts';
import { bad, ok, type Seen, unknown, warn } from './result.ts';

export interface VolumeFacts {
  mount: string;
  sizeBytes: number;
  /** What an ordinary program may still write. */
  freeBytes: number;
  /** Places for files; absent where the file system makes them as they are needed. */
  files?: { total: number; free: number };
}

export interface DiskSpaceFacts {
  volumes: VolumeFacts[];
  /** What takes the room, by kind and never by name; only looked at when there is little. */
  takenBy: { kind: string; bytes: number }[];
}

const gigabyte = 1e9;
const worthNaming = 0.02;

/** How tight it is: of a large disk a small share is still much. */
export function tightness({ sizeBytes, freeBytes, files }: VolumeFacts): 'full' | 'low' | 'enough' {
  const share = freeBytes / Math.max(1, sizeBytes);
  const fileShare = files && files.total > 0 ? files.free / files.total : 1;
  if (share <= 0.005 || fileShare <= 0.01 || (share <= 0.05 && freeBytes < 2 * gigabyte)) return 'full';
  if (fileShare <= 0.05 || (share <= 0.1 && freeBytes < 10 * gigabyte)) return 'low';
  return 'enough';
}

/** Room for files, and places for them. */
export function judgeDiskSpace({ volumes, takenBy }: DiskSpaceFacts): ProbeResult {
  if (volumes.length === 0) return unknown('disk-space', 'The system does not tell how full its disks are.');
  const seen: Seen = Object.fromEntries([
    ...volumes.map((volume) => [volume.mount, freeWords(volume)]),
    ...takenBy.map(({ kind, bytes }) => [`taken by ${kind}`, bytesWords(bytes)]),
  ]);
  const worst = volumes.find((volume) => tightness(volume) === 'full') ?? volumes.find((v) => tightness(v) === 'low');
  if (!worst) return ok('disk-space', 'There is room on the disk.', seen);
  const { files, mount } = worst;
  if (files && files.free / Math.max(1, files.total) <= 0.05 && worst.freeBytes / worst.sizeBytes > 0.05)
    return judged(worst)(
      'disk-space',
      `The disk at ${mount} has room, but no more places for files: ${counted(files.free, 'place')} of ${files.total} are free.`,
      seen,
      'Some program has made very many small files: look for its cache and empty it.',
    );
  const most = takenBy.filter(({ bytes }) => bytes >= worst.sizeBytes * worthNaming).slice(0, 3);
  const by = most.map(({ kind, bytes }) => `${kind} (${bytesWords(bytes)})`).join(', ');
  const words = `${tightness(worst) === 'full' ? 'The disk is full' : 'The disk is nearly full'}: ${freeWords(worst)} at ${mount}.`;
  return judged(worst)(
    'disk-space',
    by === '' ? words : `${words} Most is taken by ${by}.`,
    seen,
    most[0]
      ? `Make room, first in: ${most[0].kind}. Empty the bin afterwards.`
      : 'Make room: downloads, the bin and caches first.',
  );
}

const judged = (volume: VolumeFacts) => (tightness(volume) === 'full' ? bad : warn);

function freeWords({ sizeBytes, freeBytes, files }: VolumeFacts): string {
  const places =
    files && files.total > 0 ? `, ${percentWords((100 * files.free) / files.total)} of the places for files` : '';
  return `${bytesWords(freeBytes)} of ${bytesWords(sizeBytes)} free${places}`;
}

export interface DiskHealthFacts {
  drives: NonNullable<Health['disks']>['drives'];
  /** Errors the file systems have counted; undefined: they do not count. */
  fileSystemErrors: number | undefined;
  /** File systems of the device that the kernel made read-only. */
  readOnly: string[];
}

const wornPercent = 90;

/** What the drives say of themselves, and what the file systems have noticed. */
export function judgeDiskHealth({ drives, fileSystemErrors = 0, readOnly }: DiskHealthFacts): ProbeResult {
  const seen: Seen = {
    ...Object.fromEntries(drives.map((drive) => [drive.name, driveWords(drive)])),
    'errors of the file system': fileSystemErrors > 0 ? String(fileSystemErrors) : undefined,
    'read-only': readOnly.length > 0 ? readOnly.join(', ') : undefined,
  };
  const replace = 'Save what matters at once and have the disk replaced.';
  const failing = drives.find(({ smart }) => smart === 'failing');
  if (failing) return bad('disk-health', `The disk ${failing.name} says that it is about to fail.`, seen, replace);
  if (readOnly.length > 0 && fileSystemErrors > 0)
    return bad('disk-health', 'After errors the disk can only be read: nothing is saved any more.', seen, replace);
  if (fileSystemErrors > 0)
    return warn(
      'disk-health',
      `The file system has met ${counted(fileSystemErrors, 'error')}.`,
      seen,
      'Let the file system be checked at the next start, and save what matters before.',
    );
  const worn = drives.find(({ wearPercent = 0 }) => wearPercent >= wornPercent);
  if (worn) return warn('disk-health', `The disk ${worn.name} is nearly worn out.`, seen, 'Plan for another disk.');
  if (!drives.some(({ smart }) => smart === 'ok'))
    return unknown('disk-health', 'The disks do not tell how healthy they are.', seen);
  return ok('disk-health', 'The disks report no trouble.', seen);
}

function driveWords({ smart, wearPercent, celsius }: DiskHealthFacts['drives'][number]): string {
  const said = { ok: 'says it is well', failing: 'says it is failing', unknown: 'says nothing of its health' }[smart];
  const wear = wearPercent === undefined ? '' : `, ${percentWords(wearPercent)} worn`;
  return `${said}${wear}${celsius === undefined ? '' : `, ${Math.round(celsius)} °C`}`;
}
