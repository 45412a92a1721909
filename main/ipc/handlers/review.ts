import type { Contract } from '../../../preload/contract'
import type { Handlers } from '../../../preload/contract/channel'
import type { Reviews } from '../../services/review/sessions'
import type { Uploads } from '../../services/review/uploads'

type Entries = Extract<keyof Contract, `review.${string}`>

/** Answers what the page asks of evidence in files. */
export const reviewHandlers = (reviews: Reviews, uploads: Uploads) =>
  ({
    'review.uploadStart': async () => ({ upload: await uploads.start() }),
    'review.upload': ({ upload, ...piece }) => uploads.append(upload, piece),
    'review.uploadCancel': ({ upload }) => uploads.remove(upload),
    'review.open': ({ sources }, signal) => reviews.open(sources, signal),
    'review.follow': (_input, signal) => reviews.follow(signal),
    'review.read': ({ id }) => reviews.read(id),
    'review.timeline': ({ id, loadBalancerId }) => reviews.timeline(id, loadBalancerId),
    'review.log': ({ id, query, place, count }) => reviews.ask(id, 'log', { query, place, count }),
    'review.find': ({ id, query, what, from, direction }) =>
      reviews.ask(id, 'find', { query, what, from, direction }),
    'review.file': ({ id, file, line }) => reviews.ask(id, 'file', { file, line }),
    'review.compare': ({ id, before }) => reviews.compare(id, before),
    'review.notes': ({ id }) => reviews.notes(id),
    'review.saveNote': ({ id, note }) => reviews.saveNote(id, note),
    'review.removeNote': ({ id, note }) => reviews.removeNote(id, note),
    'review.settings': ({ id, clocks }) => reviews.setClocks(id, clocks),
    'review.export': ({ id, format, language }) => reviews.report(id, format, language),
    'review.close': ({ id }) => reviews.close(id),
  }) satisfies Pick<Handlers<Contract>, Entries>
