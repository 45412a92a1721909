import { describe, expect, it } from 'vitest'
import { parseHaproxyAnswers, parseStat } from '../../../../../main/domain/amphora/haproxyAnswers'
import { capture } from '../captures'

const BACKEND = 'c52b1a7e-9d0e-4b7a-8c7b-5a6f7e8d9c01:4f9c2a6d-3b1e-4c8f-a2d7-6e5b4a392817'

describe('answers of the statistics socket', () => {
  const all = parseHaproxyAnswers(capture('amphora/haproxy.txt'))

  it('are taken apart when they come on one connection', () => {
    expect(all.info).toMatchObject({ Name: 'HAProxy', Maxconn: '2000', 'Unstoppable Jobs': '1' })
    expect(all.stat!.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
      ...['frontend OPEN', 'server UP', 'server UP', 'backend UP'],
    ])
    expect(all.servers).toHaveLength(2)
    expect(all.servers![0]).toMatchObject({ be_name: BACKEND, srv_check_status: '15' })
    expect(all.peers).toMatch(/^0x562ec1cdfb40: \[.*_peers[\s\S]*state=EST\n[\s\S]*flags=0x0\n$/)
  })

  it('have every column by its name', () => {
    expect(all.stat![1]).toMatchObject({
      proxy: BACKEND,
      name: 'e1a1c7de-1111-4c2b-9b1c-0a0000000021',
      columns: { chkfail: '13', check_status: 'L7OK', check_desc: 'Layer7 check passed' },
    })
  })

  it('are only what was answered', () => {
    const text = 'Permission denied\n\n# pxname,svname,status,type,\na,FRONTEND,OPEN,0,\n\n'
    expect(parseHaproxyAnswers(text)).toEqual({
      stat: [
        expect.objectContaining({ kind: 'frontend', proxy: 'a', name: 'FRONTEND', status: 'OPEN' }),
      ],
    })
    expect(parseHaproxyAnswers('')).toEqual({})
  })

  it('keep a refused question out of the answer before it', () => {
    const text =
      '1\n# be_id be_name srv_id srv_name srv_addr\n3 b 1 s 10.0.0.1\n\nUnknown command: x\n'
    expect(parseHaproxyAnswers(text).servers).toEqual([
      { be_id: '3', be_name: 'b', srv_id: '1', srv_name: 's', srv_addr: '10.0.0.1' },
    ])
  })
})

describe('the CSV of other releases', () => {
  it('may have columns in between, and none for the type', () => {
    expect(
      parseStat('# pxname,svname,srid,status,\np,BACKEND,7,DOWN,\np,m,8,UP 1/3,\n')?.map(
        ({ kind, status, columns }) => [kind, status, columns['srid']],
      ),
    ).toEqual([
      ['backend', 'DOWN', '7'],
      ['server', 'UP 1/3', '8'],
    ])
  })

  it('may quote what holds commas and quotes', () => {
    const [row] = parseStat(
      '# pxname,svname,last_chk,status,type,\np,m,"got ""x"", twice",DOWN,2,\n',
    )!
    expect(row!.columns['last_chk']).toBe('got "x", twice')
    expect(row!.status).toBe('DOWN')
  })

  it('may be cut in the middle of a quote', () => {
    expect(parseStat('# pxname,svname,status,type,last_chk,\np,m,UP,2,"Layer7 ch')).toEqual([
      expect.objectContaining({
        columns: expect.objectContaining({ last_chk: 'Layer7 ch' }) as object,
      }),
    ])
  })
})
