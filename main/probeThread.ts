import { startedBy } from './platform/thread'
import { serveProbes } from './services/probe/threadSide'

serveProbes(startedBy())
