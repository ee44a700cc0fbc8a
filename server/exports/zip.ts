import { ZipFile } from 'yazl';

/** A zip of these files in their order, all dated alike: the same files give the same bytes. */
export async function zipBytes(files: readonly { name: string; bytes: Uint8Array }[], at: number): Promise<Uint8Array> {
  const zip = new ZipFile();
  for (const { name, bytes } of files)
    zip.addBuffer(Buffer.from(bytes), name, { mtime: new Date(at), mode: 0o100644, forceDosTimestamp: true });
  zip.end();
  const parts: Uint8Array[] = [];
  for await (const part of zip.outputStream) parts.push(part as Uint8Array);
  return Buffer.concat(parts);
}
