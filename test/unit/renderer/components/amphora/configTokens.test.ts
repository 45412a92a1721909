import { describe, expect, it } from 'vitest'
import {
  languageOf,
  tokensOf,
  type Language,
} from '../../../../../renderer/components/amphora/configTokens'

/** Captures of Octavia 11.0.0, keepalived 2.2.7, haproxy 2.6.12, Debian 12. */
const captures = import.meta.glob<string>('/test/fixtures/configurations/**/*.{cfg,conf}', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const LANGUAGES: readonly Language[] = ['keepalived', 'haproxy', 'ini', 'shell', 'json', 'plain']
const kinds = (line: string, language: Language) =>
  tokensOf(line, language)
    .filter(({ text }) => text.trim() !== '')
    .map(({ kind, text }) => `${kind} ${text.trim()}`)

describe('the pieces of a line', () => {
  it.each(Object.entries(captures))('joined again are the line: %s', (_path, text) => {
    for (const language of LANGUAGES)
      for (const line of text.split('\n'))
        expect(
          tokensOf(line, language)
            .map((token) => token.text)
            .join(''),
        ).toBe(line)
  })

  it('tell sections, settings, ids, addresses and numbers of haproxy apart', () => {
    const id = '843def15-112c-4af5-a196-df983e8e5c99'
    expect(kinds(`frontend ${id}`, 'haproxy')).toEqual(['section frontend', `id ${id}`])
    expect(kinds('    bind 192.168.30.101:80', 'haproxy')).toEqual([
      'keyword bind',
      'address 192.168.30.101:80',
    ])
    expect(kinds('    timeout server 50000ms # slow', 'haproxy')).toEqual([
      'keyword timeout',
      'text server',
      'number 50000ms',
      'comment # slow',
    ])
  })

  it('tell blocks and settings of keepalived apart, and know an id without dashes', () => {
    const id = '77a3ab5d7eea474a904906a41a0dca52'
    expect(kinds(`vrrp_instance ${id} {`, 'keepalived')).toEqual([
      'section vrrp_instance',
      `id ${id}`,
      'text {',
    ])
    expect(kinds('        192.168.30.218', 'keepalived')).toEqual(['address 192.168.30.218'])
    expect(kinds('  auth_pass ‹removed›', 'keepalived')).toEqual([
      'keyword auth_pass',
      'redacted ‹removed›',
    ])
    expect(kinds('! a remark', 'keepalived')).toEqual(['comment ! a remark'])
  })

  it('take a sign inside quotes for no comment, and half a line of an ini file for none either', () => {
    expect(kinds('echo "a # b" # c', 'shell')).toEqual([
      'text echo',
      'string "a # b"',
      'comment # c',
    ])
    expect(kinds('key = a # b', 'ini')).toEqual(['keyword key', 'text = a # b'])
    expect(kinds('# whole', 'ini')).toEqual(['comment # whole'])
    expect(kinds('[health_manager]', 'ini')).toEqual(['section [health_manager]'])
  })

  it('tell the words of a shell and the names of JSON', () => {
    expect(kinds('if true; then', 'shell')).toEqual(['keyword if', 'text true;', 'keyword then'])
    expect(kinds('  "mtu": 1500,', 'json')).toEqual([
      'keyword "mtu"',
      'text :',
      'number 1500',
      'text ,',
    ])
  })

  it('grow no faster than the line', () => {
    // Each is what an unlucky expression would try again from every place.
    for (const bad of ['"', "'", ':', '1.', 'a:', '\\"', '[', 'ff:'])
      for (const language of LANGUAGES) {
        const line = bad.repeat(60_000)
        expect(
          tokensOf(line, language)
            .map((token) => token.text)
            .join('').length,
        ).toBe(line.length)
      }
  })
})

it('knows how a file is written by what it is for, and by its name', () => {
  expect(languageOf({ kind: 'interface', path: '/etc/octavia/interfaces/eth1.json' })).toBe('json')
  expect(languageOf({ kind: 'checkScript', path: '/var/lib/octavia/vrrp/check' })).toBe('shell')
  expect(languageOf({ kind: 'lvs', path: '/var/lib/octavia/lvs/x.conf' })).toBe('keepalived')
  expect(languageOf({ kind: 'other', path: '/etc/motd' })).toBe('plain')
})
