import { startedBy } from './platform/thread'
import { serveReview } from './services/review/threadSide'

serveReview(startedBy())
