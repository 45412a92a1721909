import { startDemo } from '../../main/demo/startDemo'
import { Shell } from './shell'
import type { Target } from './target'

const SPEED = 20

/** A demo cloud of its own, its control plane faster than real. */
export async function demoTarget(): Promise<Target> {
  const demo = await startDemo({ speed: SPEED })
  const { jump, amphoraUser, privateKey } = demo.ssh
  const openJump = () =>
    Shell.open({ host: jump.host, port: jump.port, username: jump.user, privateKey })
  const way = await openJump()
  return {
    name: 'demo',
    authUrl: demo.authUrl,
    admin: demo.credentials,
    member: demo.member,
    applicationCredential: demo.applicationCredential,
    speed: SPEED,
    connect: async (address) =>
      Shell.open({ sock: await way.dial(address, 22), username: amphoraUser, privateKey }),
    get: async (vip) => {
      const limit = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 1000))
      return Promise.race([limit, ask(way, vip).catch(() => undefined)])
    },
    close: async () => {
      way.close()
      await demo.close()
    },
  }
}

async function ask(way: Shell, vip: string): Promise<{ status: number; body: string }> {
  const stream = await way.dial(vip, 80)
  stream.write(`GET / HTTP/1.1\r\nHost: ${vip}\r\nConnection: close\r\n\r\n`)
  let text = ''
  for await (const chunk of stream as AsyncIterable<Buffer>) text += chunk.toString()
  const [head = '', body = ''] = text.split('\r\n\r\n')
  return { status: Number(head.split(' ')[1]), body: body.trim() }
}
