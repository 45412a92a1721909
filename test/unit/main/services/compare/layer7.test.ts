import { expect, it } from 'vitest'
import { readLayer7 } from '../../../../../main/services/compare/layer7'
import type { CloudApi } from '../../../../../main/services/cloudApi'
import { capturedDetail, HTTP, USUAL } from '../../domain/compare/capturedDetail'

const POLICY = {
  id: 'b998d6cd-0000-4000-8000-000000000000',
  name: '',
  provisioning_status: 'ACTIVE',
  admin_state_up: true,
  action: 'REDIRECT_TO_URL',
  listener_id: HTTP,
  redirect_pool_id: null,
  redirect_url: 'https://www.example.test/',
  redirect_prefix: null,
  redirect_http_code: 301,
  rules: [{ id: 'rule' }],
}
const RULE = {
  id: 'rule',
  type: 'HEADER',
  compare_type: 'EQUAL_TO',
  key: 'X-Env',
  value: 'prod',
  invert: true,
  admin_state_up: true,
}

const apiOf = (policies: readonly object[]): CloudApi => ({
  octaviaMinor: () => 27,
  call: (_cloud, _service, { path }) =>
    Promise.resolve({
      status: 200,
      headers: {},
      durationMs: 1,
      at: 1,
      body: path.endsWith('/rules')
        ? { rules: [RULE], rules_links: [] }
        : { l7policies: policies, l7policies_links: [] },
    }),
})
const read = (policies: readonly object[]) =>
  readLayer7(apiOf(policies), 'cloud', capturedDetail(), new AbortController().signal)

it('reads policies with their goals and their rules', async () => {
  expect(await read([POLICY])).toEqual([
    {
      id: POLICY.id,
      name: '',
      listenerId: HTTP,
      adminStateUp: true,
      provisioningStatus: 'ACTIVE',
      action: 'REDIRECT_TO_URL',
      redirectUrl: 'https://www.example.test/',
      redirectHttpCode: 301,
      rules: [
        {
          id: 'rule',
          adminStateUp: true,
          type: 'HEADER',
          compareType: 'EQUAL_TO',
          key: 'X-Env',
          value: 'prod',
          invert: true,
        },
      ],
    },
  ])
})

it('leaves out policies of other load balancers, and what an older API does not tell', async () => {
  const { redirect_http_code, redirect_prefix, ...older } = POLICY
  expect([redirect_http_code, redirect_prefix]).toHaveLength(2)
  const toPool = { ...older, action: 'REDIRECT_TO_POOL', redirect_pool_id: USUAL, rules: [] }
  const elsewhere = { ...POLICY, id: 'other', listener_id: 'elsewhere' }
  const found = await read([toPool, elsewhere])
  expect(found).toHaveLength(1)
  expect(found?.[0]).toMatchObject({ redirectPoolId: USUAL, redirectHttpCode: undefined })
})
