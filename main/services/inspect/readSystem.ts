import type { Fact } from '../../../preload/contract/common'
import type { SystemFacts } from '../../../preload/contract/inspect'
import { parseContents } from '../../domain/amphora/files'
import { parseKernelMessages } from '../../domain/amphora/logs'
import {
  parseAgentVersion,
  parseBootTime,
  parseDisks,
  parseDistribution,
  parseHaproxyVersion,
  parseKeepalivedVersion,
  parseLoad,
  parseMemory,
  parseProcessors,
  parsePythonVersion,
  parseUname,
} from '../../domain/amphora/system'
import { inspectionCommands, SYSTEM_FILES } from './commands'
import { mapFact } from '../../domain/fact'
import { factOf, type Reader, type Reply } from './reader'

/** The machine itself; all of it without sudo, but for kernel messages on some images. @throws AppError `cancelled` */
export async function readSystem(reader: Reader): Promise<SystemFacts> {
  const [name, files, disks, boot, kernel, versions] = await Promise.all([
    reader.run(inspectionCommands.uname()),
    // Exit status 1: one of the files is missing.
    reader.run(inspectionCommands.system(), { accept: [1] }),
    reader.run(inspectionCommands.disks(), { accept: [1] }),
    reader.run(inspectionCommands.bootTime()),
    reader.runEither(inspectionCommands.kernelMessages),
    readVersions(reader),
  ])
  const uname = factOf(name, ({ stdout }) => parseUname(stdout))
  const texts = parseContents(files.stdout, SYSTEM_FILES)
  const fromFile = <T>(path: string, parse: (text: string) => T | undefined): Fact<T> =>
    factOf(files, () => parse(texts.get(path) ?? ''))
  const stat = fromFile('/proc/stat', parseProcessors)
  return {
    hostname: mapFact(uname, (value) => value.hostname),
    kernel: mapFact(uname, (value) => value.kernel),
    distribution: fromFile('/etc/os-release', parseDistribution),
    bootedAt: factOf(boot, ({ stdout }) => {
      const at = parseBootTime(stdout)
      return at === undefined ? undefined : reader.ours(at)
    }),
    versions,
    load: fromFile('/proc/loadavg', parseLoad),
    processors: mapFact(stat, ({ count }) => count),
    memory: fromFile('/proc/meminfo', parseMemory),
    disks: factOf(disks, ({ stdout }) => parseDisks(stdout)),
    kernelMessages: factOf(kernel, ({ stdout }) =>
      parseKernelMessages(stdout).map(({ at, text }) => ({ at: reader.ours(at), text })),
    ),
    steal: fromFile('/proc/stat', (text) => parseProcessors(text)?.steal),
  }
}

async function readVersions(reader: Reader): Promise<SystemFacts['versions']> {
  const [keepalived, haproxy, python, agent] = await Promise.all([
    reader.run(inspectionCommands.keepalivedVersion()),
    reader.run(inspectionCommands.haproxyVersion()),
    reader.run(inspectionCommands.pythonVersion()),
    // Exit status 1: a folder is missing.
    reader.run(inspectionCommands.agentPackage(), { accept: [1] }),
  ])
  // keepalived tells its version on standard error.
  const version = ({ stdout, stderr }: Reply, parse: (text: string) => string | undefined) =>
    parse(stdout) ?? parse(stderr)
  const found = {
    keepalived: version(keepalived, parseKeepalivedVersion),
    haproxy: version(haproxy, parseHaproxyVersion),
    python: version(python, parsePythonVersion),
    agent: version(agent, parseAgentVersion),
  }
  const value = Object.fromEntries(
    Object.entries(found).filter(([, version]) => version !== undefined),
  ) as Record<string, string>
  const { at, evidence } = keepalived
  if (!Object.keys(value).length) {
    return factOf<typeof value>(keepalived, () => undefined)
  }
  return { value, at, ...(evidence !== undefined && { evidence }) }
}
