import { action } from './action'
import { app } from './app'
import { capture } from './capture'
import { cloud } from './cloud'
import { compare } from './compare'
import { finding } from './finding'
import { inspect, terminal } from './inspect'
import { job } from './job'
import { loadBalancer } from './loadBalancer'
import { network } from './network'
import { pair } from './pair'
import { review } from './review'
import { ssh } from './ssh'

/** Everything the page may ask of main; one table, so that a name found here is found everywhere. */
export const contract = {
  ...app,
  ...cloud,
  ...network,
  ...loadBalancer,
  ...inspect,
  ...terminal,
  ...job,
  ...ssh,
  ...pair,
  ...action,
  ...finding,
  ...compare,
  ...review,
  ...capture,
}
export type Contract = typeof contract
