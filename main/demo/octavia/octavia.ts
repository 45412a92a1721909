import type { WebAnswer, WebRequest } from '../web/httpServer'
import { header, unauthorized, type Keystone } from '../web/keystone'
import { amphorae } from './amphorae'
import { requireReader, type Call, type Context, type Controller } from './controller'
import { healthMonitors } from './healthMonitors'
import { listeners } from './listeners'
import { loadBalancers } from './loadBalancers'
import { pools } from './pools'
import { Refusal } from './refusal'

/** Minor versions of the API and when each was made; the last one is current. */
const VERSIONS: readonly string[] = [
  '2016-12-11T00:00:00Z',
  '2018-04-20T00:00:00Z',
  '2018-07-31T00:00:00Z',
  '2018-12-18T00:00:00Z',
  '2018-12-19T00:00:00Z',
  '2019-01-21T00:00:00Z',
  '2019-01-25T00:00:00Z',
  '2018-01-25T12:00:00Z',
  '2019-02-12T00:00:00Z',
  '2019-03-04T00:00:00Z',
  '2019-03-05T00:00:00Z',
  '2019-06-24T00:00:00Z',
  '2019-09-11T00:00:00Z',
  '2019-09-13T00:00:00Z',
  '2019-11-10T00:00:00Z',
  '2020-03-10T00:00:00Z',
  '2020-03-15T00:00:00Z',
  '2020-04-29T00:00:00Z',
  '2020-04-29T01:00:00Z',
  '2020-05-12T00:00:00Z',
  '2020-08-02T00:00:00Z',
  '2020-09-03T00:00:00Z',
  '2020-09-04T00:00:00Z',
  '2020-09-07T00:00:00Z',
  '2020-10-15T00:00:00Z',
  '2021-10-02T00:00:00Z',
  '2022-08-29T00:00:00Z',
]

const QUOTA = {
  load_balancer: -1,
  listener: -1,
  member: -1,
  pool: -1,
  health_monitor: -1,
  l7policy: -1,
  l7rule: -1,
}

/** Octavia's API, v2.26 of Zed. */
export class Octavia {
  private readonly controllers: Readonly<Record<string, Controller>>

  constructor(
    context: Context,
    private readonly keystone: Keystone,
  ) {
    this.controllers = {
      'lbaas/loadbalancers': loadBalancers(context),
      'lbaas/listeners': listeners(context),
      'lbaas/pools': pools(context),
      'lbaas/healthmonitors': healthMonitors(context),
      'lbaas/providers': providers,
      'lbaas/quotas': quotas,
      'lbaas/flavors': emptyList('flavors'),
      'lbaas/availabilityzones': emptyList('availability_zones'),
      'lbaas/l7policies': emptyList('l7policies'),
      'octavia/amphorae': amphorae(context),
    }
  }

  answer(request: WebRequest): WebAnswer {
    try {
      return this.route(request)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return {
        status: error.status,
        ...(request.method !== 'HEAD' && { body: error.body }),
        ...(error.status === 405 && { headers: { Allow: 'DELETE, GET, POST, PUT' } }),
      }
    }
  }

  private route(request: WebRequest): WebAnswer {
    const { path, origin } = request
    if (path === '') return { status: 200, body: { versions: versions(origin) } }
    if (path === '/healthcheck')
      return { status: 200, body: '{\n    "detailed": false,\n    "reasons": []\n}' }
    const session = this.keystone.session(header(request, 'x-auth-token'))
    if (!session)
      return unauthorized(this.keystone.services.get('identity')?.url.replace('/v3', '') ?? '')
    if (!acceptsJson(header(request, 'accept'))) return NOT_ACCEPTABLE
    const [, version = '', tree, resource, ...rest] = path.split('/')
    if (version !== 'v2' && version !== 'v2.0') throw Refusal.hook(404, 'Not Found', null)
    const isRoot =
      tree === undefined || ((tree === 'lbaas' || tree === 'octavia') && resource === undefined)
    if (isRoot) return { status: 200, body: '"v2"' }
    const isShort = tree !== 'lbaas' && tree !== 'octavia'
    const name = isShort ? `lbaas/${tree}` : `${tree}/${resource ?? ''}`
    const controller = this.controllers[name]
    if (!controller) throw Refusal.hook(404, 'Not Found', '')
    const below = isShort ? [resource, ...rest].filter((part) => part !== undefined) : rest
    return controller({ ...request, session, rest: below })
  }
}

const acceptsJson = (accept: string | undefined): boolean =>
  accept === undefined || /\*\/\*|application\/(\*|json)/.test(accept)

const NOT_ACCEPTABLE: WebAnswer = {
  status: 406,
  body: '<html>\n <head>\n  <title>406 Not Acceptable</title>\n </head>\n <body>\n  <h1>406 Not Acceptable</h1>\n  The resource could not be generated that was acceptable to your browser\n(content of type text/html. <br /><br />\n </body>\n</html>',
  headers: { 'Content-Type': 'text/html; charset=UTF-8' },
}

const versions = (origin: string): object[] =>
  VERSIONS.map((updated, minor) => ({
    id: `v2.${minor}`,
    status: minor === VERSIONS.length - 1 ? 'CURRENT' : 'SUPPORTED',
    updated,
    links: [{ href: `${origin}/v2`, rel: 'self' }],
  }))

const providers: Controller = () => ({
  status: 200,
  body: {
    providers: [
      { name: 'amphora', description: 'The Octavia Amphora driver.' },
      { name: 'octavia', description: 'Deprecated alias of the Octavia Amphora driver.' },
    ],
  },
})

const quotas: Controller = (call: Call) => {
  const [projectId] = call.rest
  if (projectId !== undefined) {
    requireReader(call, projectId)
    return { status: 200, body: { quota: QUOTA } }
  }
  return { status: 200, body: { quotas: [], quotas_links: [] } }
}

/** A resource of which the demo cloud has none. */
const emptyList =
  (plural: string): Controller =>
  (call) => {
    const [id] = call.rest
    if (call.method !== 'GET') throw Refusal.forbidden()
    if (id !== undefined) throw Refusal.notFound(plural === 'flavors' ? 'Flavor' : 'Object', id)
    return { status: 200, body: { [plural]: [], [`${plural}_links`]: [] } }
  }
