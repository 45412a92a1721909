import type { Duplex } from 'node:stream'
import type { DemoFault, DemoState } from '../../preload/contract/app'
import type { Machine } from './amphora/machine'
import { Clock } from './clock'
import { DataPath } from './dataPath'
import { Faults } from './faults'
import { newHex } from './identity'
import { Lifecycle } from './octavia/lifecycle'
import { Octavia } from './octavia/octavia'
import { Database } from './octavia/records'
import { Pairs } from './pairs'
import { seedLoadBalancer } from './seed'
import { AmphoraServer } from './ssh/amphoraServer'
import { newKeyPair } from './ssh/hostKeys'
import { JumpHost } from './ssh/jumpHost'
import { HttpServer } from './web/httpServer'
import { Keystone } from './web/keystone'
import type { Person } from './web/people'
import { Networks } from './web/networks'
import { Neutron } from './web/neutron'
import { SecurityGroupShapes } from './web/securityGroups'

export interface DemoOptions {
  /** Milliseconds since the epoch, with fractions. @default the system's clock */
  now?: () => number
  /** How many times faster than real the control plane works; VRRP and health checks always keep their pace. @default 1 */
  speed?: number
}

export interface DemoCredentials {
  userName: string
  password: string
  projectName: string
  /** Of the user and of the project. */
  domainName: string
}

/** A running demo cloud. Everything it offers is on 127.0.0.1. */
export interface Demo {
  /** Keystone with its version, such as `http://127.0.0.1:40001/v3`. */
  authUrl: string
  region: string
  /** An administrator, who also sees the amphorae. */
  credentials: DemoCredentials
  /** The owner of the load balancers, who does not. */
  member: DemoCredentials
  /** Of the member. */
  applicationCredential: { id: string; secret: string }
  ssh: {
    /** The only way to the amphorae; takes the same key. */
    jump: { host: string; port: number; user: string }
    amphoraUser: string
    /** PEM text in OpenSSH's format, made at the start. */
    privateKey: string
  }
  faults: {
    list(): DemoState
    /** @throws AppError `octavia.notFound`, `conflict` */
    set(loadBalancerId: string, fault: DemoFault, on: boolean): void
  }
  /** The load balancers and their faults, again after each change; ends with the signal. */
  follow(signal: AbortSignal): AsyncGenerator<DemoState, void>
  /** Ends everything; nothing is left behind. */
  close(): Promise<void>
}

const AMPHORA_USER = 'ubuntu'
const JUMP_USER = 'demo'
const DOMAIN = 'Default'

/** Starts a small OpenStack with two healthy load balancers on loopback. */
export async function startDemo({ now, speed = 1 }: DemoOptions = {}): Promise<Demo> {
  const clock = new Clock(speed, now)
  const database = new Database()
  const networks = new Networks(clock)
  const { admin, member } = people()
  const credential = { id: newHex(), name: 'demo-client', secret: newHex(48), person: member }
  const keystone = new Keystone(clock, [admin, member], [credential])

  const shared = { project: admin.project.id, shared: false, hasGateway: true, start: 120 }
  const management = networks.addSubnet(
    { network: 'lb-mgmt-net', subnet: 'lb-mgmt-subnet' },
    '10.77.0',
    {
      ...shared,
      hasGateway: false,
      start: 11,
    },
  )
  const vipSubnet = networks.addSubnet(
    { network: 'PUBLIC_NET_30', subnet: 'PUBLIC_IP_30' },
    '192.168.30',
    {
      ...shared,
      shared: true,
    },
  )
  const memberSubnet = networks.addSubnet(
    { network: 'PRIVATE_NET_200', subnet: 'PRIVATE_VIP_200' },
    '192.168.220',
    { ...shared, project: member.project.id },
  )

  const pairs = new Pairs(clock, database, networks, {
    management,
    members: memberSubnet,
    serviceProject: newHex(),
  })
  const faults = new Faults(database, pairs)
  const lifecycle = new Lifecycle(clock, database, pairs)
  const octavia = new Octavia({ lifecycle, networks }, keystone)
  const neutron = new Neutron(
    networks,
    keystone,
    new SecurityGroupShapes((id) => database.listenersOf(id)),
  )
  for (const number of [1, 2]) {
    seedLoadBalancer(
      { clock, database, networks, pairs },
      number,
      member.project.id,
      vipSubnet,
      memberSubnet,
    )
  }

  const key = newKeyPair('demo')
  const servers = new Map<Machine, AmphoraServer>()
  const ssh = (machine: Machine) => (wire: Duplex) => {
    const server = servers.get(machine) ?? new AmphoraServer(machine, AMPHORA_USER, key.publicKey)
    servers.set(machine, server)
    server.connect(wire)
  }
  pairs.onRemoved((machine) => {
    clock.after(0, () => faults.publish())
    servers.get(machine)?.hangUp()
    servers.delete(machine)
  })
  const path = new DataPath(pairs, ssh)
  const jump = new JumpHost(clock, JUMP_USER, key.publicKey, (address, port) =>
    path.dial(address, port),
  )

  const web = [
    new HttpServer((request) => keystone.answer(request)),
    new HttpServer((request) => neutron.answer(request)),
    new HttpServer((request) => {
      const answer = octavia.answer(request)
      if (request.method !== 'GET') faults.publish()
      return answer
    }),
  ] as const
  const [identityUrl, networkUrl, loadBalancerUrl] = await Promise.all([
    web[0].listen(),
    web[1].listen(),
    web[2].listen(),
  ])
  keystone.services.set('identity', { name: 'keystone', url: `${identityUrl}/v3` })
  keystone.services.set('network', { name: 'neutron', url: networkUrl })
  keystone.services.set('load-balancer', { name: 'octavia', url: loadBalancerUrl })

  return {
    authUrl: `${identityUrl}/v3`,
    region: 'RegionOne',
    credentials: credentialsOf(admin),
    member: credentialsOf(member),
    applicationCredential: { id: credential.id, secret: credential.secret },
    ssh: {
      jump: { host: '127.0.0.1', port: await jump.listen(), user: JUMP_USER },
      amphoraUser: AMPHORA_USER,
      privateKey: key.privateKey,
    },
    faults: {
      list: () => faults.list(),
      set: (loadBalancerId, fault, on) => faults.set(loadBalancerId, fault, on),
    },
    follow: (signal) => faults.follow(signal),
    close: async () => {
      clock.close()
      for (const server of servers.values()) server.hangUp()
      await Promise.all([jump.close(), ...web.map((server) => server.close())])
    },
  }
}

function people(): { admin: Person; member: Person } {
  const person = (name: string, project: string, description: string, roles: string[]): Person => ({
    id: newHex(),
    name,
    password: newHex(24),
    project: { id: newHex(), name: project, description },
    roles,
  })
  return {
    admin: person('admin', 'admin', 'Bootstrap project for initializing the cloud.', [
      'reader',
      'member',
      'admin',
    ]),
    member: person('member', 'demo', '', ['reader', 'member', 'load-balancer_member']),
  }
}

const credentialsOf = ({ name, password, project }: Person): DemoCredentials => ({
  userName: name,
  password,
  projectName: project.name,
  domainName: DOMAIN,
})
