import { closeSync, openSync, writeSync } from 'node:fs';
import { Zip, ZipDeflate } from 'fflate';

/** A zip that is written entry by entry, so that a class of any size fits. */
export class Archive {
  private readonly descriptor: number;
  private readonly zip: Zip;
  private failure: unknown;

  constructor(file: string) {
    this.descriptor = openSync(file, 'wx', 0o600);
    this.zip = new Zip((error, bytes) => {
      this.failure ??= error ?? undefined;
      for (let at = 0; at < bytes.length; ) at += writeSync(this.descriptor, bytes, at);
    });
  }

  add(name: string, text: string): void {
    const entry = new ZipDeflate(name, { level: 6 });
    this.zip.add(entry);
    entry.push(Buffer.from(text), true);
  }

  /** @throws what went wrong while it was written. */
  end(): void {
    this.zip.end();
    closeSync(this.descriptor);
    if (this.failure !== undefined) throw this.failure;
  }
}
