import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Contract } from '../preload/contract'
import type { Handlers } from '../preload/contract/channel'
import { startDemoCloud } from './demoCloud'
import type { Host } from './host'
import { actionHandlers } from './ipc/handlers/action'
import { appHandlers } from './ipc/handlers/app'
import { auditHandlers } from './ipc/handlers/audit'
import { captureHandlers } from './ipc/handlers/capture'
import { cloudHandlers } from './ipc/handlers/cloud'
import { compareHandlers } from './ipc/handlers/compare'
import { demoHandlers } from './ipc/handlers/demo'
import { findingHandlers } from './ipc/handlers/finding'
import { inspectHandlers } from './ipc/handlers/inspect'
import { jobHandlers } from './ipc/handlers/job'
import { loadBalancerHandlers } from './ipc/handlers/loadBalancer'
import { networkHandlers } from './ipc/handlers/network'
import { pairHandlers } from './ipc/handlers/pair'
import { reviewHandlers } from './ipc/handlers/review'
import { sshHandlers } from './ipc/handlers/ssh'
import { terminalHandlers } from './ipc/handlers/terminal'
import { AxiosHttp } from './platform/axiosHttp'
import { CloudFiles } from './platform/cloudFiles'
import { JsonFile } from './platform/files'
import { keyedNumbers } from './platform/keyedNumbers'
import { openLog } from './platform/log'
import { Ssh2 } from './platform/ssh2'
import { localIdentity } from './platform/ssh/localIdentity'
import { SshConfigFile } from './platform/sshConfig'
import { listFiles, TarGzFile } from './platform/tarGzFile'
import { startThread } from './platform/thread'
import { NodeProbe } from './platform/tlsProbe'
import { Actions } from './services/actions/actions'
import { Amphorae } from './services/amphorae'
import { AuditLog } from './services/auditLog'
import { Captures } from './services/capture/captures'
import { Clouds } from './services/clouds/clouds'
import { CloudSessions } from './services/clouds/cloudSessions'
import { CloudTest } from './services/clouds/cloudTest'
import { parseOwnClouds } from './services/clouds/own'
import { Comparisons } from './services/compare/comparisons'
import { readLayer7 } from './services/compare/layer7'
import { SeenFiles } from './services/compare/seenFiles'
import { Diagnoses } from './services/diagnosis/diagnoses'
import { FindingHistory } from './services/diagnosis/findingHistory'
import { Overview } from './services/diagnosis/overview'
import { EvidenceStore } from './services/evidence'
import { HostKeys } from './services/hostKeys'
import { Inspection } from './services/inspect/inspection'
import { Jobs } from './services/jobs/jobs'
import { LoadBalancers } from './services/loadBalancers'
import { LogFollower } from './services/logFollower'
import { EpisodeLog } from './services/monitor/episodeLog'
import { Monitor } from './services/monitor/monitor'
import { Networks } from './services/networks'
import { Pairs } from './services/pairs/pairs'
import { OctaviaPairSource } from './services/pairs/source'
import { ThreadProber } from './services/probe/threadProber'
import { Prompts } from './services/prompts'
import { Notebook } from './services/review/notebook'
import { Reviews } from './services/review/sessions'
import { Uploads } from './services/review/uploads'
import { parseSealedSecrets, Secrets } from './services/secrets'
import { SettingsStore } from './services/settings'
import { SshHosts } from './services/sshHosts'
import { PromptingOperator } from './services/sshOperator'
import { SshProfiles } from './services/sshProfiles'
import { SshRoutes } from './services/sshRoutes'
import { ComputeChecks } from './services/surroundings/computeChecks'
import { NetworkChecks } from './services/surroundings/networkChecks'
import { Terminals } from './services/terminal/terminals'

/** The running console, ready to be served to pages by any host. */
export interface Console {
  handlers: Handlers<Contract>
  /** Writes a bug of ours to the console's log. */
  report: (name: string, error: unknown) => void
  /** Ends everything that runs; jobs become `interrupted` and can be resumed at the next start. */
  close(): Promise<void>
}

/**
 * Builds every service from what the host provides. This is the only place that knows how they belong together.
 * @throws AppError `store.*` when the data folder cannot be used
 */
