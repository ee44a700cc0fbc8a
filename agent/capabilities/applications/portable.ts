import type { HostFiles } from '../../platform/host-files.ts';

/** More names than this in all are not followed: whoever fills a folder must not keep the agent busy. */
const limit = 5000;

export interface Found {
  /** Paths without names of people. */
  paths: string[];
  /** Folders that could not be looked into. */
  unreadable: number;
}

/** Files whose path fits a pattern: `~` stands for every home folder, `*` for any characters of one name. */
export async function findPaths(files: HostFiles, patterns: readonly string[]): Promise<Found> {
  const search = new Search(files);
  const paths = new Set<string>();
  for (const pattern of patterns) {
    const steps = pattern.replace(/^~\//, '/home/*/').split('/').slice(1);
    for (const path of await search.below('', steps)) paths.add(withoutNames(path));
  }
  return { paths: [...paths].sort(), unreadable: search.unreadable };
}

/** Folders named after people: homes, and sticks that they have put in. */
export function withoutNames(path: string): string {
  return path.replace(/^\/home\/[^/]+/, '~').replace(/^(\/run)?\/media\/[^/]+/, '$1/media/…');
}

class Search {
  unreadable = 0;
  #left = limit;
  readonly #files: HostFiles;

  constructor(files: HostFiles) {
    this.#files = files;
  }

  async below(folder: string, [step, ...others]: readonly string[]): Promise<string[]> {
    if (step === undefined) return [folder];
    const found: string[] = [];
    for (const name of await this.#names(folder, step)) found.push(...(await this.below(`${folder}/${name}`, others)));
    return found;
  }

  async #names(folder: string, step: string): Promise<string[]> {
    const names = await this.#look(async () => {
      if (step.includes('*')) return (await this.#files.list(folder === '' ? '/' : folder)).filter(fitting(step));
      return (await this.#files.mode(`${folder}/${step}`)) === undefined ? [] : [step];
    });
    const followed = names.slice(0, this.#left);
    this.#left -= followed.length;
    return followed;
  }

  /** People can make folders that nobody can read (links in a circle, file systems of their own). */
  async #look(work: () => Promise<string[]>): Promise<string[]> {
    try {
      return await work();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined && !this.#leadsOut(error)) throw error;
      this.unreadable += 1;
      return [];
    }
  }

  /** Below a trial root, links may lead out of it. */
  #leadsOut(error: unknown): boolean {
    return !this.#files.isHost && error instanceof Error && error.message.includes('leads out of');
  }
}

function fitting(step: string): (name: string) => boolean {
  const form = new RegExp(
    `^${step
      .split('*')
      .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      .join('.*')}$`,
  );
  return (name) => form.test(name) && (step.startsWith('.') || !name.startsWith('.'));
}
