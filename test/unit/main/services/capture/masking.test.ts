import { describe, expect, it } from 'vitest'
import { keyedNumbers } from '../../../../../main/platform/keyedNumbers'
import { Masking } from '../../../../../main/services/capture/masking'

const ID = '3f0d6c1e-5b5c-4a53-8f0e-1d2b3c4d5e61'
const fresh = () => new Masking(keyedNumbers())
const networkOf = (address: string) => address.split('.').slice(0, 3).join('.')

describe('masking', () => {
  it('replaces the same by the same, and with another key by something else', () => {
    const one = fresh()
    const text = `amphora-${ID} 10.77.1.11 fd00:77::11 02:4f:1a:2b:3c:4d`
    const masked = one.mask(text)
    expect(one.mask(text)).toBe(masked)
    expect(fresh().mask(text)).not.toBe(masked)
    for (const word of text.split(' ')) expect(masked).not.toContain(word.replace('amphora-', ''))
    expect(masked).toMatch(/^amphora-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12} /)
  })

  it('knows an id without its dashes', () => {
    const masking = fresh()
    const masked = masking.mask(ID)
    expect(masking.mask(ID.replaceAll('-', ''))).toBe(masked.replaceAll('-', ''))
  })

  it('keeps addresses of one network in one network, and different ones different', () => {
    const masking = fresh()
    const all = Array.from({ length: 254 }, (_, index) => `10.${index + 1}.5.7`)
    const masked = all.map((address) => masking.mask(address))
    expect(new Set(masked).size).toBe(all.length)
    const [a = '', b = '', network = ''] = ['10.77.1.11', '10.77.1.12', '10.77.1.0/24'].map(
      (text) => masking.mask(text),
    )
    expect(networkOf(a)).toBe(networkOf(b))
    expect(network).toBe(`${networkOf(a)}.0/24`)
    expect(networkOf(masking.mask('10.77.2.11'))).not.toBe(networkOf(a))
    const [six = '', net = ''] = ['2001:db8:77::11', '2001:db8:77::/64'].map((text) =>
      masking.mask(text),
    )
    expect(six.startsWith(net.replace('/64', ''))).toBe(true)
  })

  it.each([
    '127.0.0.1',
    '0.0.0.0/0',
    '224.0.0.18',
    '169.254.169.254',
    '::1',
    '::/0',
    'ff02::12',
    '01:00:5e:00:00:12',
    '00:00:5e:00:01:01',
    '2.2.7',
    '14:03:22',
    '.1.3.6.1.4.1.9586',
    'keepalived eth1 priority 100',
  ])('leaves what is nobody’s: %s', (text) => {
    expect(fresh().mask(text)).toBe(text)
  })

  it('finds an address with a port, however that is written', () => {
    const masking = fresh()
    const bare = masking.mask('10.77.0.3')
    expect(masking.mask('IP 10.77.0.3.5555 > 10.77.0.3:80,')).toBe(`IP ${bare}.5555 > ${bare}:80,`)
  })

  it('replaces what people call things, there and wherever it stands by itself', () => {
    const masking = fresh()
    const body = masking.maskValue({
      ...{ name: 'shop-frontend', description: 'for ACME', admin_state_up: true },
      ports: [{ name: 'octavia-lb-vrrp-1', 'binding:host_id': 'compute17' }],
    })
    expect(body).toEqual({
      ...{ name: 'name-1', description: 'name-2', admin_state_up: true },
      ports: [{ name: 'octavia-lb-vrrp-1', 'binding:host_id': 'name-3' }],
    })
    expect(masking.mask('shop-frontend on compute17, shop-frontends')).toBe(
      'name-1 on name-3, shop-frontends',
    )
  })
})
