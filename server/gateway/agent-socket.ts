import type { RawData } from 'ws';

/** What the gateway needs of a device's WebSocket, and no more. A `ws` WebSocket is one. */
export interface AgentSocket {
  /** Bytes handed to `send` that the kernel has not taken yet. */
  readonly bufferedAmount: number;
  /** `done` is called once: when the kernel has the frame, or with an error when it never will. */
  send(frame: string | Buffer, options: { binary: false }, done?: (error?: Error) => void): void;
  /** Starts the closing handshake; the peer may take its time. */
  close(code: number, reason: string): void;
  /** Cuts the connection off. */
  terminate(): void;
  /** Nothing is read from the peer until `resume`. */
  pause(): void;
  resume(): void;
  on(event: 'message', heard: (frame: RawData, isBinary: boolean) => void): unknown;
  on(event: 'ping' | 'close', heard: () => void): unknown;
}

/** Whoever takes over the sockets of devices whose certificate was accepted; `address` is the one they come from. */
export interface SocketTaker<Identity> {
  open(socket: AgentSocket, identity: Identity, address: string | undefined): void;
}
