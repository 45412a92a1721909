import { parentPort, Worker } from 'node:worker_threads'

/** The other side of a thread: structured clones of plain data, in order. */
export interface ThreadPort<Out, In> {
  post(message: Out): void
  onMessage(listener: (message: In) => void): void
}

/** A running thread, as its starter sees it. */
export interface Thread<Out, In> extends ThreadPort<Out, In> {
  /** Told once when the thread has ended, with the error that ended it. */
  onEnd(listener: (error?: Error) => void): void
  /** Returns when the thread has ended. */
  stop(): Promise<void>
}

/** Starts a thread of this process on a built JavaScript file. It does not keep the process alive. */
export function startThread<Out, In>(file: URL): Thread<Out, In> {
  const worker = new Worker(file)
  worker.unref()
  let failure: Error | undefined
  worker.on('error', (error) => (failure = error))
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.on('message', listener),
    onEnd: (listener) => worker.once('exit', () => listener(failure)),
    stop: async () => {
      await worker.terminate()
    },
  }
}

/** The starter of this thread. @throws Error outside a thread */
export function startedBy<Out, In>(): ThreadPort<Out, In> {
  if (!parentPort) throw new Error('This is the main thread.')
  const port = parentPort
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', listener),
  }
}
