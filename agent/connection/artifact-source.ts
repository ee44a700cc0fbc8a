/** Large things by their SHA-256, such as compiled lists. */
export interface ArtifactSource {
  /**
   * The bytes, already checked against the hash: from the device's own disk when they are there, else from the server.
   * Undefined when they cannot be had now; ask again later.
   */
  get(hash: string): Promise<Uint8Array | undefined>;
}
