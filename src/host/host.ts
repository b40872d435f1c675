/**
 * @file Host: a machine on which other programs are started for Holdfast, this one or one behind ssh. Files, processes and ports, nothing else:
 * it refuses to know what the programs do. Every path given to a host is a path on that host.
 */

/** What a command ended with. Text is decoded as UTF-8; `code` is null when a signal ended it. */
export interface CommandResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CommandOptions {
  /** Added to the host's own environment. */
  readonly env?: Readonly<Record<string, string>>
  readonly directory?: string
  readonly input?: string
  /** Default: none. */
  readonly timeoutMs?: number
  /** Each whole line of stdout and stderr as it comes, for progress of long commands. */
  readonly onLine?: (line: string) => void
}

/** A program to start and leave running. */
export interface ProcessOptions {
  /** Program and arguments; nothing is interpreted by a shell. */
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly directory: string
  /** File that stdout and stderr are appended to. */
  readonly log: string
  /**
   * `attached`: the program's stdin is held open by this process and closes with it, however it ends; the program must end itself then.
   * `detached`: it outlives this process and any connection.
   */
  readonly life: 'attached' | 'detached'
}

/** A started program. */
export interface HostProcess {
  readonly pid: number
  isAlive(): Promise<boolean>
  /** Tells the program (and what it started) to end; no error when it is gone already. */
  signal(name: 'TERM' | 'KILL'): Promise<void>
}

/** A way to a port of this machine from the host, or to a port of the host from here. Survives lost connections by being made anew. */
export interface PortForward {
  /** As the other side must call it now; it may change when a connection was lost: listen with `onChange`. */
  readonly port: number
  /** Called whenever the way was made anew, perhaps with the same port. */
  onChange(listener: (port: number) => void): void
  close(): Promise<void>
}

export interface Host {
  /** For people: "this machine" or "user@gpu1". */
  readonly name: string
  readonly isLocal: boolean
  /** Absolute folder on the host that Holdfast may use: `$HOLDFAST_CACHE`, else `~/.cache/holdfast`. */
  cacheDirectory(): Promise<string>
  /** Over ssh it is run again from the start when the connection was lost: the command must bear that. */
  run(command: readonly string[], options?: CommandOptions): Promise<CommandResult>
  start(options: ProcessOptions): Promise<HostProcess>
  /** A program started earlier, perhaps by a process that is gone. */
  attach(pid: number): Promise<HostProcess>
  /** Copies the contents of a folder of this machine into a folder of the host, made when missing. Local: nothing is copied when both are the same. */
  upload(localDirectory: string, hostDirectory: string): Promise<void>
  download(hostDirectory: string, localDirectory: string): Promise<void>
  /** Writes one file whole (temporary name, rename), readable by the user alone when `secret`. */
  writeFile(path: string, content: string, options?: { readonly secret?: boolean }): Promise<void>
  /** Bytes from `offset` to the present end; empty when the file is missing. */
  readFrom(path: string, offset: number): Promise<Uint8Array>
  exists(path: string): Promise<boolean>
  remove(path: string): Promise<void>
  /** Lets programs on the host reach a port of this machine on their own 127.0.0.1. Local: the port itself. */
  exposePort(localPort: number): Promise<PortForward>
  /** Lets this machine reach a port of the host on 127.0.0.1. Local: the port itself. */
  reachPort(hostPort: number): Promise<PortForward>
  /** Ends connections and attached programs; detached ones go on. */
  close(): Promise<void>
}
