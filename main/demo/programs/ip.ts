import { loopback, type NetworkEvent } from '../amphora/interfaces'
import { microTime } from '../timestamps'
import { addressJson, addressText, linkJson, linkText, monitorLine } from './ipLinks'
import { neighbours, routes, rules, toText } from './ipRoutes'
import { hangUp, type Invocation, type Program } from './program'

interface Options {
  json: boolean
  namespace: string | undefined
  stamps: boolean
  statistics: boolean
  family: 'inet' | 'inet6' | undefined
}

const familyOf = (name = ''): Options['family'] =>
  name === 'inet6' ? 'inet6' : name === 'inet' ? 'inet' : undefined

const OBJECTS = ['address', 'link', 'route', 'rule', 'neighbour', 'netns', 'monitor']

/** `ip`: iproute2 6.1, as far as an operator asks it about an amphora. */
export const ip: Program = async (call) => {
  const options: Options = {
    json: false,
    namespace: undefined,
    stamps: false,
    statistics: false,
    family: undefined,
  }
  const rest = [...call.argv]
  while (rest[0]?.startsWith('-')) {
    const option = rest.shift()?.replace(/^--?/, '') ?? ''
    if (option === 'n' || option === 'netns') options.namespace = rest.shift()
    else if (/^j(son)?$/.test(option)) options.json = true
    else if (/^t(s|short|imestamp)?$/.test(option)) options.stamps = true
    else if (/^s(tats|tatistics)?$/.test(option)) options.statistics = true
    else if (option === 'f' || option === 'family') options.family = familyOf(rest.shift())
    else if (option === '4') options.family = 'inet'
    else if (option === '6') options.family = 'inet6'
    else if (!/^(o(neline)?|d(etails)?|p(retty)?|br(ief)?|c(olor)?.*|N)$/.test(option)) {
      call.err(`Option "-${option}" is unknown, try "ip -help".\n`)
      return 255
    }
  }
  if (options.namespace !== undefined && options.namespace !== 'amphora-haproxy') {
    call.err(`Cannot open network namespace "${options.namespace}": No such file or directory\n`)
    return 255
  }
  if (options.namespace && !call.root) {
    call.err('setting the network namespace "amphora-haproxy" failed: Operation not permitted\n')
    return 255
  }
  const word = rest.shift() ?? ''
  const object = OBJECTS.find((name) => word && name.startsWith(word))
  if (object === 'netns') return listNamespaces(call, options)
  if (object === 'monitor') return monitor(call, options, rest)
  if (!object) {
    call.err(`Object "${word}" is unknown, try "ip help".\n`)
    return 1
  }
  return show(call, options, object, rest)
}

function listNamespaces(call: Invocation, { json }: Options): number {
  call.out(json ? '[{"name":"amphora-haproxy","id":2}]\n' : 'amphora-haproxy (id: 2)\n')
  return 0
}

function show(call: Invocation, options: Options, object: string, rest: string[]): number {
  const { machine } = call
  const words = rest.filter((word) => !['show', 'list', 'ls', 'sh', 's'].includes(word))
  const links = options.namespace ? [loopback(), ...machine.namespace.links] : machine.outer
  const print = (entries: readonly object[], text: () => string) => {
    call.out(options.json ? `${JSON.stringify(entries)}\n` : text())
    return 0
  }
  if (object === 'address' || object === 'link') {
    const name = words[0] === 'dev' ? words[1] : words[0]
    const chosen = name ? links.filter((link) => link.name === name) : links
    if (name && !chosen.length) {
      call.err(`Device "${name}" does not exist.\n`)
      return 1
    }
    return object === 'address'
      ? print(
          chosen.map((link) => addressJson(link, options.family, options.statistics)),
          () => chosen.map(addressText).join(''),
        )
      : print(
          chosen.map((link) => linkJson(link, options.statistics)),
          () => chosen.map((link) => linkText(link)).join(''),
        )
  }
  const namespace = options.namespace ? machine.namespace : undefined
  const entries =
    object === 'rule'
      ? rules(options.family === 'inet6' ? undefined : namespace)
      : object === 'neighbour'
        ? neighbours(machine, namespace)
        : routes(machine, namespace, table(words), options.family)
  return print(entries, () => toText(object, entries))
}

const table = (words: readonly string[]): string => {
  const at = words.indexOf('table')
  return at < 0 ? 'main' : (words[at + 1] ?? 'main')
}

async function monitor(call: Invocation, options: Options, objects: string[]): Promise<number> {
  const kinds = (objects.length ? objects : ['all']).map(
    (word) => [...OBJECTS, 'all'].find((name) => name.startsWith(word)) ?? word,
  )
  const wanted = (event: NetworkEvent) => kinds.includes('all') || kinds.includes(event.kind)
  if (!options.namespace) {
    await hangUp(call.signal)
    return 0
  }
  const stop = call.machine.namespace.follow((event) => {
    if (!wanted(event)) return
    const stamp = options.stamps ? `[${microTime(call.machine.clock.now())}] ` : ''
    call.out(`${stamp}${monitorLine(event)}\n`)
  })
  await hangUp(call.signal)
  stop()
  return 0
}
