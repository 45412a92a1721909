import type { ServerChannel } from 'ssh2'
import type { Machine } from '../amphora/machine'
import { runLine } from '../programs/shell'

/** The window of a pty, in characters. */
export interface Window {
  columns: number
  rows: number
}

const CTRL_C = '\u0003'
const CTRL_D = '\u0004'
const CTRL_L = '\f'
const CTRL_U = '\u0015'
const BACKSPACE = '\u007f'
const CLEAR_LINE = '\r\u001b[K'
const CLEAR_SCREEN = '\u001b[2J\u001b[H'
const BEEP = '\u0007'

/** Exit status of a program that Ctrl+C has ended. */
const INTERRUPTED = 130

/**
 * A prompt that runs one program per line: echo, backspace, Ctrl+C, Ctrl+D, Ctrl+L, Ctrl+U and the lines before by the
 * arrow keys. There is no job control, no variable but `$?`, and no completion.
 */
export class ShellSession {
  private line = ''
  private escape = ''
  private status = 0
  private readonly before: string[] = []
  /** Which of the lines before is shown; past the last is the one being typed. */
  private shown = 0
  private running: AbortController | undefined
  /** From Enter to the next prompt; what is typed meanwhile waits for it, as a terminal makes it wait. */
  private isBusy = false
  private typedAhead = ''
  private readonly hungUp = new AbortController()
  private readonly prompt: string

  constructor(
    private readonly channel: ServerChannel,
    private readonly machine: Machine,
    private readonly window: () => Window,
  ) {
    this.prompt = `ubuntu@${machine.hostName}:~$ `
  }

  start(connection: AbortSignal): void {
    const { channel } = this
    channel.on('error', () => undefined)
    channel.on('close', () => this.hungUp.abort())
    connection.addEventListener('abort', () => this.hungUp.abort(), { once: true })
    // One character of UTF-8 may come in two chunks.
    channel.setEncoding('utf8')
    channel.on('data', (text: string) => {
      for (const char of text) this.type(char)
    })
    this.write(`Debian GNU/Linux 12 (demo)\r\n${this.prompt}`)
  }

  private type(char: string): void {
    if (this.isBusy) {
      if (char === CTRL_C) this.running?.abort()
      else this.typedAhead += char
    } else if (this.escape) this.typeEscape(char)
    else if (char === '\u001b') this.escape = char
    else if (char === '\r' || char === '\n') void this.enter()
    else if (char === CTRL_C) this.again('^C\r\n')
    else if (char === CTRL_D && !this.line) this.leave(this.status)
    else if (char === CTRL_L) this.show(this.line, CLEAR_SCREEN)
    else if (char === CTRL_U) this.show('')
    else if (char === BACKSPACE) this.erase()
    else if (char >= ' ') {
      this.line += char
      this.write(char)
    }
  }

  /** Arrow up and down; every other sequence is swallowed. */
  private typeEscape(char: string): void {
    this.escape += char
    const whole = /^(O.|\[[\d;?]*[@-~]|[^[O])$/.test(this.escape.slice(1))
    if (!whole) return
    const key = this.escape.at(-1)
    this.escape = ''
    const step = key === 'A' ? -1 : key === 'B' ? 1 : 0
    const wanted = this.shown + step
    if (step === 0 || wanted < 0 || wanted > this.before.length) this.write(step ? BEEP : '')
    else {
      this.shown = wanted
      this.show(this.before[wanted] ?? '')
    }
  }

  private erase(): void {
    if (!this.line) return
    this.line = this.line.replace(/.$/u, '')
    this.write('\b \b')
  }

  private show(line: string, clear = CLEAR_LINE): void {
    this.line = line
    this.write(clear + this.prompt + line)
  }

  private again(text: string): void {
    this.line = ''
    this.shown = this.before.length
    this.write(text + this.prompt)
  }

  private async enter(): Promise<void> {
    const command = this.line.trim()
    this.write('\r\n')
    if (command && command !== this.before.at(-1)) this.before.push(command)
    const leave = /^(?:exit|logout)(?:\s+(\d{1,3}))?$/.exec(command)
    if (leave) {
      this.leave(leave[1] === undefined ? this.status : Number(leave[1]) % 256)
      return
    }
    this.isBusy = true
    if (command) await this.run(command)
    if (this.hungUp.signal.aborted) return
    this.isBusy = false
    this.again('')
    const ahead = this.typedAhead
    this.typedAhead = ''
    for (const char of ahead) this.type(char)
  }

  private async run(command: string): Promise<void> {
    const { columns, rows } = this.window()
    if (command === 'clear') this.write(CLEAR_SCREEN)
    else if (command === 'stty size') this.write(`${rows} ${columns}\r\n`)
    else if (command === 'echo $?') this.write(`${this.status}\r\n`)
    else {
      const running = (this.running = new AbortController())
      const out = (text: string) => this.write(text.replaceAll('\n', '\r\n'))
      const status = await runLine(command, {
        machine: this.machine,
        out,
        err: out,
        input: () => Promise.resolve(''),
        signal: AbortSignal.any([running.signal, this.hungUp.signal]),
      })
      this.running = undefined
      if (running.signal.aborted) this.write('^C\r\n')
      this.status = running.signal.aborted ? INTERRUPTED : status
    }
  }

  private leave(status: number): void {
    this.write('logout\r\n')
    this.channel.exit(status)
    this.channel.end()
  }

  private write(text: string): void {
    if (text && this.channel.writable) this.channel.write(text)
  }
}
