import { expect, it } from 'vitest'
import { parseAnswer } from '../../../../../main/services/probe/httpAnswer'

it.each([
  ['HTT', false, undefined],
  ['HTTP/1.1 200 OK\r\nServer: x', false, undefined],
  ['HTTP/1.1 200 OK\r\n\r\nhal', false, undefined],
  ['HTTP/1.1 200 OK\r\n\r\nhal', true, { status: 200, body: 'hal' }],
  ['HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhal', false, { status: 200, body: 'hal' }],
  ['HTTP/1.1 200 OK\r\n\r\nfirst\r\nsecond', false, { status: 200, body: 'first' }],
  ['HTTP/1.0 404 Not Found\n\n', true, { status: 404, body: '' }],
  [
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nweb1\n\r\n0\r\n\r\n',
    false,
    { status: 200, body: 'web1' },
  ],
  ['SSH-2.0-OpenSSH', false, 'notHttp'],
  ['HTTP/1.1 abc\r\n\r\n', false, 'notHttp'],
  ['HTTP/1.1 200 OK\r\n', true, 'notHttp'],
] as const)('reads %j', (text, whole, answer) => {
  expect(parseAnswer(text, whole)).toEqual(answer)
})

it('keeps at most 80 characters of the line, in UTF-8', () => {
  const text = Buffer.from(`HTTP/1.0 200 OK\r\n\r\n${'é'.repeat(100)}\n`).toString('latin1')
  expect(parseAnswer(text, false)).toEqual({ status: 200, body: 'é'.repeat(80) })
})