export async function createConsole(host: Host): Promise<Console> {
  const inData = (name: string) => join(host.dataFolder, name)
  const log = openLog(host.dataFolder)
  const report = (name: string, error: unknown) => log.error({ name, err: error }, 'failed')
  const demo = host.demo ? await startDemoCloud(host.dataFolder) : undefined

  const evidence = new EvidenceStore()
  const local = localIdentity(host.environment, process.platform)
  const files = new CloudFiles(host.environment)
  const http = new AxiosHttp(host.environment)
  const audit: AuditLog = new AuditLog(
    inData('audit.jsonl'),
    `${local.user}@${hostname()}`,
    (cloud) => sessions.actor(cloud),
  )
  const clouds = new Clouds({
    files,
    environment: host.environment,
    own: new JsonFile(inData('clouds.json'), parseOwnClouds, []),
    secrets: new Secrets(
      new JsonFile(inData('secrets.json'), parseSealedSecrets, {}),
      host.secrets,
    ),
    audit,
    extra: () => (demo ? [demo.cloud] : []),
  })
  const sessions: CloudSessions = new CloudSessions({ clouds, files, http, evidence, audit })

  const prompts = new Prompts()
  const profiles = new SshProfiles(inData('ssh.json'), audit, demo?.sshProfiles)
  const hostKeys = new HostKeys(
    inData('known-hosts.json'),
    prompts,
    audit,
    async (cloud) => (await profiles.read(cloud)).acceptNewAmphorae === true,
  )
  const operator = new PromptingOperator(hostKeys, prompts)
  const connections = new Ssh2(operator)
  const routes = new SshRoutes(new SshConfigFile(local.home), local)
  const hosts = new SshHosts(profiles, routes, connections)

  const loadBalancers = new LoadBalancers(sessions)
  const amphorae = new Amphorae(sessions)
  const jobs = new Jobs({
    api: sessions,
    projectOf: (cloud) => sessions.projectOf(cloud),
    safety: sessions,
    audit,
    path: inData('jobs.json'),
    report,
  })
  const source = new OctaviaPairSource(sessions, amphorae)
  const inspection = new Inspection({ hosts, evidence, source })
  const pairs = new Pairs({
    source,
    hosts,
    hostKeys,
    evidence,
    logs: new LogFollower(hosts),
  })
  const prober = new ThreadProber(
    () => startThread(host.probeThread),
    {
      jumpRoute: (cloud) => hosts.jumpRoute(cloud),
      knownKeyType: ({ group, subject }) => operator.knownKeyType(group, subject),
      acceptHostKey: (key, signal) => operator.acceptHostKey(key, signal),
      passphrase: (question, signal) => operator.passphrase(question, signal),
      password: (question, signal) => operator.password(question, signal),
      keyboardInteractive: (question, signal) => operator.keyboardInteractive(question, signal),
    },
    (error) => report('probe', error),
  )
  const episodes = new EpisodeLog(host.dataFolder)
  const monitor = new Monitor({
    pairs,
    prober,
    episodes,
    report: (error) => report('monitor', error),
  })
  const comparisons = new Comparisons({
    ...{ loadBalancers, amphorae, inspection },
    layer7: (cloud, detail, signal) => readLayer7(sessions, cloud, detail, signal),
    seen: new SeenFiles((name) => join(host.dataFolder, 'seen', name)),
    report: (error) => report('compare', error),
  })
  const history = new FindingHistory(host.dataFolder)
  const diagnoses = new Diagnoses({
    pairs,
    loadBalancers,
    amphorae,
    network: new NetworkChecks(sessions),
    compute: new ComputeChecks(sessions),
    inspection,
    comparisons,
    history,
    report: (error) => report('diagnosis', error),
  })
  const overview = new Overview(loadBalancers, diagnoses)
  const actions = new Actions({ pairs, hosts, evidence, safety: sessions, audit })
  const captures = new Captures({
    ...{ api: sessions, hosts, evidence, episodes, audit, version: host.version },
    shelf: { create: (path) => TarGzFile.create(path), list: listFiles },
    maskNumbers: keyedNumbers,
    folderOf: (...names) => join(host.dataFolder, 'captures', ...names.map(folderName)),
  })
  const terminals = new Terminals({
    ...{ hosts, source, safety: sessions, audit },
    recordingPath: (name) => join(host.dataFolder, 'recordings', name),
  })
  const uploads = new Uploads(inData('uploads'))
  const reviews = new Reviews({
    start: () => startThread(host.reviewThread),
    uploads,
    version: host.version,
    notebook: new Notebook((name) => join(host.dataFolder, 'reviews', name)),
    report: (error) => report('review', error),
  })
  sessions.onClose((cloud) => {
    // Whoever watches over its connections ends first, so that the closing is no loss to anybody.
    diagnoses
      .close(cloud)
      .then(() => pairs.close(cloud))
      .catch((error: unknown) => report('cloud', error))
      .finally(() => {
        hosts.close(cloud)
        prober.close(cloud)
        operator.forget(cloud)
      })
  })

  return {
    handlers: {
      ...appHandlers(new SettingsStore(inData('settings.json')), {
        version: host.version,
        host: host.kind,
        platform: process.platform,
        demo: host.demo,
        secrets: host.secrets.kind,
        dataFolder: host.dataFolder,
      }),
      ...demoHandlers(demo?.faults, audit),
      ...cloudHandlers(
        clouds,
        sessions,
        new CloudTest({ files, http, probe: new NodeProbe(host.environment) }),
        profiles,
      ),
      ...networkHandlers(new Networks(sessions)),
      ...loadBalancerHandlers(loadBalancers, amphorae),
      ...jobHandlers(jobs),
      ...sshHandlers({ profiles, hosts, hostKeys, prompts }),
      ...pairHandlers(pairs, monitor, evidence),
      ...inspectHandlers(inspection),
      ...terminalHandlers(terminals),
      ...compareHandlers(comparisons),
      ...reviewHandlers(reviews, uploads),
      ...findingHandlers(diagnoses, overview, history),
      ...actionHandlers(actions),
      ...captureHandlers(captures),
      ...auditHandlers(audit),
    },
    report,
    close: async () => {
      await Promise.allSettled([monitor.close(), jobs.close(), terminals.close()])
      await Promise.allSettled([prober.stop(), diagnoses.close(), reviews.closeAll()])
      await pairs.close()
      connections.closeAll()
      await demo?.close()
    },
  }
}

/** Names come from clouds.yaml and from the API; no file system takes all of their characters, and two dots lead elsewhere. */
const folderName = (name: string): string =>
  encodeURIComponent(name)
    .replaceAll('*', '%2A')
    .replace(/^\.+$/, (dots) => dots.replaceAll('.', '%2E'))
