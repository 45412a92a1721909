import { startedBy } from './platform/thread'
import { serveReview } from './services/review/threadSide'
import { wordsIn } from './words'

serveReview(startedBy(), wordsIn)
