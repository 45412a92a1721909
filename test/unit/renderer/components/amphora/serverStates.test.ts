import { expect, it } from 'vitest'
import {
  administrationOf,
  operationOf,
} from '../../../../../renderer/components/amphora/serverStates'

it('says what haproxy does with a server, and nothing of a state nobody knows', () => {
  expect(['0', '1', '2', '3'].map(operationOf)).toEqual([
    ...['stopped', 'starting', 'running', 'stopping'],
  ])
  expect(['', '9', 'x', undefined].map(operationOf)).toEqual(Array(4).fill(undefined))
})

it('says each reason for which a server is out of use', () => {
  expect(administrationOf('0')).toEqual(['inUse'])
  // What a `disabled` server showed.
  expect(administrationOf('5')).toEqual(['forcedMaintenance', 'configuredMaintenance'])
  expect(administrationOf('64')).toEqual(['inUse'])
  expect(administrationOf('')).toBeUndefined()
  expect(administrationOf('up')).toBeUndefined()
})
