import type { HttpAnswer } from '../../main/platform/http'
import type { ApiCall, CloudApi } from '../../main/services/cloudApi'

/** An API whose answers a test writes down; `calls` holds what it was asked. */
export function scriptedReading(answer: (call: ApiCall, number: number) => unknown) {
  const calls: ApiCall[] = []
  const api: CloudApi = {
    octaviaMinor: () => 26,
    call: (_cloud, _service, call): Promise<HttpAnswer> => {
      calls.push(call)
      const number = calls.length
      return new Promise((resolve) => {
        const body = answer(call, number)
        resolve({
          status: 200,
          headers: {},
          body,
          requestId: `req-${number}`,
          at: number,
          durationMs: 1,
        })
      })
    },
  }
  return { api, calls }
}
