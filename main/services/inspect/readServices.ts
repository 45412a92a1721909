import type { Fact } from '../../../preload/contract/common'
import type { ServiceState } from '../../../preload/contract/inspect'
import { parseUnitNames, roleOfUnit } from '../../domain/amphora/services'
import { parseUnits } from '../../domain/systemd'
import { commands } from '../commands'
import { notKnown } from '../../domain/fact'
import { inspectionCommands } from './commands'
import { factOf, type Reader } from './reader'

/** The most units that are asked about: up to Stein there is one for each listener. */
const MOST_UNITS = 600

/** Units that Octavia brings, by whatever names the image gives them. @throws AppError `cancelled` */
export async function readServices(reader: Reader): Promise<Fact<readonly ServiceState[]>> {
  const listed = await reader.run(commands.listUnits())
  if (listed.failure) return notKnown(listed.failure, listed.at, listed.evidence)
  const names = parseUnitNames(listed.stdout).slice(0, MOST_UNITS)
  if (!names.length) return notKnown('amphora.unitMissing', listed.at, listed.evidence)
  const shown = await reader.run(inspectionCommands.serviceStates(names))
  return factOf(shown, ({ stdout }) => {
    const states = parseUnits(stdout).map(({ since, load = '', ...report }) => ({
      ...report,
      ...(since !== undefined && { since: reader.ours(since) }),
      role: roleOfUnit(report.unit),
      load,
    }))
    return states.length ? states : undefined
  })
}
